"""Promises about who is told that something is back, in which order, and how often."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from store.catalog.describing import draft_of
from store.catalog.models import ProductStatus, StockPolicy, Variant
from store.catalog.saving import save_product
from store.database import db, writing
from store.inventory import stock
from store.inventory.models import StockLevel
from store.newsletter.back_in_stock.telling import HEAD_START, tell_who_waits
from tests.newsletter.signing_up import mails
from tests.newsletter.waiting import (
    ADDRESS,
    asked,
    bring_back,
    kinds,
    states,
    told,
    wait,
)
from tests.shop import Shop


def test_first_come_is_first_told_and_no_more_than_there_are(shop: Shop, variant: int) -> None:
    names = ["ada@example.org", "bea@example.org", "cyd@example.org"]
    for name in names:
        wait(shop, variant, name)
        shop.clock.move_to(shop.clock.now() + timedelta(minutes=1))
    asked(shop, variant, names[0])
    bring_back(shop, variant, units=2)

    tell_who_waits(shop.services)
    tell_who_waits(shop.services)
    assert told() == names[:2]

    shop.clock.move_to(shop.clock.now() + HEAD_START)
    tell_who_waits(shop.services)
    assert told() == names


def test_what_is_promised_already_is_not_told(shop: Shop, variant: int) -> None:
    wait(shop, variant)
    with writing():
        stock.receive(variant, 2, cause="delivery", actor="test", clock=shop.clock)
        db.session.execute(update(StockLevel).values(reserved=2))

    assert tell_who_waits(shop.services) == 0


@pytest.mark.parametrize("policy", [StockPolicy.BACKORDER, StockPolicy.PREORDER])
def test_what_is_sold_before_it_is_there_is_told_to_all_who_wait(
    shop: Shop, variant: int, policy: StockPolicy
) -> None:
    names = ["ada@example.org", "bea@example.org"]
    for name in names:
        wait(shop, variant, name)
    with writing():
        product = db.session.get_one(Variant, variant).product
        draft = draft_of(product)
        save_product(
            replace(draft, variants=(replace(draft.variants[0], policy=policy),)), shop.clock
        )

    tell_who_waits(shop.services)
    tell_who_waits(shop.services)

    assert told() == names
    mail = mails()[-1]
    for part in (mail.text, mail.html):
        assert "It can be ordered again" in part
        assert "not on the shelf yet" in part
        assert "It is back" not in part


def test_what_is_on_the_shelf_is_said_to_be_back(shop: Shop, variant: int) -> None:
    wait(shop, variant)
    bring_back(shop, variant)

    tell_who_waits(shop.services)

    assert "It is back: Late mug." in mails()[-1].text
    assert "on the shelf" not in mails()[-1].text


def test_nobody_is_led_to_a_product_that_left_the_shop(shop: Shop, variant: int) -> None:
    wait(shop, variant)
    with writing():
        db.session.get_one(Variant, variant).product.status = ProductStatus.ARCHIVED
    bring_back(shop, variant)

    assert tell_who_waits(shop.services) == 0
    assert states() == ["waiting"]


@pytest.mark.slow
def test_stock_that_returns_twice_at_once_is_one_mail(shop: Shop, variant: int) -> None:
    names = [f"r{number}@example.org" for number in range(4)]
    for name in names:
        wait(shop, variant, name)
    start = threading.Barrier(4)

    def deliver_and_tell() -> None:
        with shop.app.app_context():
            start.wait()
            bring_back(shop, variant)
            tell_who_waits(shop.services)

    threads = [threading.Thread(target=deliver_and_tell) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tell_who_waits(shop.services)

    assert sorted(told()) == names


def test_sold_out_again_she_may_ask_again(shop: Shop, variant: int) -> None:
    wait(shop, variant)
    bring_back(shop, variant)
    tell_who_waits(shop.services)
    shop.clock.move_to(shop.clock.now() + HEAD_START)

    asked(shop, variant)
    tell_who_waits(shop.services)

    assert told() == [ADDRESS, ADDRESS]
    assert kinds().count("back_in_stock.invitation") == 1


def test_what_is_sold_ahead_in_numbers_is_told_to_as_many(shop: Shop, variant: int) -> None:
    names = ["ada@example.org", "bea@example.org"]
    for name in names:
        wait(shop, variant, name)
    with writing():
        db.session.get_one(Variant, variant).policy = StockPolicy.PREORDER
        stock.set_policy(variant, may_oversell=True)
        stock.expect(variant, comes_on=None, to_come=0)
    assert tell_who_waits(shop.services) == 0

    with writing():
        stock.expect(variant, comes_on=None, to_come=1)
    assert tell_who_waits(shop.services) == 1
    assert "It is not on the shelf yet" in mails()[-1].text
