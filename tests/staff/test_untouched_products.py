"""Whatever a product looks like, the form that nobody touched changes nothing of it."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.catalog.drafts import OptionDraft, ProductDraft, ValueDraft, VariantDraft
from store.catalog.models import Product, ProductStatus, StockPolicy
from store.catalog.saving import save_product
from store.database import db, writing
from store.money import Money
from store.staff.product_values import values_of
from tests.shop import Shop
from tests.staff.product_forms import opened
from tests.staffing import at_the_desk

# What a database can hold and somebody once imported, typed or pasted.
texts = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=20
)
moments = st.integers(1_500_000_000, 1_900_000_000).map(lambda at: datetime.fromtimestamp(at, UTC))
_numbers = count(1)
currencies = st.sampled_from(["AUD", "JPY", "KWD"])


@st.composite
def options(draw: st.DrawFn) -> tuple[OptionDraft, ...]:
    names = draw(st.lists(texts, max_size=3, unique=True))
    return tuple(
        OptionDraft(
            name,
            tuple(
                ValueDraft(value, draw(st.sampled_from(["", "#1d3b6f", "#ABCDEF"])))
                for value in draw(st.lists(texts, min_size=1, max_size=3, unique=True))
            ),
        )
        for name in names
    )


@st.composite
def variants(draw: st.DrawFn, chosen: tuple[OptionDraft, ...]) -> tuple[VariantDraft, ...]:
    combinations: list[tuple[str, ...]] = [()]
    for option in chosen:
        combinations = [(*c, value) for c in combinations for value in option.value_names]
    kept = draw(st.permutations(combinations))[: draw(st.integers(1, len(combinations)))]
    unique = {" / ".join(values): values for values in kept}
    currency = draw(currencies)
    prices = st.integers(0, 99_999_999)
    made = []
    for number, values in enumerate(unique.values()):
        price = draw(prices)
        dearer = draw(st.one_of(st.none(), st.integers(price + 1, 100_000_000)))
        made.append(
            VariantDraft(
                price=Money(price, currency),
                compare_at=None if dearer is None else Money(dearer, currency),
                values=values,
                sku=draw(st.sampled_from([None, f"{number}{draw(texts)}"])),
                barcode=draw(st.one_of(st.just(""), texts)),
                weight_grams=draw(st.integers(0, 10_000_000)),
                requires_shipping=draw(st.booleans()),
                taxable=draw(st.booleans()),
                tracked=draw(st.booleans()),
                policy=draw(st.sampled_from(StockPolicy)),
            )
        )
    return tuple(made)


@st.composite
def products(draw: st.DrawFn) -> ProductDraft:
    chosen = draw(options())
    return ProductDraft(
        handle="any",
        title=draw(texts),
        options=chosen,
        variants=draw(variants(chosen)),
        body=draw(st.one_of(st.just(""), texts, st.just("\n\r\n two\r lines \n"))),
        status=draw(st.sampled_from(ProductStatus)),
        published_at=draw(st.one_of(st.none(), moments)),
        product_type=draw(st.one_of(st.just(""), texts)),
        vendor=draw(st.one_of(st.just(""), texts)),
        seo_title=draw(st.one_of(st.just(""), texts)),
        tags=tuple(draw(st.lists(texts, max_size=3, unique=True))),
    )


@pytest.mark.slow
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(draft=products())
def test_an_untouched_form_changes_nothing(shop: Shop, draft: ProductDraft) -> None:
    browser = at_the_desk(shop)
    number = saved(shop, draft)
    before = whole(shop, number)

    status = resent(browser, f"/staff/products/{number}")

    assert status == 303
    assert whole(shop, number) == before


def saved(shop: Shop, draft: ProductDraft) -> int:
    """Save it beside the examples before, under an address and skus of its own."""
    number = next(_numbers)
    variants = tuple(
        replace(variant, sku=f"{number}-{variant.sku}") if variant.sku else variant
        for variant in draft.variants
    )
    with shop.app.app_context(), writing():
        own = replace(draft, handle=f"any-{number}", variants=variants)
        return save_product(own, shop.clock).id


def whole(shop: Shop, number: int) -> dict[str, object]:
    with shop.app.app_context():
        product = db.session.get_one(Product, number)
        return values_of(product) | {"updated_at": product.updated_at}


def resent(browser: FlaskClient, page: str) -> int:
    return browser.post(page, data=opened(browser, page)).status_code
