"""Everything that orders keep of a reader, as JSON."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from store.database import db
from store.money import decimals
from store.orders.disputing.standing import disputes_of
from store.orders.downloads.giving import downloads_of
from store.orders.downloads.taking import takings_of
from store.orders.models import Order
from store.orders.papers.issuing import papers_of
from store.orders.returning.presenting import returns_of
from store.orders.shortage.standing import shortfalls_of


def orders_kept(email: str) -> Sequence[Order]:
    """Return every order that bears this address, the newest first."""
    return db.session.scalars(
        select(Order)
        .where(func.lower(Order.email) == email.strip().lower())
        .order_by(Order.id.desc())
    ).all()


def as_json(order: Order) -> dict[str, object]:
    """Return one order with all that was written down about it."""
    return {
        "number": order.number,
        "state": order.state,
        "placed_at": _at(order.placed_at),
        "paid_at": _at(order.paid_at),
        "email": order.email,
        "name": order.name,
        "phone": order.phone,
        "address": dict(order.address),
        "gift": order.is_gift,
        "note": order.note,
        "story": order.article,
        **_sums(order),
        "lines": _lines(order),
        "later_addresses": [
            {"name": row.name, "phone": row.phone, "address": dict(row.address), "at": _at(row.at)}
            for row in order.readdressings
        ],
        **_money_moved(order),
        "parcels": _parcels(order),
        "papers": [
            {"number": row.printed, "total": _amount(row.total_minor, row.currency)}
            for row in papers_of(order)
        ],
        "returns": _returns(order),
        "downloads": _downloads(order),
        "missing": [
            {
                "what": row.line.called,
                "quantity": row.quantity,
                "state": row.state,
                "opened_at": _at(row.opened_at),
            }
            for row in shortfalls_of(order)
        ],
        "disputes": [
            {
                "amount": _amount(row.amount_minor, row.currency),
                "status": row.status,
                "opened_at": _at(row.opened_at),
            }
            for row in disputes_of(order)
        ],
        "timeline": [{"what": row.kind, "at": _at(row.at)} for row in order.events],
    }


def _sums(order: Order) -> dict[str, object]:
    names = ("subtotal", "discount", "shipping", "tax", "total")
    sums = {name: _amount(getattr(order, f"{name}_minor"), order.currency) for name in names}
    return {"currency": order.currency, **sums}


def _lines(order: Order) -> list[dict[str, object]]:
    return [
        {
            "title": line.title,
            "variant": line.combination,
            "sku": line.sku,
            "quantity": line.quantity,
            "each": _amount(line.unit_price_minor, order.currency),
            "total": _amount(line.total_minor, order.currency),
        }
        for line in order.lines
    ]


def _money_moved(order: Order) -> dict[str, object]:
    return {
        "payments": [
            {
                "amount": _amount(row.amount_minor, row.currency),
                "with": row.method,
                "at": _at(row.at),
            }
            for row in order.payments
        ],
        "refunds": [
            {
                "amount": _amount(row.amount_minor, row.currency),
                "status": row.status,
                "at": _at(row.at),
            }
            for row in order.refunds
        ],
    }


def _parcels(order: Order) -> list[dict[str, object]]:
    return [
        {
            "carrier": row.carrier,
            "tracking": row.tracking_number,
            "sent_to": dict(row.sent_to),
            "shipped_at": _at(row.shipped_at),
            "delivered_at": _at(row.delivered_at),
        }
        for row in order.fulfilments
    ]


def _returns(order: Order) -> list[dict[str, object]]:
    return [
        {
            "state": one.state,
            "wish": one.wish,
            "note": one.note,
            "asked_at": _at(one.asked_at),
            "instructions": one.instructions,
            "refusal": one.refusal,
            "lines": [
                {"what": line.line.called, "quantity": line.quantity, "reason": line.reason}
                for line in one.lines
            ],
        }
        for one in returns_of(order)
    ]


def _downloads(order: Order) -> list[dict[str, object]]:
    return [
        {
            "file": one.file.name,
            "allowed": one.allowed,
            "until": _at(one.expires_at),
            "taken": [_at(taking.at) for taking in takings_of(one)],
        }
        for one in downloads_of(order)
    ]


def _amount(minor: int, currency: str) -> str:
    """Return an amount in plain figures, such as 45.00."""
    digits = decimals(currency)
    if not digits:
        return str(minor)
    whole, rest = divmod(abs(minor), 10**digits)
    return f"{'-' if minor < 0 else ''}{whole}.{rest:0{digits}}"


def _at(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
