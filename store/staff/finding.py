"""Finds from one line whatever a person may go to or do: sections, acts, products, orders.

A finder is a function from what was typed to hits; add yours to FINDERS with what it asks of who
looks. None may take longer than a few milliseconds in a shop of a hundred thousand orders.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import InstrumentedAttribute

from store.catalog.models import Product, Variant
from store.catalog.searching import search_everything
from store.catalog.words import words_of
from store.database import db
from store.orders.models import Order
from store.orders.searching import matching
from store.staff.navigation import SECTIONS
from store.staff.roles import Permission, Role, grants

LONGEST_QUERY = 100
LIMIT = 6
SHORTEST = 2
"""Letters from which on products and orders are looked for."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Somewhere to go; the detail tells it from its namesakes."""

    title: str
    path: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A section or an act, with other words under which somebody may look for it."""

    title: LazyString
    path: str
    permission: Permission
    words: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    hits: Sequence[Hit]


Finder = Callable[[str, Role, int], Sequence[Hit]]

ACTS = (
    Place(_l("New product"), "/staff/products/new", Permission.EDIT_PRODUCTS, "add create"),
    Place(
        _l("Receive a delivery"), "/staff/stock/delivery", Permission.EDIT_STOCK, "stock arrive add"
    ),
    Place(_l("Count the shelves"), "/staff/stock/count", Permission.EDIT_STOCK, "stocktake stock"),
    Place(_l("Ship what waits"), "/staff/orders/?view=to_ship", Permission.SHIP, "pack parcels"),
    Place(
        _l("Ship by a list of tracking numbers"), "/staff/orders/tracking", Permission.SHIP, "csv"
    ),
    Place(
        _l("Issue a gift card"),
        "/staff/gift-cards/new",
        Permission.EDIT_GIFT_CARDS,
        "voucher credit",
    ),
    Place(_l("Import products"), "/staff/imports/", Permission.IMPORT, "file csv shopify upload"),
    Place(_l("Export all products"), "/staff/imports/export.csv", Permission.IMPORT, "csv file"),
    Place(
        _l("Close or open the shop"), "/staff/shop/#closing", Permission.EDIT_SETTINGS, "holiday"
    ),
    Place(
        _l("Change the line above every page"),
        "/staff/shop/#notice",
        Permission.EDIT_CONTENT,
        "notice announcement banner",
    ),
    Place(_l("Write a new page"), "/staff/shop/pages/new", Permission.EDIT_CONTENT, "text add"),
    Place(
        _l("Silence every story, or end the silence"),
        "/staff/widget/",
        Permission.EDIT_CONTENT,
        "widget quiet",
    ),
    Place(
        _l("Let words of a search mean the same"),
        "/staff/search/#lines",
        Permission.EDIT_CONTENT,
        "synonyms search",
    ),
    Place(_l("Try a search"), "/staff/search/#try", Permission.EDIT_CONTENT, "synonyms test"),
    Place(_l("Try a story"), "/staff/widget/#try", Permission.EDIT_CONTENT, "widget test"),
    Place(
        _l("Stories that sell"), "/staff/reports/stories", Permission.SEE_REPORTS, "articles report"
    ),
    Place(_l("Read tips"), "/staff/inbox/tips", Permission.SEE_INBOX, "inbox newsroom"),
    Place(
        _l("Look up who is not mailed"),
        "/staff/suppressions/",
        Permission.SEE_SUBSCRIBERS,
        "bounced complained suppressed",
    ),
    Place(
        _l("Find a subscriber"),
        "/staff/subscribers/",
        Permission.SEE_SUBSCRIBERS,
        "newsletter addresses",
    ),
    Place(
        _l("Bring in a list of subscribers"),
        "/staff/subscribers/lists",
        Permission.EDIT_SUBSCRIBERS,
        "newsletter import csv file",
    ),
    Place(
        _l("What did not work"), "/staff/faults/", Permission.EDIT_SETTINGS, "errors failed mail"
    ),
    Place(
        _l("Choose the mails you get"),
        "/staff/account/mails",
        Permission.SEE_ORDERS,
        "email notifications",
    ),
    Place(
        _l("Your account"), "/staff/account/", Permission.OWN_ACCOUNT, "password passkey sessions"
    ),
)


def found(text: str, role: Role) -> list[Group]:
    """Return what this role may reach by these words, group by group; empty ones are left out."""
    typed = " ".join(text[:LONGEST_QUERY].split())
    groups = (
        Group(str(title), finder(typed, role, LIMIT))
        for title, permission, finder in FINDERS
        if grants(role, permission)
    )
    return [group for group in groups if group.hits]


def _sections(typed: str, role: Role, limit: int) -> Sequence[Hit]:
    places = [Place(s.title, s.path, s.permission) for s in SECTIONS]
    # Before anything is typed all of them stand there: they are the map.
    return _fitting(places, typed, role)[: limit if typed else len(places)]


def _acts(typed: str, role: Role, limit: int) -> Sequence[Hit]:
    return _fitting(ACTS, typed, role)[: limit if typed else len(ACTS)]


def _products(typed: str, _role: Role, limit: int) -> Sequence[Hit]:
    if len(typed) < SHORTEST:
        return ()
    by_title = search_everything(typed, limit=limit)
    by_sku = [
        row
        for begun in sorted({typed, typed.upper(), typed.lower()})
        for row in db.session.execute(
            select(Variant.product_id, Variant.sku)
            .where(_begins(Variant.sku, begun))
            .order_by(Variant.sku)
            .limit(limit)
        )
    ]
    skus = {row.product_id: row.sku for row in reversed(by_sku)}
    ids = list(dict.fromkeys([*(row.product_id for row in by_sku), *by_title]))[:limit]
    titles = dict(
        db.session.execute(select(Product.id, Product.title).where(Product.id.in_(ids))).all()
    )
    return [
        Hit(titles[number], f"/staff/products/{number}", skus.get(number) or "") for number in ids
    ]


def _orders(typed: str, _role: Role, limit: int) -> Sequence[Hit]:
    found = matching(typed) if len(typed) >= SHORTEST else None
    if found is None:
        return ()
    rows = db.session.execute(
        select(Order.number, Order.name, Order.email)
        .where(Order.id.in_(found))
        .order_by(Order.placed_at.desc(), Order.id.desc())
        .limit(limit)
    )
    return [Hit(row.number, f"/staff/orders/{row.number}", row.name or row.email) for row in rows]


def _begins(key: InstrumentedAttribute[str | None], begun: str) -> ColumnElement[bool]:
    if db.session.get_bind().dialect.name == "sqlite":
        # Of its LIKE, which folds letters, SQLite can make no range; its order is that of bytes.
        return and_(key >= begun, key < f"{begun}\U0010ffff")
    return key.startswith(begun, autoescape=True)


FINDERS: tuple[tuple[LazyString, Permission, Finder], ...] = (
    (_l("Orders"), Permission.SEE_ORDERS, _orders),
    (_l("Products"), Permission.SEE_PRODUCTS, _products),
    (_l("Go to"), Permission.SEE_HOME, _sections),
    (_l("Do"), Permission.SEE_HOME, _acts),
)


def _fitting(places: Sequence[Place], typed: str, role: Role) -> list[Hit]:
    wanted = words_of(typed)
    if typed and not wanted:
        return []
    return [
        Hit(str(place.title), place.path)
        for place in places
        if grants(role, place.permission) and _fits(place, wanted)
    ]


def _fits(place: Place, wanted: Sequence[str]) -> bool:
    words = words_of(f"{place.title} {place.words}")
    return all(any(word.startswith(begun) for word in words) for begun in wanted)
