"""Old addresses lead on, and what is gone says so with a way on."""

import re
from collections.abc import Collection as Names
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from store.catalog.describing import draft_of
from store.catalog.drafts import DraftRefusedError, ProductDraft, VariantDraft
from store.catalog.handles import RESERVED
from store.catalog.importing.applying import prepare
from store.catalog.models import Collection, Product, ProductStatus
from store.catalog.publishing import archive, draft
from store.catalog.renaming import HandleReservedError, give_collection_handle, give_handle
from store.catalog.saving import save_product
from store.clock import FixedClock
from store.database import db, writing
from tests.builders import a_collection, a_product, aud
from tests.pages import Page
from tests.shop import Shop
from tests.staff.product_forms import fields_of
from tests.staffing import at_the_desk


def moved(shop: Shop, *handles: str) -> int:
    with shop.app.app_context(), writing():
        product = a_product(shop.clock, handle=handles[0])
        for handle in handles[1:]:
            give_handle(product, handle, shop.clock)
        return product.id


def test_a_chain_of_addresses_is_one_step(shop: Shop, reader: FlaskClient) -> None:
    moved(shop, "one", "two", "three", "four")

    steps = [reader.get(f"/products/{handle}") for handle in ("one", "two", "three")]

    assert [step.status_code for step in steps] == [301] * 3
    assert {step.headers["Location"] for step in steps} == {"/products/four"}


@pytest.mark.parametrize(
    ("kind", "reserved"), [("products", RESERVED), ("collections", ()), ("pages", ())]
)
def test_no_address_of_the_shop_stands_where_a_handle_may(
    app: Flask, kind: str, reserved: Names[str]
) -> None:
    beside = re.compile(rf"/{kind}/([^/<>]+)")
    fixed = {found[1] for rule in app.url_map.iter_rules() if (found := beside.match(rule.rule))}

    assert fixed == set(reserved)


def test_no_product_moves_to_an_address_of_the_shop(shop: Shop) -> None:
    number = moved(shop, "tee")

    with shop.app.app_context(), writing():
        product = db.session.get_one(Product, number)
        for handle in RESERVED:
            with pytest.raises(HandleReservedError):
                give_handle(product, handle, shop.clock)

    assert shop.browser().get("/products/tee").status_code == 200


def test_no_product_is_made_at_an_address_of_the_shop(shop: Shop) -> None:
    sold = ProductDraft(handle="suggest", title="Suggest", variants=(VariantDraft(price=aud(5)),))

    with shop.app.app_context(), writing(), pytest.raises(DraftRefusedError):
        save_product(sold, shop.clock)


def test_a_file_that_asks_for_an_address_of_the_shop_is_told(app: Flask, clock: FixedClock) -> None:
    file = b"Handle,Title,Variant Price\nsuggest,Suggest,5\nmug,Mug,5\n"

    prepared = prepare(file, "AUD", clock.now())

    assert [one.handle for one in prepared.differences] == ["mug"]
    assert [note.text for note in prepared.notes.refusals] == [
        "'suggest' is an address of the shop itself: give the product another handle"
    ]


def test_a_file_that_takes_an_old_address_from_a_product_says_so(
    shop: Shop, app: Flask, clock: FixedClock
) -> None:
    moved(shop, "tee", "late-tee")

    prepared = prepare(b"Handle,Title,Variant Price\ntee,Tee,5\nmug,Mug,5\n", "AUD", clock.now())

    assert [one.handle for one in prepared.differences] == ["tee", "mug"]
    assert [(note.line, note.text) for note in prepared.notes.warnings] == [
        (2, "'tee' leads to 'late-tee' until now: a product of its own is made there")
    ]


def test_going_round_in_a_circle_ends_where_it_stands(shop: Shop, reader: FlaskClient) -> None:
    moved(shop, "one", "two", "one", "two", "one")

    assert reader.get("/products/one").status_code == 200
    assert reader.get("/products/two").headers["Location"] == "/products/one"


@pytest.mark.parametrize(
    ("query", "location"),
    [
        ("?utm_source=paper&q=%22x%22", "/products/new?utm_source=paper&q=%22x%22"),
        ("", "/products/new"),
        ("?", "/products/new"),
    ],
)
def test_what_the_address_was_asked_with_is_taken_along(
    shop: Shop, reader: FlaskClient, query: str, location: str
) -> None:
    moved(shop, "old", "new")

    for _time in range(2):
        assert reader.get(f"/products/old{query}").headers["Location"] == location


def test_a_move_may_be_remembered_as_long_as_a_page(shop: Shop, reader: FlaskClient) -> None:
    moved(shop, "old", "new")

    assert reader.get("/products/old").headers["Cache-Control"] == "public, max-age=300"


def test_a_new_product_at_an_old_address_stands_there_for_good(
    shop: Shop, reader: FlaskClient
) -> None:
    moved(shop, "tee", "late-edition")
    wanted = ProductDraft(
        handle="tee",
        title="Another tee",
        variants=(VariantDraft(price=aud(20)),),
        status=ProductStatus.ACTIVE,
    )
    with shop.app.app_context(), writing():
        made = save_product(wanted, shop.clock)
        first = reader.get("/products/tee")
        draft(made, shop.clock)

    assert first.status_code != 301
    assert reader.get("/products/tee").status_code == 404


def test_a_product_that_moved_and_is_sold_no_more_is_gone_in_one_step(
    shop: Shop, reader: FlaskClient
) -> None:
    with shop.app.app_context(), writing():
        product = a_product(shop.clock, handle="old")
        a_collection(shop.clock, [product])
        give_handle(product, "new", shop.clock)
        archive(product, shop.clock)

    gone = reader.get("/products/old", follow_redirects=True)

    assert gone.status_code == 410
    assert "/collections/front-page" in Page(gone).links


def test_what_is_taken_from_the_shop_to_work_on_is_not_there(
    shop: Shop, reader: FlaskClient
) -> None:
    with shop.app.app_context(), writing():
        draft(a_product(shop.clock, handle="tee"), shop.clock)

    answer = reader.get("/products/tee")

    assert answer.status_code == 404
    assert "/products" in Page(answer).links


def test_what_is_sold_out_stays_with_its_section_to_go_on_to(
    shop: Shop, reader: FlaskClient
) -> None:
    with shop.app.app_context(), writing():
        a_collection(shop.clock, [a_product(shop.clock, handle="tee", stock=0)])

    answer = reader.get("/products/tee")

    assert answer.status_code == 200
    assert "/collections/front-page" in Page(answer).links


def test_collections_lead_on_as_well(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        section = a_collection(shop.clock, [a_product(shop.clock)], handle="one")
        for handle in ("two", "three"):
            give_collection_handle(section, handle, shop.clock)

    steps = [reader.get(f"/collections/{handle}?sort=price") for handle in ("one", "two")]

    assert {step.headers["Location"] for step in steps} == {"/collections/three?sort=price"}
    assert reader.get("/collections/three").status_code == 200


def test_a_hidden_collection_is_told_to_nobody(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        section = a_collection(shop.clock, [], handle="one")
        give_collection_handle(section, "secret", shop.clock)
        section.is_published = False

    assert reader.get("/collections/one").status_code == 404


def test_staff_give_a_collection_another_address(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        number = a_collection(shop.clock, [a_product(shop.clock)], handle="one").id
    browser, page = at_the_desk(shop), f"/staff/collections/{number}"
    form = fields_of(browser.get(page).text, "collection")
    form["handle"] = "two"

    assert browser.post(page, data=form).status_code == 303

    assert reader.get("/collections/one").headers["Location"] == "/collections/two"
    with shop.app.app_context():
        assert db.session.get_one(Collection, number).handle == "two"


def test_a_file_that_is_imported_again_moves_nothing(shop: Shop, reader: FlaskClient) -> None:
    number = moved(shop, "old", "new")
    with shop.app.app_context(), writing():
        save_product(draft_of(db.session.get_one(Product, number)), shop.clock)

    assert reader.get("/products/old").headers["Location"] == "/products/new"
    shop.clock.move_to(shop.clock.now() + timedelta(days=400))
    assert reader.get("/products/old").status_code == 301
