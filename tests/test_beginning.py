"""Whether what is put back for a test is what another one began with, and nothing is mixed up."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from store.catalog.models import Variant
from store.clock import FixedClock
from store.database import db
from tests.beginning import Beginning
from tests.buying import a_variant, the_order
from tests.conftest import START, Databases
from tests.desk import bought
from tests.invariants import assert_invariants
from tests.shop import Shop, StandingShop

_made: list[str] = []


def _tee(shop: Shop) -> int:
    _made.append("tee")
    return a_variant(shop, stock=4)


def _order(shop: Shop, tee: int) -> str:
    _made.append("order")
    shop.clock.move_to(shop.clock.now() + timedelta(hours=1))
    return bought(shop, tee, quantity=3)


@pytest.fixture
def another_day(
    standing_shop: StandingShop, databases: Databases, clock: FixedClock
) -> Iterator[Callable[[], Shop]]:
    """Open the shop as another test would find it; what was made before is forgotten."""

    def open_again() -> Shop:
        db.session.rollback()
        clock.move_to(START)
        with databases.fresh():
            pass
        _made.clear()
        return standing_shop.reopen()

    with standing_shop.app.app_context(), databases.fresh():
        yield open_again
        db.session.rollback()


def test_what_was_begun_is_put_back_whole(
    another_day: Callable[[], Shop], databases: Databases
) -> None:
    begin = Beginning(another_day(), databases)
    number = begin(_order, begin(_tee))
    shop = another_day()

    begin = Beginning(shop, databases)
    again = begin(_order, begin(_tee))

    assert (_made, again) == ([], number)
    assert shop.clock.now() == START + timedelta(hours=1)
    assert (the_order().number, the_order().placed_at) == (number, shop.clock.now())
    assert_invariants(shop.sandbox)
    # The next rows have the next numbers, and Stripe takes the next order.
    assert bought(shop, a_variant(shop)) != number


def test_whoever_wrote_before_begins_anew(
    another_day: Callable[[], Shop], databases: Databases
) -> None:
    Beginning(another_day(), databases)(_tee)
    shop = another_day()
    mug = a_variant(shop, title="Mug")

    tee = Beginning(shop, databases)(_tee)

    assert _made == ["tee"]
    assert set(db.session.scalars(select(Variant.id))) == {mug, tee}
