"""Promises about reading and writing."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from store.catalog.models import Product
from store.clock import FixedClock
from store.database import WriteScopeError, db, writing
from tests.builders import a_product


def test_what_is_written_in_the_scope_is_there_afterwards(app: Flask, clock: FixedClock) -> None:
    with writing():
        a_product(clock, handle="tee")

    assert db.session.scalars(select(Product.handle)).all() == ["tee"]


def test_write_outside_the_scope_is_refused(app: Flask, clock: FixedClock) -> None:
    with pytest.raises(DBAPIError, match=r"readonly|read-only"):
        a_product(clock)


def test_error_in_the_scope_leaves_nothing_behind(app: Flask, clock: FixedClock) -> None:
    with pytest.raises(KeyError), writing():
        a_product(clock)
        raise KeyError("the buyer changed her mind")

    assert db.session.scalars(select(Product)).all() == []


def test_scope_inside_a_scope_is_refused(app: Flask) -> None:
    with writing(), pytest.raises(WriteScopeError), writing():
        pass


def test_reading_after_a_write_is_read_only_again(app: Flask, clock: FixedClock) -> None:
    with writing():
        product = a_product(clock)
    product.title = "Changed in passing"

    with pytest.raises(DBAPIError, match=r"readonly|read-only"):
        db.session.flush()


def test_moments_come_back_aware(app: Flask, clock: FixedClock) -> None:
    with writing():
        a_product(clock)

    assert db.session.scalars(select(Product.created_at)).one() == clock.now()
