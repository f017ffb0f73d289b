"""Cards are kept while nothing public changes, and never longer."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import update

from store.catalog import queries
from store.catalog.models import Product, Variant
from store.clock import FixedClock
from store.database import bump_public_version, db, writing
from tests.builders import a_product
from tests.catalog.counting import counted_queries


def test_cards_are_read_once_while_nothing_public_changes(app: Flask, clock: FixedClock) -> None:
    product_id = a_public_product(clock)
    first = queries.cards_for([product_id], now=clock.now())

    with counted_queries() as asked:
        again = queries.cards_for([product_id], now=clock.now())

    assert (len(asked), again) == (1, first)


def test_a_new_price_is_on_the_card_at_once(app: Flask, clock: FixedClock) -> None:
    product_id = a_public_product(clock)
    queries.cards_for([product_id], now=clock.now())
    with writing():
        db.session.execute(update(Variant).values(price_minor=1_234))
        bump_public_version()

    [card] = queries.cards_for([product_id], now=clock.now())

    assert card.price_from.minor == 1_234


def test_a_remembered_card_is_hidden_with_its_product(app: Flask, clock: FixedClock) -> None:
    product_id = a_public_product(clock)
    queries.cards_for([product_id], now=clock.now())

    before_its_time = clock.now() - timedelta(days=4_000)

    assert queries.cards_for([product_id], now=before_its_time) == []


def test_what_is_not_committed_is_not_kept(app: Flask, clock: FixedClock) -> None:
    product_id = a_public_product(clock)
    with writing() as session:
        session.execute(update(Product).values(title="Never printed"))
        queries.cards_for([product_id], now=clock.now())
        session.rollback()

    [card] = queries.cards_for([product_id], now=clock.now())

    assert card.title != "Never printed"


def a_public_product(clock: FixedClock) -> int:
    with writing():
        product = a_product(clock, title="Tee", handle="tee")
        bump_public_version()
        return product.id
