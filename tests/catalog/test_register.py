"""Promises about what a process keeps of all products: caught up, it is what a first reading is."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from store.catalog.changes import MOST_BEHIND, changes_since, forget_changes
from store.catalog.facet_values import Facet
from store.catalog.listing import SORTS, Asked, find
from store.catalog.models import (
    Collection,
    CollectionProduct,
    Option,
    Product,
    ProductChange,
    ProductStatus,
    Variant,
)
from store.catalog.prices.changing import (
    OverlappingPriceError,
    PriceWanted,
    change_prices,
    changes_of,
    settle_prices,
    withdraw,
)
from store.catalog.register import forget_registers
from store.catalog.remembering import forget_cards
from store.clock import FixedClock
from store.database import PublicVersion, bump_public_version, db, writing
from store.inventory import stock
from tests.builders import a_collection, a_product, aud

Deed = Callable[[Product, FixedClock], object]
MINUTE = timedelta(minutes=1)
OPTIONS = {"Size": ["S", "XL"], "Colour": ["Black", "Red"]}


def _price(product: Product, _clock: FixedClock) -> None:
    product.variants[0].price_minor = 900


def _sell_out(product: Product, clock: FixedClock) -> None:
    for level in stock.levels([variant.id for variant in product.variants]).values():
        if level.on_hand:
            stock.adjust(level.variant_id, -1, cause="lost", actor="test", clock=clock)


def _rename_option(product: Product, _clock: FixedClock) -> None:
    db.session.query(Option).filter_by(product_id=product.id, position=1).update({"name": "Fit"})


def _leave(product: Product, _clock: FixedClock) -> None:
    db.session.query(CollectionProduct).filter_by(product_id=product.id).delete()


def _lead(product: Product, _clock: FixedClock) -> None:
    first = db.session.query(CollectionProduct).filter_by(product_id=product.id).first()
    if first is not None:
        first.position = -1


def _cost_less(starts: timedelta, lasts: timedelta | None) -> Deed:
    def cost_less(product: Product, clock: FixedClock) -> None:
        begins = clock.now() + starts
        wanted = [PriceWanted(variant.id, aud(9)) for variant in product.variants]
        ends = begins + lasts if lasts else None
        with suppress(OverlappingPriceError):
            change_prices(product, wanted, clock, starts_at=begins, ends_at=ends)

    return cost_less


def _cost_what_it_did(product: Product, clock: FixedClock) -> None:
    for change in changes_of(product.id, clock.now()):
        withdraw(change, clock)


def _drop_variant(product: Product, _clock: FixedClock) -> None:
    if product.variants and not product.variants[0].tracked:
        db.session.delete(product.variants[0])


def _delete(product: Product, _clock: FixedClock) -> None:
    if not any(variant.tracked for variant in product.variants):
        db.session.delete(product)


DEEDS: dict[str, Deed] = {
    "price": _price,
    "cost less from now on": _cost_less(timedelta(), None),
    "cost less in a minute": _cost_less(MINUTE, MINUTE),
    "cost what it did": _cost_what_it_did,
    "settle its price": lambda product, clock: settle_prices([product.id], clock),
    "wait for a minute": lambda _product, clock: clock.move_to(clock.now() + MINUTE),
    "sell out": _sell_out,
    "rename an option": _rename_option,
    "leave its section": _leave,
    "lead its section": _lead,
    "drop a variant": _drop_variant,
    "delete": _delete,
    "retitle": lambda product, _: setattr(product, "title", "Aardvark"),
    "retype": lambda product, _: setattr(product, "product_type", "Cap"),
    "archive": lambda product, _: setattr(product, "status", ProductStatus.ARCHIVED),
    "publish again": lambda product, _: setattr(product, "status", ProductStatus.ACTIVE),
    "appear later": lambda product, clock: setattr(
        product, "published_at", clock.now() + timedelta(minutes=1)
    ),
    "end soon": lambda product, clock: setattr(
        product, "unpublish_at", clock.now() + timedelta(minutes=1)
    ),
    "come in": lambda _product, clock: a_product(clock, title="Newcomer", options=OPTIONS),
    "fold its section": lambda _product, _clock: db.session.query(Collection).update(
        {"is_published": False}
    ),
}


def shown(clock: FixedClock) -> list[object]:
    """Return all that listings show, in every order."""
    forget_cards()
    found = [find(Asked(sort=sort), now=clock.now()) for sort in SORTS]
    inside = [
        find(Asked(collection=handle), now=clock.now())
        for (handle,) in db.session.query(Collection.handle).filter_by(is_published=True)
    ]
    return [
        (each.choices, [card.product_id for card in each.listing.cards])
        for each in (*found, *inside)
    ]


@pytest.mark.slow
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@example(deeds=[(deed, 1, True) for deed in DEEDS])
@example(deeds=[(deed, 2, False) for deed in DEEDS])
@example(deeds=[("cost less from now on", 1, True), ("cost what it did", 1, True)])
@given(
    deeds=st.lists(
        st.tuples(st.sampled_from(sorted(DEEDS)), st.integers(0, 2), st.booleans()), max_size=6
    )
)
def test_caught_up_is_what_a_first_reading_finds(
    app: Flask, clock: FixedClock, deeds: list[tuple[str, int, bool]]
) -> None:
    with writing():
        goods = [
            a_product(clock, title=f"Tee {n}", stock=1, price=aud(20 + n), options=OPTIONS)
            for n in range(2)
        ]
        goods.append(a_product(clock, title="Print", tracked=False, options=OPTIONS))
        handle = f"section-{goods[0].id}"
        a_collection(clock, goods, handle=handle)
        ids = [product.id for product in goods]
    shown(clock)
    for deed, which, is_told in deeds:
        with writing():
            product = db.session.get(Product, ids[which])
            if product is not None:
                DEEDS[deed](product, clock)
            if is_told:
                bump_public_version()
        caught_up = shown(clock)
        forget_registers()

        assert caught_up == shown(clock), deed
    clock.move_to(clock.now() + timedelta(minutes=1))
    later = shown(clock)
    forget_registers()
    assert later == shown(clock)


def test_sale_of_one_of_many_is_no_change(app: Flask, clock: FixedClock) -> None:
    with writing():
        product = a_product(clock, stock=9)
        bump_public_version()
    version = changes_since(-1, clock.now()).version
    with writing():
        stock.adjust(product.variants[0].id, -1, cause="lost", actor="test", clock=clock)
        bump_public_version()

    assert changes_since(version, clock.now()).product_ids == frozenset()


def test_changes_come_out_with_their_version(app: Flask, clock: FixedClock) -> None:
    with writing():
        first = a_product(clock)
        bump_public_version()
    with writing():
        second = a_product(clock)
        bump_public_version()

    assert changes_since(1, clock.now()).product_ids == {second.id}
    assert changes_since(0, clock.now()).product_ids == {first.id, second.id}


def test_who_is_far_behind_reads_everything(app: Flask, clock: FixedClock) -> None:
    with writing():
        a_product(clock)
        bump_public_version()
    with writing() as session:
        session.query(PublicVersion).update({"version": MOST_BEHIND + 3})
        forgotten = forget_changes()

    assert forgotten > 0
    assert db.session.query(ProductChange).count() == 0
    assert changes_since(1, clock.now()).is_everything
    assert not changes_since(MOST_BEHIND, clock.now()).is_everything


def test_variants_alone_decide_what_is_in_stock(app: Flask, clock: FixedClock) -> None:
    with writing():
        a_product(clock, stock=0, options={"Size": ["S", "M"]})
        full = a_product(clock, tracked=False)
        db.session.query(Variant).filter_by(product_id=full.id).update({"tracked": False})

    found = find(Asked(values={Facet.STOCK: ["in"]}), now=clock.now())

    assert [card.product_id for card in found.listing.cards] == [full.id]
