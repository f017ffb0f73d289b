"""Promises about the demonstration: its past is lived through the shop's own verbs."""

import stat
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

import pytest
from alembic import command
from sqlalchemy import func, select
from werkzeug.serving import make_server

from store.app import job_handlers
from store.catalog.models import Variant
from store.checkout.reconciling import reconcile
from store.clock import FixedClock
from store.database import db, writing
from store.inventory import stock
from store.jobs.worker import Worker
from store.mail.models import Message
from store.migrating import alembic_config, current_revision, newest_revision, upgrade
from store.newsletter.back_in_stock.models import StockRequest
from store.newsletter.campaigns.models import Campaign
from store.newsletter.models import Subscriber
from store.orders.models import Fulfilment, Order, OrderState
from store.payments.gateway import PageStatus
from store.sandbox.demonstration.addresses import Addresses, environment
from store.sandbox.demonstration.past import Past, take_stock
from store.sandbox.demonstration.setting_up import make_ready
from store.sandbox.demonstration.visitor import stand_at_the_pay_page
from store.sandbox.news_site.app import create_news_site
from store.sandbox.news_site.stories import STORIES
from store.tips.models import Tip
from store.widget.counting import count_views
from store.widget.models import Article, ArticleDay
from tests.builders import a_product
from tests.invariants import assert_invariants
from tests.ports import free_port
from tests.shop import Shop, open_shop, some_settings

VARIANTS = select(Variant)
NOTHING_KNOWN: Mapping[str, int] = MappingProxyType({})


def live_through(shop: Shop, orders: int, left: Mapping[str, int] = NOTHING_KNOWN) -> None:
    client = shop.app.test_client(use_cookies=False)

    def webhooks(payload: bytes, signature: str) -> int:
        headers = {"Stripe-Signature": signature}
        return client.post("/webhooks/stripe", data=payload, headers=headers).status_code

    Past(shop.services, shop.clock, shop.sandbox, webhooks, orders=orders, left=left).live()


def long_ago(shop: Shop) -> None:
    today = shop.clock.now()
    shop.clock.move_to(today - timedelta(days=100))
    with writing():
        a_product(shop.clock, title="Tee", stock=80, options={"Size": ["S", "M"]})
        a_product(shop.clock, title="Mug", stock=80)
        sticker = a_product(shop.clock, title="Supporter’s sticker", stock=80).variants[0]
        sticker.least_minor, sticker.most_minor, sticker.suggested = 500, 20_000, [1_000]
        card = a_product(shop.clock, title="Gift card", tracked=False).variants[0]
        card.is_gift_card, card.requires_shipping, card.taxable = True, False, False
    shop.clock.move_to(today)


@pytest.mark.slow
def test_a_past_leaves_shipped_orders_and_true_books(shop: Shop) -> None:
    with shop.app.app_context():
        long_ago(shop)

        live_through(shop, orders=24)

        states = Counter(db.session.scalars(select(Order.state)))
        assert states[OrderState.PAID] >= 10
        assert db.session.scalar(select(func.count(Fulfilment.id)))
        assert_invariants(shop.sandbox)


@pytest.mark.slow
def test_stories_have_led_readers_to_the_shop(
    database_url: str, tmp_path: Path, clock: FixedClock
) -> None:
    settings = some_settings(tmp_path, database_url, news_origins="http://localhost:5002")
    shop = open_shop(settings, clock)
    with shop.app.app_context():
        long_ago(shop)

        live_through(shop, orders=30)

        views, clicks = db.session.execute(
            select(func.sum(ArticleDay.views), func.sum(ArticleDay.clicks))
        ).one()
        from_stories = [story for story in db.session.scalars(select(Order.article)) if story]
        known = set(db.session.scalars(select(Article.url)))
        states = Counter(db.session.scalars(select(Subscriber.state)))
        assert views > clicks > len(from_stories) > 0
        assert set(from_stories) <= known
        assert set(states) == {"pending", "confirmed", "left"}
        assert db.session.scalar(select(func.count(Tip.id)))
        assert_invariants(shop.sandbox)
        db.engine.dispose()


@contextmanager
def news_site_at(port: int, shop: Shop) -> Iterator[None]:
    settings = shop.services.settings
    site = create_news_site(settings.public_url, "Gay Nation", settings.news_origins[0], shop.clock)
    server = make_server("127.0.0.1", port, site, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_stories_get_their_titles_as_soon_as_their_site_is_served(
    database_url: str, tmp_path: Path, clock: FixedClock
) -> None:
    port = free_port()
    site = f"http://localhost:{port}"
    shop = open_shop(some_settings(tmp_path, database_url, news_origins=site), clock)
    worker = Worker(shop.app, shop.services.queue, clock, job_handlers(shop.services))
    with shop.app.app_context():
        stories = {f"{site}/stories/{story.slug}": story.title for story in STORIES}
        with writing():
            for url in stories:
                count_views({url: 9}, shop.services.settings, clock)

        # While the demonstration is set up nobody serves the stories, and nothing waits for them.
        assert worker.run_due() == len(stories)
        assert worker.run_due() == 0
        clock.move_to(clock.now() + timedelta(seconds=30))
        with news_site_at(port, shop):
            worker.run_due()

        found = db.session.execute(select(Article.url, Article.title)).all()
        assert {row.url: row.title for row in found} == stories
    with shop.app.app_context():
        db.engine.dispose()


@pytest.mark.slow
def test_a_past_leaves_one_order_for_staff_to_look_at(shop: Shop) -> None:
    with shop.app.app_context():
        long_ago(shop)

        live_through(shop, orders=2)

        parked = db.session.scalars(select(Order).where(Order.state == OrderState.PARKED)).one()
        assert "would go to NZ" in parked.parked_reason
        assert [found.number for found in reconcile(shop.services)] == [parked.number]
        assert_invariants(shop.sandbox)


@pytest.mark.slow
def test_readers_wait_for_what_is_sold_out_and_were_told_of_what_is_back(shop: Shop) -> None:
    with shop.app.app_context():
        long_ago(shop)
        skus = [variant.sku or "" for variant in db.session.scalars(VARIANTS)]
        left = {skus[0]: 0, skus[1]: 2, skus[2]: 40}

        live_through(shop, orders=6, left=left)
        take_stock(left, shop.clock)

        asked = db.session.execute(
            select(Variant.sku, StockRequest.state).join(
                StockRequest, StockRequest.variant_id == Variant.id
            )
        ).all()
        of_gone = {row.state for row in asked if row.sku == skus[0]}
        of_back = {row.state for row in asked if row.sku == skus[1]}
        assert of_gone == {"pending", "waiting"}
        assert "told" in of_back
        assert skus[2] not in {row.sku for row in asked}
        kinds = set(db.session.scalars(select(Message.kind)))
        assert {"back_in_stock.invitation", "back_in_stock.back"} <= kinds
        assert_invariants(shop.sandbox)


def test_somebody_stands_at_the_pay_page_and_only_one(shop: Shop) -> None:
    with shop.app.app_context():
        long_ago(shop)

        stand_at_the_pay_page(shop.services)
        stand_at_the_pay_page(shop.services)

        order = db.session.scalars(select(Order)).one()
        assert order.state == OrderState.PENDING
        page = shop.services.payments.session(order.session_id or "")
        assert page.status is PageStatus.OPEN
        assert_invariants(shop.sandbox)


def test_what_has_no_price_of_its_own_stops_nobody_at_the_pay_page(shop: Shop) -> None:
    with shop.app.app_context():
        long_ago(shop)
        levels = stock.levels(db.session.scalars(select(Variant.id)).all())
        there_is_most_of = max(levels, key=lambda variant_id: levels[variant_id].available)
        with writing():
            db.session.get_one(Variant, there_is_most_of).least_minor = 500

        stand_at_the_pay_page(shop.services)

        assert db.session.scalars(select(Order)).one().state == OrderState.PENDING


@pytest.mark.slow
def test_after_the_count_as_much_is_left_as_the_catalogue_says(shop: Shop) -> None:
    with shop.app.app_context():
        long_ago(shop)
        live_through(shop, orders=6)
        skus = {variant.sku or "": variant.id for variant in db.session.scalars(VARIANTS)}

        take_stock(dict.fromkeys(skus, 3), shop.clock)

        levels = stock.levels(list(skus.values()))
        assert {level.available for level in levels.values()} == {3}
        assert_invariants(shop.sandbox)


def test_secrets_are_made_once_and_kept_for_their_owner_alone(tmp_path: Path) -> None:
    first = environment(Addresses(5000), tmp_path)

    again = environment(Addresses(5000), tmp_path)

    assert again == first
    mode = (tmp_path / "demo-secrets.json").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_the_pay_page_is_another_site_than_the_shop() -> None:
    addresses = Addresses(7000)

    assert addresses.shop == "http://127.0.0.1:7000"
    assert addresses.payments == "http://localhost:7001"
    assert addresses.news == "http://localhost:7002"


def test_a_demonstration_of_last_week_is_brought_up_to_date(tmp_path: Path) -> None:
    settings = some_settings(tmp_path, f"sqlite:///{tmp_path / 'store.sqlite'}")
    upgrade(settings)
    command.downgrade(alembic_config(settings.database_url), "-1")
    (tmp_path / "demonstration-is-set-up").touch()

    make_ready(settings, tmp_path / "sandbox.sqlite")

    assert current_revision(settings) == newest_revision()


def test_readers_were_written_to_and_a_draft_waits(shop: Shop) -> None:
    with shop.app.app_context():
        long_ago(shop)
        live_through(shop, orders=2)
        states = db.session.scalars(select(Campaign.state).order_by(Campaign.id)).all()

    archive = shop.browser().get("/newsletter/archive").text
    assert states == ["sent", "sent", "draft"]
    assert "Two things, fresh off the press" in archive
    assert "What we made while it rained" in archive
