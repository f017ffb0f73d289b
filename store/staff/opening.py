"""Joins what staff use into an application of its own, made when the first of them comes by."""

from ipaddress import ip_address
from typing import Any

from flask import Blueprint, Flask, request
from flask_babel import Babel
from werkzeug.routing import IntegerConverter, Map

from store.content.frame import Brand
from store.database import SHARED_ENGINE, db
from store.keyed import session_keys
from store.paths import TEMPLATES
from store.services import Services
from store.staff.limits import TooManyTriesError
from store.staff.navigation import current_section, groups_for
from store.staff.own_paths import own_path
from store.staff.permissions import install_permissions, known_here, may_do, owes_factor
from store.staff.saying import said
from store.staff.sign_in import install_sign_in
from store.staff.views.account import blueprint as account_views
from store.staff.views.brand import blueprint as brand_views
from store.staff.views.campaigns import blueprint as campaign_views
from store.staff.views.changes import blueprint as change_views
from store.staff.views.collections import blueprint as collection_views
from store.staff.views.connections import blueprint as connection_views
from store.staff.views.discounts import blueprint as discount_views
from store.staff.views.disputes import blueprint as dispute_views
from store.staff.views.factors import blueprint as factor_views
from store.staff.views.faults import blueprint as fault_views
from store.staff.views.finding import blueprint as find_views
from store.staff.views.gallery import blueprint as gallery_views
from store.staff.views.gift_cards import blueprint as gift_card_views
from store.staff.views.home import blueprint as home_views
from store.staff.views.imports import blueprint as import_views
from store.staff.views.inbox import blueprint as inbox_views
from store.staff.views.keeping import blueprint as kept_views
from store.staff.views.keeping import resume
from store.staff.views.mails import blueprint as mail_views
from store.staff.views.orders import blueprint as order_views
from store.staff.views.passwords import blueprint as password_views
from store.staff.views.people import blueprint as people_views
from store.staff.views.products.editor import blueprint as editor_views
from store.staff.views.products.files import blueprint as file_views
from store.staff.views.products.listing import blueprint as product_views
from store.staff.views.products.pictures import blueprint as picture_views
from store.staff.views.products.prices import blueprint as price_views
from store.staff.views.products.size_charts import blueprint as size_chart_views
from store.staff.views.products.ways_of_selling import blueprint as way_views
from store.staff.views.products.whole import blueprint as whole_product_views
from store.staff.views.reports import blueprint as report_views
from store.staff.views.returns import blueprint as return_views
from store.staff.views.search_words import blueprint as search_word_views
from store.staff.views.shipping import blueprint as shipping_views
from store.staff.views.shop import blueprint as shop_views
from store.staff.views.status import blueprint as status_views
from store.staff.views.stock import blueprint as stock_views
from store.staff.views.story_rules import blueprint as rule_views
from store.staff.views.subscribers import blueprint as subscriber_views
from store.staff.views.suppressions import blueprint as suppression_views
from store.staff.views.tax import blueprint as tax_views
from store.staff.views.tries import answer_too_many
from store.staff.views.unsaved import blueprint as unsaved_views
from store.staff.views.verify import blueprint as verify_views
from store.staff.views.verify import prove_first
from store.staff.views.waiting import blueprint as waiting_views
from store.staff.views.wording import blueprint as wording_views
from store.web.doors import EXTENSION
from store.web.edge import assets_of, counters_of, host_name, install_behind_edge
from store.web.filters import install_filters
from store.web.language import shop_language
from store.web.letterhead import imprint_of, install_letterhead, shop_settings

LARGEST_ROW_NUMBER = 2**31 - 1

BLUEPRINTS: tuple[Blueprint, ...] = (
    home_views,
    order_views,
    return_views,
    product_views,
    editor_views,
    whole_product_views,
    picture_views,
    file_views,
    price_views,
    way_views,
    size_chart_views,
    collection_views,
    dispute_views,
    discount_views,
    gift_card_views,
    unsaved_views,
    stock_views,
    waiting_views,
    import_views,
    report_views,
    inbox_views,
    campaign_views,
    suppression_views,
    subscriber_views,
    rule_views,
    search_word_views,
    shop_views,
    shipping_views,
    tax_views,
    brand_views,
    wording_views,
    gallery_views,
    connection_views,
    change_views,
    fault_views,
    status_views,
    account_views,
    factor_views,
    verify_views,
    kept_views,
    password_views,
    people_views,
    find_views,
    mail_views,
)


class RowNumber(IntegerConverter):
    """A number in an address is that of a row: what no row can have is no address at all."""

    def __init__(self, rules: Map, *given: Any, **named: Any) -> None:
        super().__init__(rules, *given, **({"max": LARGEST_ROW_NUMBER} | named))


def create_staff_app(shop: Flask, services: Services) -> Flask:
    """Return the application under /staff; it shares the shop's engine, counters and doors."""
    settings = services.settings
    app = Flask("store.staff", template_folder=str(TEMPLATES), static_folder=None)
    app.extensions[EXTENSION] = services
    with shop.app_context():
        engine = db.engine
    app.config.from_mapping(
        {
            **session_keys(settings),
            "SQLALCHEMY_DATABASE_URI": settings.database_url,
            SHARED_ENGINE: engine,
            "BABEL_DEFAULT_TIMEZONE": settings.timezone,
        }
    )
    db.init_app(app)
    Babel(app, locale_selector=shop_language)
    install_filters(app, settings)
    app.jinja_env.bytecode_cache = shop.jinja_env.bytecode_cache
    # First: sign-in reads and keeps posts, and must not before their size and origin were checked.
    install_behind_edge(
        app,
        settings,
        counters_of(shop),
        assets_of(shop),
        error_pages="staff/errors",
        group="staff",
    )
    install_letterhead(app, imprint_of(shop))
    install_sign_in(app, services)
    app.register_error_handler(TooManyTriesError, answer_too_many)
    app.url_map.converters["int"] = RowNumber
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint, url_prefix=f"/staff{blueprint.url_prefix or ''}")
    install_permissions(app, resume, prove_first)
    _install_frame(app, services)
    return app


def _install_frame(app: Flask, services: Services) -> None:
    @app.context_processor
    def frame() -> dict[str, object]:
        # A post may be refused for its size or origin before anybody looked whose session it is.
        found = known_here()
        is_outside = found is not None and owes_factor()
        groups = groups_for(found, request.path) if found and not is_outside else ()
        return {
            "is_staff": True,
            "brand": Brand.of(shop_settings()),
            "person": found,
            "owes_factor": is_outside,
            "may_do": may_do,
            "said": said,
            "groups": groups,
            "current_section": current_section(groups),
            "is_live": not _is_test(services),
            "shop_url": services.settings.public_url,
            "has_host_name": not _is_number(request.host),
            "own_path": own_path,
        }


def _is_number(host: str) -> bool:
    """Whether the shop is reached by an address of figures: no browser makes passkeys for one."""
    try:
        ip_address(host_name(host))
    except ValueError:
        return False
    return True


def _is_test(services: Services) -> bool:
    return services.settings.stripe_key.get_secret_value().startswith(("sk_test_", "rk_test_"))
