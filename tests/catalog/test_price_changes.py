"""Prices change at their moment and back: on pages, in lists, in feeds, under stories, in carts."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from store.catalog.describing import draft_of
from store.catalog.models import (
    Collection,
    CollectionRule,
    Matching,
    RuleField,
    RuleRelation,
)
from store.catalog.prices.changing import (
    NoSuchPriceChangeError,
    OverlappingPriceError,
    PriceChangeRefusedError,
    PriceWanted,
    change_prices,
    changes_of,
    withdraw,
)
from store.catalog.prices.models import PriceEntry
from store.catalog.saving import save_product
from store.catalog.tasks import follow_prices
from store.clock import FixedClock
from store.database import db, writing
from tests.builders import a_collection, a_product, aud
from tests.buying import FROM_OUR_PAGE
from tests.catalog.pricing import DAY, HOUR, on, on_sale, price_on_page
from tests.pages import Page
from tests.shop import Shop


def price_in_feed(reader: FlaskClient) -> str:
    item = json.loads(reader.get("/feeds/products.json").data)["items"][0]
    return str(item["_store"]["price"])


def price_under_stories(reader: FlaskClient) -> int:
    card = reader.get("/widget/v1/card.json?products=tee").json
    assert card is not None
    return int(card["products"][0]["price_minor"])


def prices_shown(reader: FlaskClient) -> list[str | int]:
    listings = ("/", "/products", "/products?q=tee", "/collections/front-page")
    cards = [reader.get(path).text for path in listings]
    return [
        price_on_page(reader),
        price_in_feed(reader),
        price_under_stories(reader),
        *("30.00" if "$30.00" in card else "45.00" for card in cards),
    ]


def test_everything_changes_at_the_same_second_and_back(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        product = a_product(shop.clock, handle="tee", price=aud(45))
        a_collection(shop.clock, [product])
        on_sale(product, aud(30), shop.clock)
    dear, cheap = ["45.00", "45.00", 4500, *["45.00"] * 4], ["30.00", "30.00", 3000, *["30.00"] * 4]

    on(shop, HOUR - timedelta(seconds=1))
    assert prices_shown(reader) == dear
    on(shop, timedelta(seconds=1))
    assert prices_shown(reader) == cheap
    on(shop, DAY - timedelta(seconds=1))
    assert prices_shown(reader) == cheap
    on(shop, timedelta(seconds=1))
    assert prices_shown(reader) == dear


def test_the_price_before_is_struck_through_while_a_sale_lasts(
    shop: Shop, reader: FlaskClient
) -> None:
    with shop.app.app_context(), writing():
        on_sale(a_product(shop.clock, handle="tee", price=aud(45)), aud(30), shop.clock)

    on(shop, HOUR)

    words = Page(reader.get("/products/tee")).text
    assert "$30.00 was $45.00" in words
    assert "lowest price" not in words


def test_lists_stand_in_the_order_of_the_prices_of_now(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        a_product(shop.clock, handle="mug", title="Mug", price=aud(40))
        on_sale(
            a_product(shop.clock, handle="tee", title="Tee", price=aud(45)), aud(30), shop.clock
        )

    before = reader.get("/products?sort=price").text
    on(shop, HOUR)
    after = reader.get("/products?sort=price").text

    assert before.index("/products/mug") < before.index("/products/tee")
    assert after.index("/products/tee") < after.index("/products/mug")


def test_a_cart_pays_the_price_of_now_and_says_what_it_was(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        product = a_product(shop.clock, handle="tee", price=aud(45))
        on_sale(product, aud(30), shop.clock, lasts=HOUR)
        number = product.variants[0].id
    reader.post("/cart/lines", data={"variant_id": number})
    on(shop, HOUR)

    on_sale_now = Page(reader.get("/cart")).text
    on(shop, HOUR)
    after = Page(reader.get("/cart")).text

    assert "$30.00" in on_sale_now
    assert "was $45.00" in on_sale_now
    assert "$45.00" in after
    assert "was $" not in after


def test_a_cart_filled_in_a_sale_is_not_paid_dearer_unseen(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        product = a_product(shop.clock, handle="tee", price=aud(45))
        on_sale(product, aud(30), shop.clock, starts=timedelta(), lasts=HOUR)
        number = product.variants[0].id
    reader.post("/cart/lines", data={"variant_id": number})
    shown = Page(reader.get("/cart")).named("input", "shown")["value"]
    on(shop, HOUR)

    answer = reader.post("/checkout", data={"shown": shown}, headers=FROM_OUR_PAGE)

    assert answer.headers["Location"].startswith("/cart")
    assert "was $30.00" in Page(reader.get("/cart")).text


def test_two_prices_for_one_time_are_refused(app: Flask, clock: FixedClock) -> None:
    with writing():
        product = a_product(clock)
        on_sale(product, aud(30), clock, starts=HOUR, lasts=HOUR)
        for starts, lasts in (
            (HOUR / 2, HOUR),
            (HOUR * 1.5, DAY),
            (HOUR / 2, DAY),
            (HOUR / 2, None),
        ):
            with pytest.raises(OverlappingPriceError) as refused:
                on_sale(product, aud(20), clock, starts=starts, lasts=lasts)
        on_sale(product, aud(20), clock, starts=2 * HOUR)

    assert refused.value.starts_at == clock.now() + HOUR
    assert [change.price for change in changes_of(product.id, clock.now())] == [aud(30), aud(20)]


def test_no_price_changes_in_the_past(app: Flask, clock: FixedClock) -> None:
    with writing():
        product = a_product(clock)
        for starts, lasts in ((-HOUR, DAY), (HOUR, timedelta())):
            with pytest.raises(PriceChangeRefusedError):
                change_prices(
                    product,
                    [PriceWanted(product.variants[0].id, aud(30))],
                    clock,
                    starts_at=clock.now() + starts,
                    ends_at=clock.now() + starts + lasts,
                )


def test_what_has_not_begun_goes_and_what_has_begun_ends(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        product = a_product(shop.clock, handle="tee", price=aud(45))
        on_sale(product, aud(30), shop.clock, starts=timedelta())
        on_sale(product, aud(20), shop.clock, starts=2 * DAY)
        number = product.id
    on(shop, HOUR)
    assert price_on_page(reader) == "30.00"

    with shop.app.app_context(), writing():
        for change in changes_of(number, shop.clock.now()):
            withdraw(change, shop.clock)

    assert price_on_page(reader) == "45.00"
    with shop.app.app_context():
        assert changes_of(number, shop.clock.now()) == []


def test_what_is_over_is_not_taken_back(app: Flask, clock: FixedClock) -> None:
    with writing():
        product = a_product(clock)
        on_sale(product, aud(30), clock, lasts=HOUR)
        [change] = changes_of(product.id, clock.now())
        clock.move_to(clock.now() + 2 * HOUR)
        with pytest.raises(NoSuchPriceChangeError):
            withdraw(change, clock)


def test_collections_by_price_follow_a_price_at_its_moment(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        product = a_product(shop.clock, handle="tee", price=aud(45))
        section = a_collection(shop.clock, [], title="Under 40")
        section.matching = Matching.ALL
        section.rules = [
            CollectionRule(
                position=1, field=RuleField.PRICE, relation=RuleRelation.AT_MOST, value="4000"
            )
        ]
        on_sale(product, aud(30), shop.clock)
        number = product.id

    def members() -> Sequence[int]:
        with shop.app.app_context():
            follow_prices(number, shop.services)
            section = db.session.scalars(select(Collection)).one()
            return [entry.product_id for entry in section.entries]

    assert members() == []
    on(shop, HOUR)
    assert members() == [number]
    on(shop, DAY)
    assert members() == []


def test_every_way_to_a_price_leaves_its_entry(app: Flask, clock: FixedClock) -> None:
    with writing():
        draft = draft_of(a_product(clock, price=aud(45)))
    for price in (aud(40), aud(40), aud(45)):
        with writing():
            save_product(replace(draft, variants=(replace(draft.variants[0], price=price),)), clock)

    known = db.session.scalars(select(PriceEntry).order_by(PriceEntry.id)).all()
    assert [entry.price for entry in known] == [aud(45), aud(40), aud(45)]


def test_a_price_that_did_not_change_leaves_none(app: Flask, clock: FixedClock) -> None:
    with writing():
        draft = draft_of(a_product(clock, options={"Size": ["S", "M"]}))
        save_product(draft, clock)

    assert db.session.scalar(select(func.count()).select_from(PriceEntry)) == 2
