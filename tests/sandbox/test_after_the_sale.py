"""In the demonstration something waits on each page of the desk that has to do with sold goods."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from store.catalog.models import Variant
from store.clock import FixedClock
from store.connections.models import ApiToken, Delivery, Endpoint
from store.database import db, writing
from store.gift_cards.models import EntryKind, GiftCard, GiftCardEntry
from store.gift_cards.proof import proof
from store.orders.disputing.standing import known_disputes
from store.orders.downloads.models import Download
from store.orders.shortage.models import ShortfallState
from store.orders.shortage.standing import all_live_shortfalls
from store.sandbox.demonstration.after_the_sale import AHEAD, FILE, GIVEN, GONE, set_apart
from store.sandbox.demonstration.past import take_stock
from store.staff.waiting import ahead_rows
from tests.builders import a_product, aud
from tests.invariants import assert_invariants
from tests.sandbox.test_demonstration import live_through
from tests.selling_files import a_file
from tests.shop import Shop, open_shop, some_settings


def goods_of_the_story(shop: Shop) -> None:
    today = shop.clock.now()
    shop.clock.move_to(today - timedelta(days=100))
    with writing():
        for handle in (AHEAD, GONE, GIVEN, "late-tee"):
            a_product(shop.clock, title=handle, handle=handle, stock=60, price=aud(12))
        puzzle = a_product(shop.clock, title="Puzzle", handle=FILE, price=aud(4), tracked=False)
        puzzle_id = puzzle.variants[0].id
    a_file(shop, puzzle_id)
    shop.clock.move_to(today)


@pytest.mark.slow
def test_every_page_of_the_desk_is_lived_in(
    tmp_path: Path, database_url: str, clock: FixedClock
) -> None:
    origin = "http://localhost:5002"
    shop = open_shop(some_settings(tmp_path, database_url, news_origins=origin), clock)
    with shop.app.app_context():
        goods_of_the_story(shop)

        live_through(shop, orders=40)
        counted = db.session.scalars(select(Variant.sku).where(Variant.tracked))
        take_stock({sku or "": 5 for sku in counted if sku not in set_apart()}, clock)

        (ahead,) = ahead_rows()
        assert ahead.orders >= 3
        assert ahead.terms.ships_on
        assert ahead.terms.ships_on > clock.now().date()
        (dispute,) = known_disputes()
        assert dispute.is_answerable
        assert dispute.due_by
        assert dispute.due_by > clock.now()
        (missing,) = all_live_shortfalls()
        assert missing.state == ShortfallState.OPEN
        assert missing.decide_by > clock.now()
        spent = db.session.scalars(
            select(GiftCardEntry).where(GiftCardEntry.kind == EntryKind.SPENT)
        )
        (card_id,) = {entry.gift_card_id for entry in spent}
        card = db.session.get_one(GiftCard, card_id)
        assert 0 < card.balance_minor < card.value_minor
        assert db.session.scalar(select(func.max(Download.used))) == 2
        assert db.session.scalar(select(func.count(ApiToken.id))) == 1
        assert db.session.scalars(select(Endpoint.url)).all() == [f"{origin}/partner"]
        assert db.session.scalar(select(func.count(Delivery.id)))
        assert proof() == []
        assert_invariants(shop.sandbox)
        db.session.remove()
        db.engine.dispose()


def test_a_shop_that_sells_nothing_of_the_story_is_left_alone(shop: Shop) -> None:
    with shop.app.app_context():
        with writing():
            a_product(shop.clock, title="Tee", stock=80)

        live_through(shop, orders=1)

        assert (ahead_rows(), known_disputes(), all_live_shortfalls()) == ([], [], [])
        assert set_apart() == frozenset()
        assert_invariants(shop.sandbox)
