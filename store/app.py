"""The only place where parts are joined: settings and doors in, a Flask application out."""

from flask import Flask
from flask_babel import Babel

# The metadata must know every table, also those that no view imports.
import store.cart.models
import store.catalog.files.models
import store.catalog.importing.models
import store.catalog.models
import store.catalog.prices.models
import store.checkout.models
import store.connections.models
import store.content.models
import store.gift_cards.models
import store.inventory.models
import store.jobs.models
import store.mail.models
import store.mail.rest_models
import store.newsletter.back_in_stock.models
import store.newsletter.bounces.models
import store.newsletter.campaigns.models
import store.newsletter.campaigns.visit_models
import store.newsletter.importing.models
import store.newsletter.models
import store.newsletter.second_step.models
import store.orders.ahead.models
import store.orders.bounced.models
import store.orders.disputing.models
import store.orders.downloads.models
import store.orders.models
import store.orders.own_data.models
import store.orders.papers.models
import store.orders.returning.models
import store.orders.shortage.models
import store.pricing.models
import store.tips.models
import store.waiting.last_unit.models
import store.waiting.left_carts.models
import store.widget.models  # noqa: F401
from store import reporting, tracing
from store.api.views.page import blueprint as api_page
from store.cart.views import blueprint as cart_views
from store.catalog.delivery import HOME_DELIVERY
from store.catalog.feeds import blueprint as feed_views
from store.catalog.listed_prices import LISTED_PRICE
from store.catalog.previewing import signed_moment
from store.catalog.prices.current import next_price
from store.catalog.publishing import next_publication
from store.catalog.rows import TELLS_LOWEST_PRICE
from store.catalog.views import blueprint as catalog_views
from store.checkout.views import blueprint as checkout_views
from store.checkout.vitals import vitals
from store.checkout.webhooks import blueprint as webhook_views
from store.clock import SystemClock
from store.content.feeds import blueprint as sitemap_views
from store.content.sitemap import MORE_PLACES
from store.content.views import blueprint as content_views
from store.database import db, engine_options, prepare_engine
from store.gift_cards.own_data import GiftCardKeeper
from store.gift_cards.views import blueprint as gift_card_views
from store.jobs.hints import install_hints
from store.jobs.huey_queue import HueyQueue
from store.jobs.labours import Labour
from store.jobs.queue import Handler
from store.jobs.sweeps import Sweep, own_sweeps
from store.keyed import session_keys
from store.mail import sending as mail_sending
from store.mail.opening import open_mailer
from store.media.private_files import open_files
from store.media.storage import open_media
from store.newsletter.back_in_stock.views import blueprint as stock_request_views
from store.newsletter.bounces.webhooks import blueprint as bounce_views
from store.newsletter.campaigns.feeds import blueprint as letter_feeds
from store.newsletter.campaigns.places import archive_places
from store.newsletter.campaigns.views import blueprint as archive_views
from store.newsletter.own_data import NewsletterKeeper
from store.newsletter.preferences.views import blueprint as preference_views
from store.newsletter.views import blueprint as newsletter_views
from store.orders.models import Order
from store.orders.own_data.erasing import OrderKeeper
from store.orders.own_data.keepers import KEEPERS, Keepers
from store.orders.views import blueprint as order_views
from store.orders.views.downloads import links as download_views
from store.paths import TEMPLATES
from store.payments.stripe_gateway import StripeGateway
from store.pricing.views import blueprint as pricing_views
from store.pricing.views import home_delivery, listed_price
from store.services import Services
from store.settings import Settings
from store.tips.views import blueprint as tip_views
from store.waiting.own_data import WaitingKeeper
from store.waiting.views.last_unit import blueprint as last_unit_views
from store.waiting.views.left_carts import blueprint as left_cart_views
from store.web.application import Application
from store.web.beside import run_beside
from store.web.doors import EXTENSION
from store.web.edge import install_edge
from store.web.filters import install_filters
from store.web.language import shop_language
from store.web.late import LateApplication
from store.web.machine import release
from store.web.media import blueprint as media_views
from store.web.page_memory import page_memory
from store.widget import tasks as widget_tasks
from store.widget.views.card import blueprint as card_views
from store.widget.views.checking import blueprint as checking_views
from store.widget.views.embedding import blueprint as embedding_views
from store.widget.views.leading import blueprint as leading_views
from store.widget.views.script import blueprint as script_views

STAFF = "store_staff"
"""Where the shop's application keeps the one of staff."""
API = "store_api"

BLUEPRINTS = (
    catalog_views,
    feed_views,
    content_views,
    sitemap_views,
    pricing_views,
    cart_views,
    gift_card_views,
    order_views,
    download_views,
    checkout_views,
    webhook_views,
    tip_views,
    newsletter_views,
    archive_views,
    letter_feeds,
    preference_views,
    stock_request_views,
    bounce_views,
    last_unit_views,
    left_cart_views,
    card_views,
    leading_views,
    script_views,
    checking_views,
    embedding_views,
    media_views,
    api_page,
)


def create_app(settings: Settings, services: Services) -> Flask:
    """Join settings, doors, rooms and edge; open_doors() gives the doors that a shop runs with."""
    tracing.turn_on(settings, release())
    reporting.turn_on(settings, release())
    app = Application("store", template_folder=str(TEMPLATES), static_folder=None)
    app.extensions[EXTENSION] = services
    app.config.from_mapping(
        **session_keys(settings),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        BABEL_DEFAULT_TIMEZONE=settings.timezone,
    )
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
        tracing.follow_statements(db.engine)
        db.engine.update_execution_options(**{TELLS_LOWEST_PRICE: settings.tells_lowest_price})
        install_hints(db.engine, services.queue)
    Babel(app, locale_selector=shop_language)
    install_filters(app, settings)
    app.extensions[HOME_DELIVERY] = home_delivery
    app.extensions[KEEPERS] = Keepers(
        (OrderKeeper(), NewsletterKeeper(), GiftCardKeeper(), WaitingKeeper())
    )
    app.extensions[LISTED_PRICE] = listed_price
    app.extensions[MORE_PLACES] = archive_places
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    staff, api = (
        LateApplication(lambda: _open_staff(app)),
        LateApplication(lambda: _open_api(app)),
    )
    app.extensions |= {STAFF: staff, API: api}
    install_edge(
        app,
        services,
        next_changes=(next_publication, next_price),
        beside={"/staff": staff, "/api": api},
        previews=lambda token: signed_moment(token, settings, services.clock),
        gauges=vitals,
    )
    return app


def _open_staff(shop: Flask) -> Flask:
    # Imported when the first of them comes by: readers do not wait for what staff sign in with.
    from store.staff.opening import create_staff_app

    return create_staff_app(shop, shop.extensions[EXTENSION])


def _open_api(shop: Flask) -> Flask:
    # It writes what staff write, and so it waits as they do.
    from store.api.opening import create_api_app

    return create_api_app(shop, shop.extensions[EXTENSION])


def open_doors(settings: Settings) -> Services:
    """Open every door to the outside that the settings name."""
    return Services(
        settings=settings,
        clock=SystemClock(),
        payments=StripeGateway(settings),
        mailer=open_mailer(settings),
        media=open_media(settings.media_url),
        queue=HueyQueue(settings.queue_url),
        files=open_files(settings.files_url),
    )


def work_beside(app: Flask, services: Services) -> None:
    """Start what a process that serves readers does beside its requests."""
    tally = page_memory(app).tally

    def flush_views() -> None:
        widget_tasks.flush_views(tally, services)

    def read_ahead() -> None:
        widget_tasks.read_ahead(services)

    run_beside(app, flush_views, seconds=widget_tasks.FLUSH_SECONDS)
    run_beside(app, read_ahead, seconds=widget_tasks.READ_AHEAD_SECONDS)


def data_keepers() -> Keepers:
    """Return whoever keeps something of readers, with the audit, which workers alone touch."""

    def forget_reader_of(order: Order) -> None:
        # Imported when somebody is forgotten: with it comes all that staff sign in with.
        from store.staff import own_data

        own_data.forget_reader_of(order)

    traces = (forget_reader_of,)
    return Keepers(
        (OrderKeeper(traces), NewsletterKeeper(), GiftCardKeeper(), WaitingKeeper()), traces
    )


def job_handlers(services: Services) -> dict[str, Handler]:
    """Return what a worker runs, by kind of job."""
    from store.catalog import tasks as catalog_tasks
    from store.checkout import tasks as checkout_tasks
    from store.connections import tasks as connection_tasks
    from store.content import tasks as content_tasks
    from store.gift_cards import tasks as gift_card_tasks
    from store.newsletter import tasks as newsletter_tasks
    from store.newsletter.back_in_stock import tasks as stock_request_tasks
    from store.newsletter.bounces import tasks as bounce_tasks
    from store.newsletter.suppressing import ReaderManners
    from store.orders import tasks as order_tasks
    from store.orders.downloads import tasks as download_tasks
    from store.orders.own_data import tasks as own_data_tasks
    from store.staff import tasks as staff_tasks

    return {
        **mail_sending.handlers(
            services.mailer,
            services.clock,
            services.settings,
            ReaderManners(services.settings, services.clock),
        ),
        **catalog_tasks.handlers(services),
        **connection_tasks.handlers(services),
        **content_tasks.handlers(services),
        **checkout_tasks.handlers(services),
        **order_tasks.handlers(services),
        **download_tasks.handlers(services),
        **own_data_tasks.handlers(services, data_keepers()),
        **gift_card_tasks.handlers(services),
        **newsletter_tasks.handlers(services),
        **stock_request_tasks.handlers(services),
        **bounce_tasks.handlers(services),
        **widget_tasks.handlers(services),
        **staff_tasks.handlers(services),
    }


def job_sweeps(services: Services) -> tuple[Sweep, ...]:
    """Return what workers do every so often, each in one worker at a time."""
    from store.cart import tasks as cart_tasks
    from store.catalog import tasks as catalog_tasks
    from store.checkout import tasks as checkout_tasks
    from store.connections import tasks as connection_tasks
    from store.gift_cards import tasks as gift_card_tasks
    from store.inventory import tasks as inventory_tasks
    from store.newsletter import tasks as newsletter_tasks
    from store.newsletter.back_in_stock import tasks as stock_request_tasks
    from store.newsletter.bounces import tasks as bounce_tasks
    from store.newsletter.campaigns import tasks as campaign_tasks
    from store.orders import tasks as order_tasks
    from store.orders.downloads import tasks as download_tasks
    from store.orders.own_data import tasks as own_data_tasks
    from store.staff import tasks as staff_tasks
    from store.tips import tasks as tip_tasks
    from store.waiting import tasks as waiting_tasks

    return (
        *own_sweeps(services.clock),
        *cart_tasks.sweeps(services),
        *connection_tasks.sweeps(services),
        *catalog_tasks.sweeps(services),
        *gift_card_tasks.sweeps(services),
        *inventory_tasks.sweeps(services),
        *mail_sending.sweeps(services.clock),
        *checkout_tasks.sweeps(services),
        *order_tasks.sweeps(services),
        *download_tasks.sweeps(services),
        *own_data_tasks.sweeps(services, data_keepers()),
        *tip_tasks.sweeps(services),
        *widget_tasks.sweeps(services),
        *newsletter_tasks.sweeps(services),
        *stock_request_tasks.sweeps(services),
        *campaign_tasks.sweeps(services),
        *bounce_tasks.sweeps(services),
        *waiting_tasks.sweeps(services),
        *staff_tasks.sweeps(services),
    )


def job_labours(services: Services) -> tuple[Labour, ...]:
    """Return what every worker does beside its jobs, part by part."""
    from store.newsletter.campaigns import tasks as campaign_tasks

    return campaign_tasks.labours(services)
