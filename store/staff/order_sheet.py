"""Everything that the page of an order shows, as finished values: the template only prints them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from store.catalog.importing.difference import amount
from store.database import db
from store.gift_cards.models import GiftCard
from store.money import Money
from store.orders.ahead.served import missing_units
from store.orders.bounced.models import Remedy
from store.orders.bounced.remedying import remedies_of
from store.orders.cancelling import can_be_cancelled
from store.orders.carriers import Doubt, doubt_about
from store.orders.disputing.standing import holds_shipping, refund_is_barred
from store.orders.mailing_again import was_confirmed
from store.orders.models import (
    OPEN_STATES,
    Fulfilment,
    Order,
    OrderLine,
    OrderState,
    Refund,
    RefundStatus,
)
from store.orders.notes import NOTE
from store.orders.parcels_shown import ShownParcel, shown_parcels
from store.orders.picking_up import waits_for_reader
from store.orders.postage_there import paid_too_much
from store.orders.presenting import (
    ShownDiscount,
    address_lines,
    label_lines,
    shipping_before,
    shown_discounts,
)
from store.orders.readdressing import can_be_readdressed, destination_of
from store.orders.refund_plans import REFUNDABLE, gone_back, left_to_give, units_left
from store.orders.tax_shown import ShownTax, taxes_of
from store.staff import order_words
from store.staff.gift_cards import cards_of_order
from store.staff.order_words import Reason, State
from store.widget.models import Article

DASHBOARD = "https://dashboard.stripe.com"


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One line of the order; left is what a parcel may still take, refundable whose money is."""

    id: int
    title: str
    combination: str
    sku: str
    handle: str
    quantity: int
    unit_price: Money
    amount: Money
    """Before a discount, which is a step of the sum."""
    discount: Money
    total: Money
    shipped: int
    left: int
    ready: int
    """What of that is here for it; the rest was sold ahead of its delivery."""
    cancelled: int
    refunded: int
    shortage: int


@dataclass(frozen=True, slots=True)
class SheetParcel:
    shown: ShownParcel
    label: Sequence[str]
    doubt: Doubt | None


@dataclass(frozen=True, slots=True)
class SheetPayment:
    intent: str
    url: str
    method: str
    amount: Money
    at: datetime
    back: Money
    """What of it went back, or is on its way."""
    gift_card_id: int | None


@dataclass(frozen=True, slots=True)
class SheetRefund:
    amount: Money
    state: State
    reason: str
    at: datetime
    contents: Sequence[tuple[int, str]]
    has_shipping: bool
    is_unsent: bool
    id: int
    origin: str
    """Where it was asked for, unless that was here."""
    is_lost: bool
    """Whether it failed, and nothing was done about it."""
    remedy: str


@dataclass(frozen=True, slots=True)
class SheetStep:
    words: str
    detail: str | Money
    actor: str
    at: datetime
    is_note: bool
    kind: str


@dataclass(frozen=True, slots=True)
class Story:
    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Can:
    """Which acts make sense as the order stands; whether somebody may is another question."""

    ship: bool
    readdress: bool
    refund: bool
    accept: bool
    release: bool
    cancel: bool
    mail: bool
    hand_over: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    number: str
    order: Order
    payment: State
    parcel_state: State | None
    lines: Sequence[SheetLine]
    discounts: Sequence[ShownDiscount]
    is_sent: bool
    """Whether anything of it goes to its reader."""
    shipping_before: Money
    """As it was before a discount on it."""
    given_back: Money
    left_to_give: Money
    address: Sequence[str]
    first_address: Sequence[str]
    """As it was given on the pay page; empty where it still holds."""
    phone: str
    story: Story | None
    payments: Sequence[SheetPayment]
    bought_cards: Sequence[GiftCard]
    refunds: Sequence[SheetRefund]
    parcels: Sequence[SheetParcel]
    steps: Sequence[SheetStep]
    reasons: Sequence[Reason]
    units_shipped: int
    paid_too_much: Money | None
    """What sending it where it goes now costs less than was paid."""
    paid_too_much_typed: str
    taxes_shown: Sequence[ShownTax]
    can: Can
    is_held: bool
    """Whether it stays here because its payment is disputed."""
    lost: Money


def sheet_of(order: Order, *, is_live: bool, home: str) -> Sheet:
    """Return the page of an order."""
    to, remedies = destination_of(order), remedies_of(order) if order.refunds else {}
    first = label_lines({"name": order.name, **order.address}) if to.version else []
    missing = missing_units([order])
    return Sheet(
        number=order.number,
        order=order,
        payment=order_words.payment_words(order),
        parcel_state=order_words.parcel_words(order),
        lines=[_line(order, line, missing) for line in order.lines],
        discounts=shown_discounts(order),
        is_sent=any(line.requires_shipping for line in order.lines),
        shipping_before=shipping_before(order),
        given_back=Money(gone_back(order), order.currency),
        left_to_give=Money(left_to_give(order), order.currency),
        address=address_lines(order),
        first_address=first,
        phone=to.phone,
        story=_story(order.article),
        payments=list(_payments(order, is_live=is_live)),
        bought_cards=_bought_cards(order),
        refunds=[_refund(order, refund, remedies.get(refund.id)) for refund in order.refunds],
        parcels=list(_parcels(order, home)),
        steps=list(_steps(order)),
        reasons=order_words.parked_reasons(order) if order.state == OrderState.PARKED else [],
        units_shipped=sum(line.shipped for line in order.lines),
        paid_too_much=(over := paid_too_much(order)),
        paid_too_much_typed=amount(over) if over else "",
        taxes_shown=taxes_of(order),
        can=_can(order),
        is_held=holds_shipping(order),
        lost=Money(sum(payment.lost_minor for payment in order.payments), order.currency),
    )


def order_for_sheet(number: str) -> Order | None:
    """Return the order with all that its page reads, in few questions to the database."""
    return db.session.scalar(
        select(Order)
        .where(Order.number == number)
        .options(
            selectinload(Order.lines),
            selectinload(Order.events),
            selectinload(Order.payments),
            selectinload(Order.readdressings),
            selectinload(Order.redemptions),
            selectinload(Order.card_uses),
            selectinload(Order.refunds).selectinload(Refund.lines),
            selectinload(Order.fulfilments).selectinload(Fulfilment.lines),
        )
    )


def _line(order: Order, line: OrderLine, missing: Mapping[int, int]) -> SheetLine:
    return SheetLine(
        id=line.id,
        title=line.title,
        combination=line.combination,
        sku=line.sku,
        handle=line.product_handle,
        quantity=line.quantity,
        unit_price=line.unit_price,
        amount=line.unit_price * line.quantity,
        discount=Money(line.discount_minor, order.currency),
        total=line.total,
        shipped=line.shipped,
        left=line.left_to_ship,
        ready=max(0, line.left_to_ship - missing.get(line.id, 0)),
        cancelled=line.cancelled,
        refunded=line.quantity - units_left(order, line),
        shortage=line.shortage,
    )


def _payments(order: Order, *, is_live: bool) -> Sequence[SheetPayment]:
    folder = "payments" if is_live else "test/payments"
    return [
        SheetPayment(
            intent=payment.intent_id,
            url=f"{DASHBOARD}/{folder}/{payment.intent_id}",
            method=payment.method,
            amount=Money(payment.amount_minor, payment.currency),
            at=payment.at,
            back=Money(payment.refunded_minor, payment.currency),
            gift_card_id=payment.gift_card_id,
        )
        for payment in order.payments
    ]


def _bought_cards(order: Order) -> Sequence[GiftCard]:
    return cards_of_order(order) if any(line.is_gift_card for line in order.lines) else ()


def _refund(order: Order, refund: Refund, remedy: Remedy | None) -> SheetRefund:
    titles = {line.id: line.called for line in order.lines}
    status = RefundStatus(refund.status)
    is_unsent = refund.stripe_id is None and status is RefundStatus.PENDING
    return SheetRefund(
        amount=refund.amount,
        state=order_words.UNSENT if is_unsent else order_words.REFUNDS[status],
        reason=refund.reason,
        at=refund.at,
        contents=[(part.quantity, titles[part.order_line_id]) for part in refund.lines],
        has_shipping=refund.shipping_minor > 0,
        is_unsent=is_unsent,
        id=refund.id,
        origin=order_words.origin_words(refund),
        is_lost=not status.gives_back and remedy is None,
        remedy=order_words.remedy_words(remedy) if remedy else "",
    )


def _parcels(order: Order, home: str) -> Iterator[SheetParcel]:
    for parcel, shown in zip(order.fulfilments, shown_parcels(order), strict=True):
        to = parcel.sent_to.get("country", "")
        doubt = doubt_about(parcel.tracking_number, parcel.carrier, to=to, home=home)
        yield SheetParcel(shown, label_lines(parcel.sent_to), doubt)


def _steps(order: Order) -> Sequence[SheetStep]:
    return [
        SheetStep(
            words=order_words.step_words(event),
            detail=order_words.step_detail(event, order.currency),
            actor="" if event.actor == "store" else event.actor,
            at=event.at,
            is_note=event.kind == NOTE,
            kind=event.kind,
        )
        for event in order.events
    ]


def _story(url: str) -> Story | None:
    if not url:
        return None
    title = db.session.scalar(select(Article.title).where(Article.url == url))
    return Story(url, title or url)


def _can(order: Order) -> Can:
    has_left = any(line.left_to_ship for line in order.lines)
    return Can(
        ship=order.state == OrderState.PAID and has_left and not holds_shipping(order),
        readdress=can_be_readdressed(order),
        refund=order.state in REFUNDABLE
        and left_to_give(order) > 0
        and not refund_is_barred(order),
        accept=order.state == OrderState.PARKED,
        release=order.state in OPEN_STATES and order.state != OrderState.AWAITING,
        cancel=can_be_cancelled(order),
        mail=was_confirmed(order),
        hand_over=waits_for_reader(order),
    )
