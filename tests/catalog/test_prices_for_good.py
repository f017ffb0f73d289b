"""A price that changed for good is the price from its second on, to readers, editors and files."""

import csv
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select

from store.catalog.describing import draft_of
from store.catalog.exporting import export
from store.catalog.importing.applying import apply, prepare
from store.catalog.models import (
    Product,
    Variant,
)
from store.catalog.prices.changing import (
    changes_of,
)
from store.catalog.saving import save_product
from store.catalog.tasks import follow_prices
from store.database import db, writing
from store.jobs.outbox import due_row_ids
from tests.builders import a_product, aud
from tests.catalog.pricing import DAY, HOUR, on, on_sale, price_on_page
from tests.shop import Shop


def test_a_price_for_good_becomes_the_variants_own(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        product = a_product(shop.clock, handle="tee", price=aud(45))
        on_sale(product, aud(50), shop.clock, lasts=None)
        number = product.id
    on(shop, HOUR)
    shown = price_on_page(reader)

    with shop.app.app_context():
        waiting = due_row_ids(shop.clock.now())
        follow_prices(number, shop.services)
        own = db.session.scalars(select(Variant)).one().price

    assert len(waiting) == 1
    assert shown == price_on_page(reader) == "50.00"
    assert own == aud(50)
    with shop.app.app_context():
        assert changes_of(number, shop.clock.now()) == []


def test_a_price_for_good_leaves_room_for_the_next_as_soon_as_it_holds(
    shop: Shop, reader: FlaskClient
) -> None:
    with shop.app.app_context(), writing():
        product = a_product(shop.clock, handle="tee", price=aud(45))
        on_sale(product, aud(50), shop.clock, starts=timedelta(), lasts=None)
    with shop.app.app_context(), writing():
        on_sale(db.session.scalars(select(Product)).one(), aud(30), shop.clock)

    asked = [price_on_page(reader)]
    for _time in range(2):
        on(shop, DAY if len(asked) > 1 else HOUR)
        asked.append(price_on_page(reader))

    assert asked == ["50.00", "30.00", "50.00"]


def test_whoever_edits_after_a_price_for_good_has_the_last_word(
    shop: Shop, reader: FlaskClient
) -> None:
    with shop.app.app_context(), writing():
        product = a_product(shop.clock, handle="tee", price=aud(45))
        on_sale(product, aud(50), shop.clock, lasts=None)
        draft = draft_of(product)
    on(shop, HOUR)

    with shop.app.app_context(), writing():
        save_product(draft, shop.clock)

    assert price_on_page(reader) == "45.00"


def test_an_import_that_tells_no_price_leaves_the_one_for_good(
    shop: Shop, reader: FlaskClient
) -> None:
    with shop.app.app_context(), writing():
        product = a_product(shop.clock, handle="tee", price=aud(45))
        on_sale(product, aud(50), shop.clock, lasts=None)
    on(shop, HOUR)

    with shop.app.app_context():
        prepared = prepare(
            b"Handle,Title,Variant SKU,Variant Price\ntee,Late tee,,\n", "AUD", shop.clock.now()
        )
        with writing():
            apply(prepared, source="tees.csv", clock=shop.clock)

    assert "Late tee" in reader.get("/products/tee").text
    assert price_on_page(reader) == "50.00"


def test_a_file_that_tells_the_price_before_is_no_idle_one(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        product = a_product(shop.clock, handle="tee", price=aud(45))
        on_sale(product, aud(50), shop.clock, lasts=None)
    on(shop, HOUR)

    with shop.app.app_context():
        now = shop.clock.now()
        same = prepare(b"Handle,Title,Variant Price\ntee,,50\n", "AUD", now)
        prepared = prepare(b"Handle,Title,Variant Price\ntee,,45\n", "AUD", now)
        with writing():
            apply(prepared, source="tees.csv", clock=shop.clock)

    assert not same.differences
    assert price_on_page(reader) == "45.00"


def test_an_export_says_what_the_shop_says_from_the_second_on(
    shop: Shop, reader: FlaskClient
) -> None:
    with shop.app.app_context(), writing():
        product = a_product(shop.clock, handle="tee", price=aud(45))
        on_sale(product, aud(50), shop.clock, lasts=None)
        on_sale(a_product(shop.clock, handle="mug", price=aud(20)), aud(15), shop.clock)
    on(shop, HOUR)

    with shop.app.app_context():
        file = list(csv.DictReader(export(shop.services.settings, shop.clock.now())))

    # A sale is over one day; a file that is read back then leaves the price as it was.
    assert [(row["Handle"], row["Variant Price"]) for row in file] == [
        ("tee", "50.00"),
        ("mug", "20.00"),
    ]
    assert price_on_page(reader) == "50.00"
