"""Promises about a shop that was given the past of one that has grown."""

import random
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import delete, func, select

from store.catalog.models import Product
from store.catalog.searching import search
from store.checkout.sweeping import settle_open
from store.cli.demo import demo
from store.clock import FixedClock
from store.database import db, writing
from store.inventory.proof import proof
from store.orders.lifecycle import (
    FulfilmentStatus,
    PaymentStatus,
    fulfilment_status,
    payment_status,
)
from store.orders.models import Order, OrderLine, OrderState, Refund
from store.orders.papers.issuing import gaps, issue_papers, without_papers
from store.orders.papers.models import NumberSeries, TaxPaper
from store.sandbox.demonstration.seeding import NothingToSellError, Seeded, seed
from store.sandbox.demonstration.seeding_stories import Stories
from store.widget.models import Article
from tests.invariants import assert_invariants
from tests.shop import Shop, some_settings


class UndoneError(Exception):
    """Takes back what was seeded, so that the same shop can be given it again."""


def grow(shop: Shop, *, orders: int = 0, products: int = 0) -> Seeded:
    with writing():
        return seed(orders, products, shop.services.settings, shop.clock)


@pytest.mark.slow
def test_a_grown_shop_keeps_every_invariant_of_stock_and_money(app: Flask, shop: Shop) -> None:
    grow(shop, orders=400, products=40)

    assert_invariants()
    assert proof() == []


@pytest.mark.slow
def test_its_orders_stand_in_every_state_that_an_order_ends_or_waits_in(
    app: Flask, shop: Shop
) -> None:
    grow(shop, orders=3_000, products=40)
    orders = db.session.scalars(select(Order)).all()

    assert {order.state for order in orders} == {
        OrderState.PAID,
        OrderState.PARKED,
        OrderState.REFUNDED,
        OrderState.EXPIRED,
        OrderState.CANCELLED,
    }
    assert {payment_status(order) for order in orders} >= {
        PaymentStatus.PAID,
        PaymentStatus.PARTLY_REFUNDED,
    }
    assert {fulfilment_status(order) for order in orders} == set(FulfilmentStatus) - {
        FulfilmentStatus.NOTHING
    }


def test_a_line_given_back_is_one_of_its_refund(app: Flask, shop: Shop) -> None:
    grow(shop, orders=1_000, products=20)

    refunds = db.session.scalars(select(Refund).where(Refund.reason == "The wrong size")).all()

    assert refunds
    for refund in refunds:
        [part] = refund.lines
        line = db.session.get_one(OrderLine, part.order_line_id)
        assert (part.quantity, part.amount_minor) == (line.quantity, refund.amount_minor)
        assert refund.line_ids == [line.id]


def test_its_papers_are_those_that_the_shop_would_write(app: Flask, shop: Shop) -> None:
    grow(shop, orders=1_000, products=20)
    seeded, numbered = papers(), (without_papers(), gaps())

    with suppress(UndoneError), writing() as session:
        session.execute(delete(TaxPaper))
        session.execute(delete(NumberSeries))
        for order in session.scalars(select(Order).order_by(Order.id)):
            issue_papers(order, shop.services)
        written = papers()
        raise UndoneError

    assert numbered == ([], 0)
    assert len(seeded) > 1_000
    assert seeded == written


def papers() -> list[tuple[object, ...]]:
    """Return what stands on every paper, but for its number: the verb takes one by one."""
    found = db.session.execute(
        select(
            TaxPaper.order_id,
            TaxPaper.refund_id,
            TaxPaper.kind,
            TaxPaper.total_minor,
            TaxPaper.tax_minor,
            TaxPaper.tax_lines,
            TaxPaper.seller,
        ).order_by(TaxPaper.order_id, TaxPaper.kind)
    )
    return [tuple(row) for row in found]


def test_its_orders_reach_back_three_years_and_none_lies_ahead(app: Flask, shop: Shop) -> None:
    grow(shop, orders=300, products=10)
    first, last = db.session.execute(
        select(func.min(Order.placed_at), func.max(Order.updated_at))
    ).one()

    assert first < shop.clock.now() - timedelta(days=1_000)
    assert last <= shop.clock.now()


class OneIdea(random.Random):
    """Whoever writes with it has the same idea every time."""

    def choice(self, seq: Any) -> Any:
        return seq[0]


def test_stories_of_one_title_on_one_day_are_one(
    app: Flask, database_url: str, tmp_path: Path, clock: FixedClock
) -> None:
    now = clock.now()
    settings = some_settings(tmp_path, database_url, news_origins="http://localhost:5002")

    with writing():
        told = Stories(now - timedelta(days=20), now, settings).write(OneIdea(1))

    urls = db.session.scalars(select(Article.url)).all()
    assert len(urls) == len(set(urls)) == told > 0


def test_the_same_shop_gets_the_same_past(app: Flask, shop: Shop) -> None:
    told = []
    orders = select(Order.number, Order.total_minor, Order.placed_at).order_by(Order.id)
    for _ in range(2):
        with suppress(UndoneError), writing() as session:
            seed(50, 5, shop.services.settings, shop.clock)
            told.append(session.execute(orders).all())
            raise UndoneError

    assert told[0] == told[1]


def test_more_is_added_to_what_is_there(app: Flask, shop: Shop) -> None:
    grow(shop, orders=60, products=6)
    grow(shop, orders=40, products=4)

    assert db.session.scalar(select(func.count()).select_from(Order)) == 100
    assert db.session.scalar(select(func.count()).select_from(Product)) == 10
    assert_invariants()


def test_its_products_are_found(app: Flask, shop: Shop) -> None:
    grow(shop, products=30)
    title = db.session.scalars(select(Product.title).where(Product.status == "active")).first()

    assert title is not None
    assert search(title, now=shop.clock.now())


def test_sweeps_find_nothing_to_ask_stripe_for(app: Flask, shop: Shop) -> None:
    grow(shop, orders=200, products=5)
    before = Counter(db.session.scalars(select(Order.state)))
    settle_open(shop.services)

    assert Counter(db.session.scalars(select(Order.state))) == before


def test_a_shop_without_goods_says_so(app: Flask, shop: Shop) -> None:
    with pytest.raises(NothingToSellError):
        grow(shop, orders=1)


def test_a_shop_that_takes_live_payments_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, shop: Shop
) -> None:
    settings = shop.services.settings
    for name, value in {
        "DATABASE_URL": settings.database_url,
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "MAIL_FROM": settings.mail_from,
        "NEWSROOM_EMAIL": settings.newsroom_email,
        "STRIPE_KEY": "sk_" + "live_of_a_test",
    }.items():
        monkeypatch.setenv(f"STORE_{name}", value)

    said = CliRunner().invoke(demo, ["seed", "--orders", "1"])

    assert said.exit_code == 1
    assert "takes live payments" in said.output
