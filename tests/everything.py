"""A shop in which there is something of everything: a row in every table, whatever is looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Integer,
    LargeBinary,
    Table,
    func,
    insert,
    select,
    update,
)

from store.connections.models import CHOSEN_KINDS
from store.database import Moment, db, writing
from store.orders.models import OrderLine
from store.orders.returning.models import ReturnLine
from tests.browser.letters import every_letter
from tests.builders import a_collection, a_product, an_image
from tests.buying import a_variant, fill_cart, post
from tests.discounts import a_discount
from tests.gift_cards.giving import a_gift_card, spend
from tests.newsletter.test_scanners import mails_that_take_a_while
from tests.shop import Shop

HASH = "ab" * 32
PLAIN: tuple[tuple[type[Any], Any], ...] = (
    (Boolean, False),
    (Integer, 1),
    (LargeBinary, b"words"),
    (JSON, {}),
)
Row = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Everything:
    """What to begin from: a reader with a cart, and what was mailed, where links are found."""

    variant_id: int
    reader: FlaskClient
    texts: tuple[str, ...]


def fill(shop: Shop) -> Everything:
    """Fill an empty shop by its verbs, and by rows where a verb would take long; inside the app."""
    letters = every_letter(shop)
    texts = [part for letter in letters for part in (letter.html, letter.text)]
    texts += mails_that_take_a_while(shop, a_variant(shop, handle="sold-out", stock=0))
    _count_what_comes_back()
    variant_id = _goods(shop)
    reader = _a_reader_with_a_cart(shop, variant_id)
    with writing():
        _write_rows(_rows(shop.clock.now()), shop.clock.now())
    return Everything(variant_id, reader, tuple(texts))


def empty_tables() -> list[str]:
    """Return the tables without a row; a new one is to be filled below."""
    return [
        table.name
        for table in db.metadata.sorted_tables
        if not db.session.scalar(select(func.count()).select_from(table))
    ]


def _count_what_comes_back() -> None:
    """Let the lines of orders know of the returns that letters were written of."""
    of_a_line = (
        select(func.sum(ReturnLine.quantity))
        .where(ReturnLine.order_line_id == OrderLine.id)
        .scalar_subquery()
    )
    with writing():
        db.session.execute(update(OrderLine).values(coming_back=func.coalesce(of_a_line, 0)))


def _goods(shop: Shop) -> int:
    with writing():
        tee = a_product(
            shop.clock,
            handle="late-edition-tee",
            title="Late Edition tee",
            options={"Size": ["S", "M"], "Colour": ["Ink", "Paper"]},
            tags=["press"],
        )
        an_image(tee, content_hash=HASH).variants.append(tee.variants[0])
        a_collection(shop.clock, [tee], handle="front-page")
        return tee.variants[0].id


def _a_reader_with_a_cart(shop: Shop, variant_id: int) -> FlaskClient:
    a_discount(shop)
    code = a_gift_card(shop)
    reader = shop.browser()
    fill_cart(reader, variant_id, 2)
    post(reader, "/cart/discount", code="WELCOME10")
    spend(reader, code)
    return reader


def _rows(now: datetime) -> Sequence[Row]:
    """Return what each table gets that is empty still; what it wants besides is filled in."""
    day, later = now.date(), now + timedelta(days=3)
    return (
        *_below_stories(day),
        *_on_pages(),
        *_of_products(later),
        *_after_a_sale(later),
        *_of_mails(later),
        *_of_machines(),
    )


def _below_stories(day: date) -> Sequence[Row]:
    return (
        ("article", {"url": "https://news.example/pool", "origin": "https://news.example"}),
        ("article_day", {"day": day, "views": 3, "clicks": 2}),
        ("block", {"scope": "section", "key": "sport"}),
        ("pin", {"scope": "section", "key": "arts"}),
        ("quiet_topic", {"words": "an accident"}),
        ("synonym", {"word": "frock", "means": "dress"}),
        ("widget_switch", {"id": 1, "actor": "Robin"}),
        ("campaign_day", {"day": day, "visits": 4}),
    )


def _on_pages() -> Sequence[Row]:
    return (
        ("announcement", {"text": "Free shipping", "link": "/products", "is_active": True}),
        ("collection_rule", {"field": "title", "relation": "contains", "value": "tee"}),
        ("former_handle", {"handle": "an-older-tee"}),
        ("former_collection_handle", {"handle": "an-older-page"}),
        ("home_section", {"kind": "lead", "headline": "A lead", "standfirst": "And its text"}),
        ("page", {"slug": "shipping", "title": "Shipping", "body": "It goes out on Mondays."}),
        ("shop_closure", {"id": 1, "is_closed": False, "words": "Back on Monday"}),
        ("search_synonym", {"words": "esky, cool box"}),
    )


def _of_products(later: datetime) -> Sequence[Row]:
    return (
        ("size_chart", {"name": "Tees", "body": "| Size | Chest |\n| --- | --- |\n| S | 50 |"}),
        ("size_chart_type", {"product_type": "T-shirts"}),
        ("product_size_chart", {}),
        ("product_edit", {"about": "product:1", "title": "A tee", "form": [["title", "A tee"]]}),
        ("product_import", {"name": "tees.csv", "state": "ready", "content": b"Handle\n"}),
        ("import_row", {"kind": "change", "handle": "tee", "title": "A tee", "text": "A tee"}),
        ("picture_fault", {"reason": "It is no picture"}),
        ("price_change", {"price_minor": 2_000, "currency": "AUD", "starts_at": later}),
    )


def _after_a_sale(later: datetime) -> Sequence[Row]:
    return (
        ("dispute", {"amount_minor": 1_000, "currency": "AUD", "status": "needs_response"}),
        ("order_readdressing", {"name": "Robin", "address": _address(), "actor": "robin"}),
        ("order_gift", {"recipient": "robin@example.org", "message": "With love"}),
        ("cart_gift", {"recipient": "robin@example.org", "message": "With love"}),
        ("redemption", {"name": "Welcome", "code": "WELCOME10", "amount_minor": 100}),
        ("gift_card_use", {"last_four": "7K3Q", "amount_minor": 100}),
        ("shortfall", {"quantity": 1, "state": "open", "decide_by": later}),
        ("refund_remedy", {"how": "dropped", "note": "She wants none", "actor": "robin"}),
        ("sold_ahead", {}),
        ("download_taking", {"ordinal": 99}),
        ("reconciliation", {"differences": 1, "named": [{"order": "GN-1", "says": "paid"}]}),
        ("stripe_event", {"kind": "charge.updated", "body": "{}", "error": "It was late"}),
        ("tax_terms", {"id": 1, "terms": {}}),
        ("tracking_list", {"rows": []}),
    )


def _of_mails(later: datetime) -> Sequence[Row]:
    return (
        ("delivery", {"state": "refused", "domain": "example.org", "answer": "550 no"}),
        ("mail_recipient", {"kind": "orders.new", "address": "desk@example.org"}),
        ("mail_report", {"kind": "hard", "provider": "mailbox", "diagnostic": "550 unknown"}),
        ("mail_rest", {"domain": "example.org", "until": later, "answer": "451 later"}),
        ("mail_wording", {"template": "orders/shipped", "subject": "On its way"}),
        ("imported_address", {"email": "listed-too@example.org"}),
        ("suppression", {"email_hash": HASH, "reason": "by_hand"}),
        ("tip_file", {"name": "minutes.pdf", "media_type": "application/pdf", "size_bytes": 5}),
    )


def _of_machines() -> Sequence[Row]:
    return (
        ("api_token", {"name": "Warehouse", "prefix": "gn_1", "scopes": ["orders:read"]}),
        ("api_answer", {"status": 200, "body": "{}"}),
        ("parked_form", {"path": "/staff/orders/", "fields": [["text", "A note"]], "files": []}),
        ("staff_passkey", {"name": "A key", "usage": "first", "transports": ["usb"]}),
        ("webhook_endpoint", {"url": "https://partner.example/", "kinds": list(CHOSEN_KINDS)}),
        ("webhook_delivery", {"kind": "order.paid", "about": "GN-1", "body": "{}"}),
        ("webhook_attempt", {"status": 500, "answer": "No", "fault": "It refused"}),
    )


def _address() -> dict[str, str]:
    return {
        "line1": "7 Proof Place",
        "line2": "",
        "city": "Fremantle",
        "state": "WA",
        "postal_code": "6160",
        "country": "AU",
    }


def _write_rows(rows: Sequence[Row], now: datetime) -> None:
    named, given = set(empty_tables()), dict(rows)
    for table in db.metadata.sorted_tables:
        if table.name in named:
            values = {**_least(table, now), **given.get(table.name, {})}
            db.session.execute(insert(table).values(values))


def _least(table: Table, now: datetime) -> dict[str, Any]:
    """Return what a row of this table cannot be without."""
    return {
        column.name: _some(column, now)
        for column in table.columns
        if not column.nullable
        and column.default is None
        and column.server_default is None
        and not _counts_itself(column)
    }


def _counts_itself(column: Column[Any]) -> bool:
    is_alone = column.primary_key and len(column.table.primary_key.columns) == 1
    return is_alone and isinstance(column.type, Integer) and not column.foreign_keys


def _some(column: Column[Any], now: datetime) -> Any:
    for key in column.foreign_keys:
        return db.session.scalar(select(key.column).limit(1))
    for kind, value in ((Moment, now), (Date, now.date()), *PLAIN):
        if isinstance(column.type, kind):
            return value
    return f"{column.table.name} {column.name}"[: getattr(column.type, "length", None) or 60]
