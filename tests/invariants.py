"""What must be true of stock, orders and money after any journey; call it inside the app."""

from collections import Counter

from sqlalchemy import Select, func, select

from store.database import db
from store.gift_cards.proof import proof
from store.inventory.models import (
    QueuePlace,
    QueueState,
    Reservation,
    ReservationState,
    StockLevel,
    StockMovement,
)
from store.mail.models import Message
from store.orders.models import OPEN_STATES, Order, OrderState, RefundStatus
from store.pricing.models import COUNTING, Discount, Redemption
from store.sandbox.stripe import Sandbox
from store.sandbox.stripe.state import Shelf

PROMISED = (ReservationState.HELD, ReservationState.ALLOCATED)
PAID_FOR = {OrderState.PAID, OrderState.PARKED, OrderState.REFUNDED}


def assert_invariants(stripe: Sandbox | None = None) -> None:
    """Check every row; with the sandbox also that each paid page ended as one paid order."""
    db.session.rollback()
    _assert_stock()
    _assert_discounts()
    assert proof() == [], "a gift card's ledger does not sum to its balance"
    orders = db.session.scalars(select(Order)).all()
    for order in orders:
        _assert_sums(order)
        _assert_money(order)
        _assert_parcels(order)
        _assert_promises(order)
    open_carts = Counter(order.cart_id for order in orders if order.state in OPEN_STATES)
    open_carts.pop(None, None)
    assert all(count == 1 for count in open_carts.values()), "a cart has two open orders"
    if stripe is not None:
        _assert_every_payment_is_an_order(stripe, {o.session_id: o for o in orders})
    db.session.rollback()


def _assert_stock() -> None:
    on_shelf = _sums(
        select(StockMovement.variant_id, func.sum(StockMovement.delta)).group_by(
            StockMovement.variant_id
        )
    )
    promised = _sums(
        select(Reservation.variant_id, func.sum(Reservation.quantity))
        .where(Reservation.state.in_(PROMISED))
        .group_by(Reservation.variant_id)
    )
    called = _sums(
        select(QueuePlace.variant_id, func.count())
        .where(QueuePlace.state == QueueState.CALLED)
        .group_by(QueuePlace.variant_id)
    )
    for level in db.session.scalars(select(StockLevel)):
        variant_id = level.variant_id
        assert level.on_hand == on_shelf.get(variant_id, 0), f"ledger of {variant_id}"
        kept = promised.get(variant_id, 0) + called.get(variant_id, 0)
        assert level.reserved == kept, f"promises of {variant_id}"
        assert min(level.on_hand, level.reserved, level.shortage) >= 0
        assert level.may_oversell or level.on_hand + level.shortage >= level.reserved


def _assert_discounts() -> None:
    counted = _sums(
        select(Redemption.discount_id, func.count())
        .where(Redemption.state.in_(COUNTING))
        .group_by(Redemption.discount_id)
    )
    for discount in db.session.scalars(select(Discount)):
        assert discount.taken == counted.get(discount.id, 0), f"uses of {discount.name}"


def _sums(statement: Select[int, int]) -> dict[int, int]:
    return {variant_id: int(total) for variant_id, total in db.session.execute(statement)}


def _assert_sums(order: Order) -> None:
    lines = order.lines
    assert sum(line.unit_price_minor * line.quantity for line in lines) == order.subtotal_minor
    assert sum(line.discount_minor for line in lines) == order.discount_minor
    goods = order.subtotal_minor - order.discount_minor
    on_top = 0 if order.tax_included else order.tax_minor
    assert order.total_minor == goods + order.shipping_minor + on_top
    if order.tax_lines:
        assert sum(told["tax"] for told in order.tax_lines) == order.tax_minor
    named = sum(use.amount_minor for use in order.redemptions if not use.is_shipping)
    assert named == order.discount_minor
    assert min(line.total_minor for line in lines) >= 0
    assert 0 <= sum(line.tax_minor for line in lines) <= order.tax_minor


def _assert_money(order: Order) -> None:
    paid = sum(payment.amount_minor for payment in order.payments)
    back = sum(payment.refunded_minor for payment in order.payments)
    live = sum(r.amount_minor for r in order.refunds if RefundStatus(r.status).gives_back)
    assert 0 <= back <= paid
    assert back == live, f"{order.number}: {back} counted back, refunds say {live}"
    if order.state in {OrderState.PAID, OrderState.REFUNDED}:
        assert order.parked_reason or paid == order.total_minor
        assert order.paid_at is not None
    if order.state not in PAID_FOR:
        assert paid == 0, f"{order.number} is {order.state} and has money"
    if order.state == OrderState.REFUNDED:
        assert back == paid
    key = f"order:{order.number}:confirmed"
    mails = db.session.scalar(select(func.count()).where(Message.dedupe_key == key))
    assert mails == (1 if order.state == OrderState.PAID else mails)


def _assert_parcels(order: Order) -> None:
    sent: Counter[int] = Counter()
    for fulfilment in order.fulfilments:
        for part in fulfilment.lines:
            sent[part.order_line_id] += part.quantity
    for line in order.lines:
        assert line.shipped == sent[line.id]
        assert line.shipped + line.cancelled <= line.quantity


def _assert_promises(order: Order) -> None:
    states = {
        row.state
        for row in db.session.scalars(
            select(Reservation).where(Reservation.order_line_id.in_([x.id for x in order.lines]))
        )
    }
    if order.state in OPEN_STATES:
        allowed = {ReservationState.HELD}
    elif order.state in PAID_FOR:
        allowed = set(ReservationState) - {ReservationState.HELD}
    else:
        allowed = {ReservationState.RELEASED}
    assert states <= allowed, f"{order.number} is {order.state} with {states}"


def _assert_every_payment_is_an_order(stripe: Sandbox, orders: dict[str | None, Order]) -> None:
    for session in stripe.account.state.scan(Shelf.SESSION):
        if session["payment_status"] == "unpaid":
            continue
        order = orders.get(session["id"])
        assert order is not None, "a paid page without an order"
        assert order.state in PAID_FOR, f"{order.number} is {order.state} though it was paid"
        if order.state != OrderState.PARKED and not order.parked_reason:
            assert session["amount_total"] == order.charged_minor
