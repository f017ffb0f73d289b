"""Promises about products that are saved again: whatever they were, they are what is wanted now."""

from dataclasses import replace

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from store.catalog.described import described_by_handle
from store.catalog.drafts import DraftRefusedError, ProductDraft, VariantDraft, settled
from store.catalog.models import Product, Variant
from store.catalog.prices.models import PriceEntry
from store.catalog.saving import save_product, save_products
from store.catalog.search_index import index_everything
from store.clock import FixedClock
from store.database import db, writing
from store.inventory import stock
from tests.builders import aud
from tests.catalog.drafting import drafts
from tests.catalog.undoing import UndoneError

ANYTHING = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@st.composite
def with_other_columns(draw: st.DrawFn, draft: ProductDraft) -> ProductDraft:
    """Return the same goods, of which only what they say and cost may differ."""
    other = draw(drafts(1))
    variants = tuple(
        draw(st.sampled_from([variant, settled(_as_said(other.variants[0], variant))]))
        for variant in draft.variants
    )
    return replace(
        other,
        options=draft.options,
        tags=draft.tags,
        pictures=draft.pictures,
        variants=variants,
        title=draw(st.sampled_from([draft.title, other.title])),
        body=draw(st.sampled_from([draft.body, other.body])),
    )


def _as_said(said: VariantDraft, variant: VariantDraft) -> VariantDraft:
    return replace(said, values=variant.values, pictures=variant.pictures, sku=variant.sku)


@pytest.mark.slow
@pytest.mark.parametrize("is_of_columns", [True, False], ids=["columns", "anything"])
@ANYTHING
@given(data=st.data())
def test_product_ends_as_what_was_wanted_last(
    app: Flask, clock: FixedClock, data: st.DataObject, *, is_of_columns: bool
) -> None:
    first = data.draw(drafts(1))
    last = data.draw(with_other_columns(first) if is_of_columns else drafts(1))
    never_saved = replace(last, handle="never-saved-before", variants=_without_skus(last))

    with pytest.raises(UndoneError), writing() as session:
        held = save_product(first, clock)
        before = {variant.variant_id: variant for variant in described("product-1").variants}
        (saved, _new) = save_products([last, never_saved], clock)

        now = described("product-1")
        assert now == replace(
            described("never-saved-before"), handle="product-1", variants=now.variants
        )
        assert _without_skus(now) == described("never-saved-before").variants
        assert [v.sku for v in now.variants] == [v.sku for v in last.variants]
        assert saved.variant_ids == {v.combination: v.variant_id for v in now.variants}
        # Whoever holds it sees it as it is, and each counted variant has a level.
        assert held is session.get(Product, saved.product_id)
        assert (held.title, held.body, held.status) == (last.title, last.body, last.status)
        assert [v.sku for v in held.variants] == [v.sku for v in last.variants]
        assert set(stock.levels(list(saved.variant_ids.values()))) == {
            v.variant_id for v in now.variants if v.tracked
        }
        for variant in now.variants:
            assert_history_tells(variant, before.get(variant.variant_id))
        assert_index_is_true()
        raise UndoneError


def _without_skus(draft: ProductDraft) -> tuple[VariantDraft, ...]:
    return tuple(replace(variant, sku=None) for variant in draft.variants)


def described(handle: str) -> ProductDraft:
    return described_by_handle([handle])[handle].draft


def assert_history_tells(now: VariantDraft, before: VariantDraft | None) -> None:
    """Assert that each price has one entry, and the last is the one that holds."""
    entries = db.session.scalars(
        select(PriceEntry).where(PriceEntry.variant_id == now.variant_id).order_by(PriceEntry.id)
    ).all()
    prices = [] if before is None else [(before.price, before.compare_at)]
    if (now.price, now.compare_at) not in prices:
        prices.append((now.price, now.compare_at))
    assert [(one.price, one.is_reduced) for one in entries] == [
        (price, compare_at is not None) for price, compare_at in prices
    ]
    variant = db.session.get_one(Variant, now.variant_id)
    assert (variant.price, variant.compare_at) == (now.price, now.compare_at)


def assert_index_is_true() -> None:
    kept = _indexed()
    index_everything()
    assert kept == _indexed()


def _indexed() -> list[str]:
    return sorted(
        str(tuple(row)) for row in db.session.execute(text("SELECT * FROM product_search"))
    )


def test_one_product_is_not_saved_as_two_things_at_once(app: Flask, clock: FixedClock) -> None:
    draft = ProductDraft(handle="mug", title="Mug", variants=(VariantDraft(price=aud(20)),))

    with pytest.raises(DraftRefusedError, match="two products are mug"), writing():
        save_products([draft, replace(draft, title="Jug")], clock)
