"""Keeps the words under which staff find orders, in the form that each database searches best."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Integer,
    column,
    delete,
    literal,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.orm import defer, selectinload

from store.catalog.words import LONGEST_WORD, index_words, words_of
from store.database import db
from store.orders.models import Order

SEARCH_TABLE = "order_search"
INDEX = table(SEARCH_TABLE, column("order_id", Integer), column("goods"), column("document"))
ROWID: ColumnElement[int] = literal_column(f"{SEARCH_TABLE}.rowid", Integer)
BATCH = 500
LONGEST_TEXT = 2_000
_PIECE = re.compile(r"\S+")
_INTO_SQLITE = text(
    "INSERT INTO order_search (rowid, goods, others) VALUES (:order_id, :goods, :others)"
)
_INTO_POSTGRESQL = text(
    "INSERT INTO order_search (order_id, goods, document)"
    " VALUES (:order_id, CAST(:goods AS tsvector), CAST(:document AS tsvector))"
)


def index_order(order: Order) -> None:
    """Write the words of one order anew, in the open transaction."""
    index_orders([order.id])


def index_orders(order_ids: Sequence[int]) -> None:
    """Write the words of these orders anew, in the open transaction."""
    db.session.flush()
    is_sqlite = is_on_sqlite()
    order_id: ColumnElement[int] = ROWID if is_sqlite else INDEX.c.order_id
    for start in range(0, len(order_ids), BATCH):
        batch = order_ids[start : start + BATCH]
        db.session.execute(delete(INDEX).where(order_id.in_(batch)))
        rows = [_sqlite_row(o) if is_sqlite else _postgresql_row(o) for o in _orders(batch)]
        if rows:
            db.session.execute(_INTO_SQLITE if is_sqlite else _INTO_POSTGRESQL, rows)


def unindexed(since: datetime) -> list[int]:
    """Return orders placed since then that no search finds: whoever wrote them knew of no index."""
    order_id: ColumnElement[int] = ROWID if is_on_sqlite() else INDEX.c.order_id
    known = select(literal(1)).select_from(INDEX).where(order_id == Order.id).correlate(Order)
    return list(
        db.session.scalars(
            select(Order.id).where(Order.placed_at >= since, ~known.exists()).order_by(Order.id)
        )
    )


def is_on_sqlite() -> bool:
    return db.session.get_bind().dialect.name == "sqlite"


def compact(piece: str) -> str:
    """Return a number, an address or a code without its marks: GN-7K3Q-F2XW → gn7k3qf2xw."""
    return "".join(words_of(piece))[:LONGEST_WORD]


def _orders(ids: Sequence[int]) -> Sequence[Order]:
    return db.session.scalars(
        select(Order)
        .where(Order.id.in_(ids))
        .options(
            defer(Order.session_request),
            selectinload(Order.lines),
            selectinload(Order.fulfilments),
            selectinload(Order.readdressings),
        )
    ).all()


def _sqlite_row(order: Order) -> dict[str, object]:
    return {
        "order_id": order.id,
        "goods": " ".join(_forms(_goods(order))),
        "others": " ".join(_forms(_others(order))),
    }


def _postgresql_row(order: Order) -> dict[str, object]:
    goods = _forms(_goods(order))
    return {
        "order_id": order.id,
        "goods": _vector(goods),
        "document": _vector([*goods, *_forms(_others(order))]),
    }


def _vector(words: Sequence[str]) -> str:
    # Words are letters and digits only, so that quoting them is enough.
    return " ".join(f"'{word}'" for word in words)


def _goods(order: Order) -> Iterator[str]:
    """Yield what anybody who sees orders may search by."""
    yield from (order.number, order.number.partition("-")[2])
    for line in order.lines:
        yield from (line.title, line.combination, line.sku)


def _others(order: Order) -> Iterator[str]:
    """Yield who and where: at first, and wherever it was sent later, for readers name either."""
    yield from (order.email, order.name, order.phone, *order.address.values())
    for later in order.readdressings:
        yield from (later.name, later.phone, *later.address.values())
    for parcel in order.fulfilments:
        yield from (parcel.carrier, parcel.tracking_number)


def _forms(texts: Iterator[str]) -> list[str]:
    """Return every word of the texts, and each code with marks in it as one word as well."""
    forms: dict[str, None] = {}
    for given in texts:
        kept = given[:LONGEST_TEXT]
        forms.update(dict.fromkeys(index_words(kept)))
        forms.update(dict.fromkeys(compact(piece) for piece in _PIECE.findall(kept)))
    forms.pop("", None)
    return list(forms)
