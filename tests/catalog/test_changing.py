"""Products change their names, their addresses and their time, and lose nothing by it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from store.catalog.describing import draft_of
from store.catalog.drafts import OptionDraft, ValueDraft, VariantDraft
from store.catalog.grouping import add_tag
from store.catalog.models import (
    CollectionRule,
    Matching,
    Product,
    ProductStatus,
    RuleField,
    RuleRelation,
)
from store.catalog.previewing import preview_token
from store.catalog.publishing import ScheduleRefusedError, schedule
from store.catalog.renaming import HandleTakenError, give_handle
from store.catalog.rules import refill
from store.catalog.saving import save_product
from store.clock import FixedClock
from store.database import db, writing
from store.inventory import stock
from tests.builders import a_collection, a_product, aud
from tests.shop import Shop


def sized(shop_clock: FixedClock, *values: str, stock: int = 5) -> Product:
    product = a_product(shop_clock, handle="tee", options={"Size": values}, stock=stock)
    for variant in product.variants:
        variant.sku = None
    return product


def renamed(product: Product, names: dict[str, str], clock: FixedClock) -> Product:
    draft = draft_of(product)
    values = tuple(ValueDraft(names.get(v, v)) for v in draft.options[0].value_names)
    variants = tuple(
        replace(v, values=tuple(names.get(value, value) for value in v.values))
        for v in draft.variants
    )
    return save_product(
        replace(draft, options=(OptionDraft("Size", values),), variants=variants), clock
    )


def names_by_id(product: Product) -> dict[int, str]:
    return {variant.id: variant.combination for variant in product.variants}


def test_a_value_is_called_anew_and_its_variant_keeps_its_stock(
    app: Flask, clock: FixedClock
) -> None:
    with writing():
        product = sized(clock, "S", "M")
        small = product.variants[0].id
        renamed(product, {"S": "Small"}, clock)

    assert names_by_id(product)[small] == "Small"
    assert stock.levels([small])[small].on_hand == 5


def test_two_values_swap_their_names(app: Flask, clock: FixedClock) -> None:
    with writing():
        product = sized(clock, "S", "M")
        first, second = names_by_id(product)
        renamed(product, {"S": "M", "M": "S"}, clock)

    assert names_by_id(product) == {first: "M", second: "S"}


def test_a_value_takes_the_name_of_one_that_goes(app: Flask, clock: FixedClock) -> None:
    with writing():
        product = sized(clock, "S", "M", stock=0)
        kept = product.variants[1].id
        draft = draft_of(product)
        only = replace(draft.variants[1], values=("S",))
        save_product(
            replace(draft, options=(OptionDraft("Size", (ValueDraft("S"),)),), variants=(only,)),
            clock,
        )

    assert names_by_id(product) == {kept: "S"}


def test_the_number_of_another_products_variant_means_nothing(
    app: Flask, clock: FixedClock
) -> None:
    with writing():
        other = a_product(clock, handle="other")
        product = a_product(clock, handle="mug", stock=0)
        stolen = other.variants[0].id
        save_product(
            replace(draft_of(product), variants=(VariantDraft(price=aud(9), variant_id=stolen),)),
            clock,
        )

    assert db.session.get_one(Product, other.id).variants[0].price == aud(45)
    assert product.variants[0].price == aud(9)


def test_an_old_address_leads_to_the_new_one(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        give_handle(a_product(shop.clock, handle="tee"), "late-edition", shop.clock)

    answer = reader.get("/products/tee")

    assert answer.status_code == 301
    assert answer.headers["Location"] == "/products/late-edition"


def test_a_product_that_comes_back_to_an_old_address_stands_there(
    shop: Shop, reader: FlaskClient
) -> None:
    with shop.app.app_context(), writing():
        product = a_product(shop.clock, handle="tee")
        give_handle(product, "late-edition", shop.clock)
        give_handle(product, "tee", shop.clock)

    assert reader.get("/products/tee").status_code == 200
    assert reader.get("/products/late-edition").status_code == 301


def test_the_address_of_a_draft_is_told_to_nobody(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        product = a_product(shop.clock, handle="tee", status=ProductStatus.DRAFT)
        give_handle(product, "secret", shop.clock)

    assert reader.get("/products/tee").status_code == 404


def test_no_two_products_have_one_address(app: Flask, clock: FixedClock) -> None:
    with writing():
        a_product(clock, handle="taken")
        with pytest.raises(HandleTakenError):
            give_handle(a_product(clock, handle="tee"), "taken", clock)


def test_a_product_ends_by_itself(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        product = a_product(shop.clock, handle="tee")
        ends = shop.clock.now() + timedelta(hours=1)
        schedule(product, shop.clock, appears=product.published_at, ends=ends)
    assert reader.get("/products/tee").status_code == 200

    shop.clock.move_to(shop.clock.now() + timedelta(hours=1))

    assert reader.get("/products/tee").status_code == 410
    assert b"Late Edition tee" not in reader.get("/products").data


def test_nothing_ends_before_it_appears(app: Flask, clock: FixedClock) -> None:
    with writing():
        product = a_product(clock)
        with pytest.raises(ScheduleRefusedError):
            schedule(product, clock, appears=clock.now(), ends=clock.now())


def test_a_preview_shows_a_draft_to_whoever_has_the_link(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        number = a_product(shop.clock, handle="tee", status=ProductStatus.DRAFT).id
    token = preview_token(number, shop.services.settings, shop.clock)

    answer = reader.get(f"/preview/{token}")

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "Late Edition tee" in answer.text


def test_a_preview_ends_and_cannot_be_guessed(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        number = a_product(shop.clock, status=ProductStatus.DRAFT).id
    token = preview_token(number, shop.services.settings, shop.clock)
    other = token.replace(f"{number}-", f"{number + 1}-", 1)

    assert reader.get(f"/preview/{other}").status_code == 404
    assert [reader.get(f"/preview/{odd}").status_code for odd in ("x", "1-2.", ".", "é.é")] == [
        404
    ] * 4
    shop.clock.move_to(shop.clock.now() + timedelta(days=8))
    ended = reader.get(f"/preview/{token}")
    assert ended.status_code == 410
    assert "This preview has ended" in ended.text


def test_a_collection_with_rules_follows_its_products(app: Flask, clock: FixedClock) -> None:
    with writing():
        cheap, dear = a_product(clock, price=aud(20)), a_product(clock, price=aud(80))
        section = a_collection(clock, [])
        section.matching = Matching.ALL
        section.rules = [
            CollectionRule(
                position=1,
                field=RuleField.PRICE,
                relation=RuleRelation.AT_MOST,
                value=str(aud(50).minor),
            ),
            CollectionRule(
                position=2, field=RuleField.TAG, relation=RuleRelation.IS, value="Pride"
            ),
        ]
        refill(section, clock.now())
        assert section.entries == []
        add_tag(cheap, "pride", clock)
        add_tag(dear, "pride", clock)
        db.session.expire(section)
        assert [entry.product_id for entry in section.entries] == [cheap.id]
        draft = draft_of(dear)
        save_product(replace(draft, variants=(replace(draft.variants[0], price=aud(40)),)), clock)

    db.session.expire_all()
    assert [entry.product_id for entry in section.entries] == [cheap.id, dear.id]
