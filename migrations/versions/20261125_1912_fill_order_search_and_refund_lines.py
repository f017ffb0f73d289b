"""Write the words of the orders that are there, and the lines of their refunds, as rows.

Words are folded by the catalogue's own rules, so that what was there is found like what comes.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from store.catalog.words import LONGEST_WORD, index_words, words_of

revision = "20261125_1912"
down_revision = "20261125_1911"

BATCH = 1_000
LONGEST_TEXT = 2_000
PIECE = re.compile(r"\S+")
ORDERS = sa.text(
    'SELECT id, number, email, name, phone, address FROM "order"'
    " WHERE id > :after ORDER BY id LIMIT :batch"
)
LINES = sa.text(
    "SELECT order_id, title, combination, sku FROM order_line"
    " WHERE order_id BETWEEN :first AND :last ORDER BY id"
)
PARCELS = sa.text(
    "SELECT order_id, carrier, tracking_number FROM fulfilment"
    " WHERE order_id BETWEEN :first AND :last ORDER BY id"
)
INTO_SQLITE = sa.text(
    "INSERT INTO order_search (rowid, goods, others) VALUES (:order_id, :goods, :others)"
)
INTO_POSTGRESQL = sa.text(
    "INSERT INTO order_search (order_id, goods, document)"
    " VALUES (:order_id, CAST(:goods AS tsvector), CAST(:document AS tsvector))"
)
REFUNDS = sa.text(
    "SELECT id, stripe_id, status, line_ids FROM refund"
    " WHERE id NOT IN (SELECT refund_id FROM refund_line) ORDER BY id"
)
REFUNDED = sa.text("SELECT id, quantity, total_minor, cancelled FROM order_line WHERE id = :id")
INTO_LINES = sa.text(
    "INSERT INTO refund_line (refund_id, order_line_id, quantity, amount_minor, cancelled)"
    " VALUES (:refund, :line, :quantity, :amount, :cancelled)"
)


def upgrade() -> None:
    _fill_search()
    _fill_refund_lines()


def downgrade() -> None:
    op.execute("DELETE FROM refund_line")
    op.execute("DELETE FROM order_search")


def _fill_search() -> None:
    connection = op.get_bind()
    is_sqlite = connection.dialect.name == "sqlite"
    after = 0
    while orders := connection.execute(ORDERS, {"after": after, "batch": BATCH}).all():
        span = {"first": orders[0].id, "last": orders[-1].id}
        goods = _texts(connection.execute(LINES, span))
        parcels = _texts(connection.execute(PARCELS, span))
        # What a process of this release has written meanwhile is written anew.
        key = "rowid" if is_sqlite else "order_id"
        known = f"DELETE FROM order_search WHERE {key} BETWEEN :first AND :last"  # noqa: S608 - two names of ours
        connection.execute(sa.text(known), span)
        rows = [_row(order, goods[order.id], parcels[order.id], is_sqlite) for order in orders]
        connection.execute(INTO_SQLITE if is_sqlite else INTO_POSTGRESQL, rows)
        after = orders[-1].id


def _texts(rows: Iterable[Any]) -> dict[int, list[str]]:
    texts: dict[int, list[str]] = defaultdict(list)
    for order_id, *found in rows:
        texts[order_id] += found
    return texts


def _row(order: Any, lines: list[str], parcels: list[str], is_sqlite: bool) -> dict[str, Any]:  # noqa: FBT001 - one fact of the database
    goods = _forms([order.number, order.number.partition("-")[2], *lines])
    where = _read(order.address) or {}
    others = _forms([order.email, order.name, order.phone, *where.values(), *parcels])
    if is_sqlite:
        return {"order_id": order.id, "goods": " ".join(goods), "others": " ".join(others)}
    return {"order_id": order.id, "goods": _vector(goods), "document": _vector([*goods, *others])}


def _forms(texts: list[str]) -> list[str]:
    forms: dict[str, None] = {}
    for given in texts:
        kept = given[:LONGEST_TEXT]
        forms.update(dict.fromkeys(index_words(kept)))
        pieces = PIECE.findall(kept)
        forms.update(dict.fromkeys("".join(words_of(piece))[:LONGEST_WORD] for piece in pieces))
    forms.pop("", None)
    return list(forms)


def _vector(words: list[str]) -> str:
    return " ".join(f"'{word}'" for word in words)


def _fill_refund_lines() -> None:
    connection = op.get_bind()
    for refund in connection.execute(REFUNDS).all():
        rows = list(_refund_lines(connection, refund))
        if rows:
            connection.execute(INTO_LINES, rows)


def _refund_lines(connection: sa.Connection, refund: Any) -> Iterator[dict[str, Any]]:
    """Until now a refund named whole lines, and cancelled what had not been sent of them."""
    stands = refund.stripe_id is not None and refund.status not in {"failed", "canceled"}
    for line_id in _read(refund.line_ids) or ():
        line = connection.execute(REFUNDED, {"id": line_id}).one()
        yield {
            "refund": refund.id,
            "line": line.id,
            "quantity": line.quantity,
            "amount": line.total_minor,
            "cancelled": line.cancelled if stands else 0,
        }


def _read(value: Any) -> Any:
    """Return JSON as Python has it: PostgreSQL's driver reads it, SQLite's does not."""
    return json.loads(value) if isinstance(value, str) else value
