"""Reads orders for whoever packs them elsewhere: what is to be sent where, and nothing more."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, select, text
from sqlalchemy.orm import defer, selectinload

from store.api import shapes
from store.database import Moment, db
from store.errors import NotFoundError
from store.orders.carriers import doubt_about
from store.orders.correcting import parcel_of
from store.orders.lifecycle import FulfilmentStatus, fulfilment_status
from store.orders.models import (
    HAS_UNITS_LEFT,
    Fulfilment,
    FulfilmentLine,
    Order,
    OrderEvent,
    OrderLine,
    OrderState,
    Refund,
)
from store.orders.numbers import tidy_number
from store.orders.parcels_shown import page_of
from store.orders.readdressing import destination_of
from store.orders.refunded_goods import going_back
from store.staff.tracking_words import doubt_words

STATUSES: Mapping[FulfilmentStatus, shapes.OrderStatus] = {
    FulfilmentStatus.WAITING: "to_ship",
    FulfilmentStatus.PARTLY_SHIPPED: "partly_shipped",
    FulfilmentStatus.SHIPPED: "shipped",
    FulfilmentStatus.CANCELLED: "cancelled",
    FulfilmentStatus.NOTHING: "nothing_to_ship",
}
NEAR = 1_000
"""How many orders are asked one by one before what has changed is gathered."""
PARTS = ("line1", "line2", "city", "state", "postal_code", "country")


def order_list(asked: shapes.OrdersAsked, home: str) -> shapes.OrderList:
    """Return orders in the order in which they were placed, so many at once."""
    ids = _ids(asked)
    shown, more = ids[: asked.limit], len(ids) > asked.limit
    rows = db.session.scalars(_sent().where(Order.id.in_(shown)).order_by(Order.id)).all()
    moments = _last_steps(shown)
    return shapes.OrderList(
        orders=[_order(order, moments[order.id], home) for order in rows],
        next_cursor=str(shown[-1]) if more else None,
    )


def one_order(number: str, home: str) -> shapes.Order:
    """Return one order as it stands; NotFoundError for one that is not to be sent by post."""
    order = sent_order(number)
    return _order(order, _last_steps([order.id])[order.id], home)


def sent_order(number: str) -> Order:
    """Return an order with all that is told of it; NotFoundError as above."""
    return db.session.scalars(_sent().where(Order.id == sent_order_id(number))).one()


def sent_order_id(number: str) -> int:
    """Return which order this is; NotFoundError for one that partners know nothing of."""
    wanted = select(Order.id).where(Order.number == tidy_number(number), *_is_theirs())
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFoundError("no order of this number is sent by post")
    return found


def fresh_parcel(order: Order, parcel_id: int) -> Fulfilment:
    """Return a parcel as the open transaction has left it: statements pass objects by."""
    parcel = parcel_of(order, parcel_id)
    db.session.refresh(parcel)
    return parcel


def told_parcel(order: Order, parcel: Fulfilment, home: str) -> shapes.Parcel:
    to = parcel.sent_to.get("country", "")
    doubt = doubt_about(parcel.tracking_number, parcel.carrier, to=to, home=home)
    return shapes.Parcel(
        id=parcel.id,
        order=order.number,
        carrier=parcel.carrier,
        tracking_number=parcel.tracking_number,
        tracking_url=page_of(parcel) or None,
        tracking_warning=doubt_words(doubt) if doubt else None,
        shipped_at=parcel.shipped_at,
        delivered_at=parcel.delivered_at,
        lines=[
            shapes.Content(line_id=part.order_line_id, sku=part.line.sku, quantity=part.quantity)
            for part in parcel.lines
        ],
    )


def _sent() -> Select[Order]:
    return (
        select(Order)
        .where(*_is_theirs())
        .options(
            defer(Order.session_request),
            selectinload(Order.lines),
            selectinload(Order.payments),
            selectinload(Order.readdressings),
            selectinload(Order.refunds).selectinload(Refund.lines),
            selectinload(Order.fulfilments)
            .selectinload(Fulfilment.lines)
            .selectinload(FulfilmentLine.line),
        )
    )


def _is_theirs() -> tuple[ColumnElement[bool], ...]:
    """Return what is paid and goes by post; what ended since is told, so that they stop."""
    # What is reckoned has no index: the few lines lead to their orders, not all that were paid.
    state = func.coalesce(Order.state, "")
    return state.in_((OrderState.PAID, OrderState.REFUNDED)), Order.shipping_kind == "post"


def _ids(asked: shapes.OrdersAsked) -> Sequence[int]:
    """Return which orders are told, and one more where there are more."""
    first = int(asked.cursor or 0)
    wanted = select(Order.id).where(*_is_theirs(), Order.id > first).order_by(Order.id)
    wanted = wanted.limit(asked.limit + 1)
    if asked.status == "to_ship":
        left = select(OrderLine.order_id).where(text(HAS_UNITS_LEFT))
        wanted = wanted.where(Order.id.in_(left), func.coalesce(Order.state, "") == OrderState.PAID)
    if asked.updated_since is None:
        return db.session.scalars(wanted).all()
    return _changed(wanted, first, asked)


def _changed(wanted: Select[int], first: int, asked: shapes.OrdersAsked) -> Sequence[int]:
    """Return those to which something happened, however long ago that is asked from.

    Few orders wait to be sent, and are asked one by one. Of all that were, the next ones are: where
    much has changed they are most of an answer, and where little has, that leads to its orders.
    """
    is_new = OrderEvent.at >= asked.updated_since
    has_changed = exists().where(OrderEvent.order_id == Order.id, is_new)
    if asked.status == "to_ship":
        return db.session.scalars(wanted.where(has_changed)).all()
    near = db.session.scalars(wanted.where(has_changed, Order.id <= first + NEAR)).all()
    if len(near) > asked.limit:
        return near
    leading = select(OrderEvent.order_id).where(is_new, OrderEvent.order_id > first)
    return db.session.scalars(wanted.where(Order.id.in_(leading))).all()


def _last_steps(order_ids: Sequence[int]) -> Mapping[int, datetime]:
    rows = db.session.execute(
        select(OrderEvent.order_id, func.max(OrderEvent.at, type_=Moment()).label("at"))
        .where(OrderEvent.order_id.in_(order_ids))
        .group_by(OrderEvent.order_id)
    )
    return {row.order_id: row.at for row in rows}


def _order(order: Order, updated_at: datetime, home: str) -> shapes.Order:
    held, is_paid = going_back(order), order.state == OrderState.PAID
    is_waiting = is_paid and any(line.left_to_ship for line in order.lines)
    return shapes.Order(
        number=order.number,
        status=STATUSES[fulfilment_status(order)],
        placed_at=order.placed_at,
        updated_at=updated_at,
        shipping_method=order.shipping_name,
        is_gift=order.is_gift,
        note=order.note if is_waiting else "",
        ship_to=_address(order) if is_waiting else None,
        lines=[_line(line, held) for line in order.lines if line.requires_shipping],
        parcels=[told_parcel(order, parcel, home) for parcel in order.fulfilments],
    )


def _address(order: Order) -> shapes.Address:
    to = destination_of(order)
    return shapes.Address(name=to.name, **{part: to.address.get(part, "") for part in PARTS})


def _line(line: OrderLine, held: frozenset[int]) -> shapes.Line:
    return shapes.Line(
        id=line.id,
        sku=line.sku,
        title=line.title,
        combination=line.combination,
        quantity=line.quantity,
        shipped=line.shipped,
        cancelled=line.cancelled,
        to_ship=line.left_to_ship if line.order.state == OrderState.PAID else 0,
        on_hold=line.id in held,
    )
