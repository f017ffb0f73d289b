"""What stands under a product: what goes well with it, what is more like it, and at what cost."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from store.catalog.models import ProductStatus
from store.catalog.related import Related, page_with_related
from store.catalog.remembering import forget_cards
from store.catalog.resembling import Neighbour, Subject, kinship
from store.clock import FixedClock
from store.database import bump_public_version, writing
from tests.builders import a_collection, a_product
from tests.catalog.counting import counted_queries
from tests.pages import Page
from tests.shop import Shop

TEE = Subject(1, "Late Edition tee", "T-shirt", ("night", "print"))


def titles(related: Related) -> tuple[list[str], list[str]]:
    return [card.title for card in related.companions], [card.title for card in related.alike]


def test_same_type_is_more_like_it_and_the_rest_goes_with_it(app: Flask, clock: FixedClock) -> None:
    with writing():
        tee = a_product(clock, title="Late tee", handle="tee", product_type="T-shirt")
        mug = a_product(clock, title="Late mug", product_type="Mug")
        other_tee = a_product(clock, title="Early tee", product_type="T-shirt")
        a_product(clock, title="Stranger", product_type="Cap")
        a_collection(clock, [tee, mug, other_tee])

    _, related = page_with_related("tee", now=clock.now())

    assert titles(related) == (["Late mug"], ["Early tee"])


def test_a_shared_tag_is_enough(app: Flask, clock: FixedClock) -> None:
    with writing():
        a_product(clock, handle="tee", product_type="T-shirt", tags=["night"])
        a_product(clock, title="Night cap", product_type="Cap", tags=["night", "wool"])

    _, related = page_with_related("tee", now=clock.now())

    assert titles(related) == (["Night cap"], [])


def test_nobody_is_led_to_what_cannot_be_had(app: Flask, clock: FixedClock) -> None:
    with writing():
        a_product(clock, handle="tee", tags=["night"])
        a_product(clock, title="Sold out", tags=["night"], stock=0)
        a_product(clock, title="Draft", tags=["night"], status=ProductStatus.DRAFT)
        late = a_product(clock, title="Tomorrow", tags=["night"])
        late.published_at = clock.now() + timedelta(days=1)

    _, related = page_with_related("tee", now=clock.now())

    assert titles(related) == ([], [])


def test_rare_tag_counts_more_than_one_that_all_have() -> None:
    common = [Neighbour(n, f"Cap {n}", "Cap", tags={"print"}) for n in range(10, 16)]
    rare = Neighbour(2, "Mug", "Mug", tags={"night"})

    found = kinship(TEE, [*common, rare])

    assert found.companions[0] == rare.product_id


def test_no_shelf_of_one_type_stands_beside_a_shirt() -> None:
    mugs = [Neighbour(n, "Mug", "Mug", collections={1}, tags={"night"}) for n in (2, 3, 4)]
    cap = Neighbour(5, "Cap", "Cap")

    assert kinship(TEE, [*mugs, cap]).companions == (4, 3, 5, 2)


@given(st.lists(st.integers(2, 40), unique=True, max_size=12), st.randoms())
def test_order_does_not_depend_on_who_was_found_first(ids: list[int], chance: object) -> None:
    found = [
        Neighbour(n, f"Late {n % 3}", ("Mug", "T-shirt", "")[n % 3], {n % 2}, {f"t{n % 4}"})
        for n in ids
    ]
    shuffled = found.copy()
    chance.shuffle(shuffled)  # type: ignore[attr-defined] # hypothesis gives a random.Random

    assert kinship(TEE, found) == kinship(TEE, shuffled)


def test_page_and_all_that_stands_under_it_cost_six_queries(app: Flask, clock: FixedClock) -> None:
    with writing():
        kinds = ["T-shirt", "Mug", "Cap", "Pin"]
        goods = [
            a_product(clock, handle=f"p{n}", product_type=kinds[n % 4], tags=["night", f"t{n % 5}"])
            for n in range(40)
        ]
        a_collection(clock, goods)
    forget_cards()

    with counted_queries() as statements:
        _, related = page_with_related("p7", now=clock.now())

    assert [len(related.companions), len(related.alike)] == [4, 4]
    assert len(statements) <= 6, "\n".join(statements)


def test_page_beside_what_is_known_costs_one_query(app: Flask, clock: FixedClock) -> None:
    with writing():
        goods = [a_product(clock, handle=f"p{n}", tags=["night"]) for n in range(3)]
        a_collection(clock, goods)
        bump_public_version()
    page_with_related("p0", now=clock.now())

    with counted_queries() as statements:
        _, related = page_with_related("p0", now=clock.now())

    assert len(related.alike + related.companions) == 2
    assert len(statements) == 1, "\n".join(statements)


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        ("published_at", [([], []), (["Night cap"], [])]),
        ("unpublish_at", [(["Night cap"], []), ([], [])]),
    ],
)
def test_what_appears_or_ends_by_itself_is_known_to_those_beside_it(
    app: Flask, clock: FixedClock, moment: str, shown: list[tuple[list[str], list[str]]]
) -> None:
    with writing():
        a_product(clock, handle="tee", tags=["night"])
        late = a_product(clock, title="Night cap", product_type="Cap", tags=["night"])
        setattr(late, moment, clock.now() + timedelta(hours=1))
        bump_public_version()
    _, before = page_with_related("tee", now=clock.now())

    _, after = page_with_related("tee", now=clock.now() + timedelta(hours=2))

    assert [titles(before), titles(after)] == shown


def test_what_is_tagged_anew_joins_once_the_version_rises(app: Flask, clock: FixedClock) -> None:
    with writing():
        a_product(clock, handle="tee", tags=["night"])
        cap = a_product(clock, title="Night cap", product_type="Cap")
        bump_public_version()
    _, before = page_with_related("tee", now=clock.now())

    with writing():
        cap.tags.append("night")
        bump_public_version()
    _, after = page_with_related("tee", now=clock.now())

    assert [titles(before), titles(after)] == [([], []), (["Night cap"], [])]


def test_archived_product_leads_on_to_what_is_like_it(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        a_product(shop.clock, handle="old", tags=["night"], status=ProductStatus.ARCHIVED)
        a_product(shop.clock, handle="new", title="New tee", tags=["night"])

    page = Page(reader.get("/products/old"))

    assert page.status == 410
    assert "/products/new" in page.links
