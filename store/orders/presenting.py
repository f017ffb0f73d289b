"""What pages and mails show of an order, as finished values: templates only print them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from babel import Locale
from flask_babel import LazyString, get_locale, gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from store.catalog.models import Image
from store.catalog.presenting import Picture
from store.database import db
from store.money import Money
from store.orders.ahead.presenting import waiting_words
from store.orders.models import (
    Order,
    OrderEvent,
    OrderLine,
    OrderState,
    Refund,
    RefundStatus,
)
from store.orders.parcels_shown import ShownParcel, shown_parcels
from store.orders.readdressing import destination_of
from store.orders.tax_shown import ShownTax, taxes_of

# What is not named here is for staff: a reader need not learn of our retries.
STEPS: Mapping[str, LazyString] = {
    "placed": _l("Order placed"),
    "awaiting_payment": _l("Payment on its way from your bank"),
    "payment_failed": _l("Your bank did not make the payment"),
    "paid": _l("Paid"),
    "nothing_to_pay": _l("Taken; there was nothing to pay"),
    "parked": _l("Payment received; we are checking the order by hand"),
    "expired": _l("The pay page closed without a payment"),
    "went_back": _l("You came back from the pay page"),
    "replaced": _l("Replaced by a newer order from the same cart"),
    "accepted": _l("Checked by hand and accepted"),
    "shipped": _l("Handed to the post"),
    "delivered": _l("Arrived"),
    "tracking_corrected": _l("The tracking number was corrected"),
    "readdressed": _l("The address was changed"),
    "cancel_asked": _l("You called it off"),
    "gift_card_reissued": _l("You were mailed another gift card"),
    "replaces": _l("Sent in place of something that came back"),
    "shortage": _l("Something of it is gone; we asked you what to do"),
    "missing_waits": _l("Waits for the next delivery"),
    "missing_swapped": _l("Something else is sent instead"),
    "missing_refunded": _l("Money back for what is gone"),
    "missing_arrived": _l("What was missing is here"),
    "fills_in": _l("Sent in place of something that was gone"),
    "return_asked": _l("You asked to send something back"),
    "return_approved": _l("Return approved"),
    "return_declined": _l("Return declined"),
    "return_withdrawn": _l("Return withdrawn"),
    "return_received": _l("Your parcel back is here"),
    "return_refunded": _l("Refund for what came back"),
    "return_exchanged": _l("Exchanged: the other one is being packed"),
    "new_date": _l("We told you of another day"),
    "ready_for_pickup": _l("Ready to be picked up"),
    "picked_up": _l("Picked up"),
    "refund_pending": _l("Refund under way"),
    "refund_requires_action": _l("A refund waits for you: your bank needs something first"),
    "refund_succeeded": _l("Refund sent"),
    "refund_canceled": _l("A refund was cancelled before it arrived; we are on it"),
    "refund_otherwise": _l("Paid back to you in another way"),
    "refund_failed": _l("A refund did not arrive; we are on it"),
    "refunded": _l("Refunded in full"),
    "cancelled": _l("Cancelled"),
}

REFUNDS: Mapping[RefundStatus, LazyString] = {
    RefundStatus.PENDING: _l("On its way back"),
    RefundStatus.REQUIRES_ACTION: _l("Waits for you"),
    RefundStatus.SUCCEEDED: _l("Given back"),
    RefundStatus.FAILED: _l("Did not arrive"),
    RefundStatus.CANCELLED: _l("Cancelled on its way"),
}
REFUND_HINTS: Mapping[RefundStatus, LazyString] = {
    RefundStatus.PENDING: _l("Your bank has not confirmed it yet. We write when it has."),
    RefundStatus.REQUIRES_ACTION: _l(
        "Your bank needs something from you first. Look for a mail from Stripe, who makes our"
        " payments."
    ),
    RefundStatus.SUCCEEDED: _l("Banks take up to ten days to show it."),
    RefundStatus.FAILED: _l("Your bank did not take it. It is with us, and a person is on it."),
    RefundStatus.CANCELLED: _l("It is with us, and a person is on it."),
}
OTHERWISE = _l("Paid to you in another way.")
UNDER_WAY = frozenset({RefundStatus.PENDING, RefundStatus.REQUIRES_ACTION})

HEADLINES: Mapping[OrderState, LazyString] = {
    OrderState.PENDING: _l("Not paid yet"),
    OrderState.UNKNOWN: _l("Not paid yet"),
    OrderState.AWAITING: _l("Waiting for your bank"),
    OrderState.PAID: _l("Paid, and ours to pack"),
    OrderState.PARKED: _l("Paid, and checked by hand"),
    OrderState.EXPIRED: _l("Closed without a payment"),
    OrderState.CANCELLED: _l("Closed without a payment"),
    OrderState.REFUNDED: _l("Refunded"),
}


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line of a receipt; note says which variant and how many.

    amount is of all of them and before a discount, which is a step of its own.
    """

    title: str
    combination: str
    note: str
    handle: str
    picture: Picture | None
    quantity: int
    amount: Money
    shipped: int
    cancelled: int


@dataclass(frozen=True, slots=True)
class ShownDiscount:
    """What a discount was called and gave; note names its code."""

    name: str
    note: str
    amount: Money
    is_shipping: bool


@dataclass(frozen=True, slots=True)
class ShownRefund:
    """One refund as its reader follows it; hint says what comes next, where anything does."""

    amount: Money
    status: str
    words: LazyString
    hint: LazyString | str
    at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    kind: str
    words: LazyString
    at: datetime


@dataclass(frozen=True, slots=True)
class ShownOrder:
    number: str
    state: str
    headline: LazyString
    lines: Sequence[ShownLine]
    subtotal: Money
    discount: Money
    discounts: Sequence[ShownDiscount]
    """Each by its name: those of the goods first, then that of the shipping."""
    shipping: Money
    """As it was before a discount on it."""
    shipping_name: str
    tax: Money
    taxes_shown: Sequence[ShownTax]
    is_tax_included: bool
    total: Money
    card_payments: Sequence[tuple[str, Money]]
    """What each gift card pays of the total."""
    charged: Money
    """What is left of the total after gift cards."""
    refunded: Money
    """What has gone back; what is still on its way is told apart."""
    returning: Money
    refunds: Sequence["ShownRefund"]
    steps: Sequence[Step]
    address: Sequence[str]
    is_gift: bool
    note: str
    method: str
    placed_at: datetime
    paid_at: datetime | None
    parcels: Sequence[ShownParcel]
    is_sent: bool
    """Whether anything of it goes to its reader in a parcel or over a counter."""
    is_picked_up: bool
    pickup: Mapping[str, str]
    """Address and hours of where it is picked up; empty where it is sent."""
    ready_at: datetime | None


def shown(order: Order) -> ShownOrder:
    """Return everything that a page of this order prints."""
    given = [r.amount_minor for r in order.refunds if r.status == RefundStatus.SUCCEEDED]
    under_way = [r.amount_minor for r in order.refunds if r.status in UNDER_WAY]
    pictures = pictures_of([line.picture_hash for line in order.lines])
    waiting = waiting_words(order)
    return ShownOrder(
        number=order.number,
        state=order.state,
        headline=_headline(order, is_waiting=_waits_wholly(order, waiting)),
        lines=[
            _shown_line(line, pictures.get(line.picture_hash), waiting.get(line.id, ""))
            for line in order.lines
        ],
        subtotal=order.subtotal,
        discount=order.discount,
        discounts=shown_discounts(order),
        shipping=shipping_before(order),
        shipping_name=order.shipping_name,
        tax=order.tax,
        taxes_shown=taxes_of(order),
        is_tax_included=order.tax_included,
        total=order.total,
        card_payments=card_payments(order),
        charged=Money(order.charged_minor, order.currency),
        refunded=Money(sum(given), order.currency),
        returning=Money(sum(under_way), order.currency),
        refunds=[_shown_refund(refund) for refund in order.refunds],
        steps=[step for event in order.events if (step := _step(event))],
        address=address_lines(order),
        is_gift=order.is_gift,
        note=order.note,
        method=method_of(order),
        placed_at=order.placed_at,
        paid_at=order.paid_at,
        parcels=shown_parcels(order),
        is_sent=any(line.requires_shipping for line in order.lines),
        is_picked_up=order.is_picked_up,
        pickup=order.pickup,
        ready_at=order.ready_at,
    )


def _shown_refund(refund: Refund) -> ShownRefund:
    status = RefundStatus(refund.status)
    return ShownRefund(
        amount=refund.amount,
        status=status,
        words=REFUNDS[status],
        hint=REFUND_HINTS.get(status, "") if refund.means == "stripe" else OTHERWISE,
        at=refund.at,
    )


def shown_discounts(order: Order) -> list[ShownDiscount]:
    """Return what came off, as it was called when the order was placed."""
    given = [
        ShownDiscount(
            use.name,
            gettext("code %(code)s", code=use.code) if use.code else "",
            Money(use.amount_minor, order.currency),
            use.is_shipping,
        )
        for use in sorted(order.redemptions, key=lambda use: use.is_shipping)
    ]
    known = sum(d.amount.minor for d in given if not d.is_shipping)
    if known != order.discount_minor:
        # Written by something that keeps no name of what it gave.
        rest = Money(order.discount_minor - known, order.currency)
        given.insert(0, ShownDiscount(gettext("Discount"), "", rest, is_shipping=False))
    return given


def card_payments(order: Order) -> list[tuple[str, Money]]:
    """Return what gift cards pay of an order, each by its name."""
    return [
        (
            gettext("Gift card ···%(card)s", card=use.last_four),
            Money(use.amount_minor, order.currency),
        )
        for use in order.card_uses
    ]


def method_of(order: Order) -> str:
    """Return what an order was paid with; empty where nothing was."""
    return " + ".join(payment.method for payment in order.payments if payment.method)


def shipping_before(order: Order) -> Money:
    """Return what the parcel costs before a discount on it."""
    off = sum(use.amount_minor for use in order.redemptions if use.is_shipping)
    return Money(order.shipping_minor + off, order.currency)


def _shown_line(line: OrderLine, picture: Picture | None, waiting: str = "") -> ShownLine:
    parts = [line.combination] if line.combination else []
    if line.quantity > 1:
        parts.append(gettext("quantity %(quantity)s", quantity=line.quantity))
    if waiting:
        parts.append(waiting)
    return ShownLine(
        title=line.title,
        combination=line.combination,
        note=", ".join(parts),
        handle=line.product_handle,
        picture=picture,
        quantity=line.quantity,
        amount=line.unit_price * line.quantity,
        shipped=line.shipped,
        cancelled=line.cancelled,
    )


def pictures_of(hashes: Sequence[str]) -> dict[str, Picture]:
    """Return the pictures that are still there; an order outlives what it was bought from."""
    found = db.session.scalars(
        select(Image).where(Image.content_hash.in_({name for name in hashes if name}))
    )
    return {
        image.content_hash: Picture(
            image.content_hash, image.alt, image.width, image.height, image.has_renditions
        )
        for image in found
    }


def address_lines(order: Order) -> list[str]:
    """Return where the order goes now line by line, as it is written on the label."""
    if order.is_picked_up:
        # Stripe may tell where its reader lives; whoever packs need not know.
        return [line for line in (order.name, order.pickup.get("address", "")) if line]
    return label_lines(destination_of(order).label())


def label_lines(part: Mapping[str, str]) -> list[str]:
    """Return a name and an address line by line."""
    place = " ".join(part[name] for name in ("city", "state", "postal_code") if part.get(name))
    country = country_name(part.get("country", ""))
    lines = [part.get("name", ""), part.get("line1", ""), part.get("line2", ""), place, country]
    return [line for line in lines if line]


def country_name(code: str) -> str:
    return str((get_locale() or Locale("en")).territories.get(code, code))


def _headline(order: Order, *, is_waiting: bool) -> LazyString:
    lines = [line for line in order.lines if line.requires_shipping]
    if order.state == OrderState.PAID:
        return _paid_headline(order, lines, is_waiting=is_waiting)
    if order.state == OrderState.REFUNDED and not any(line.shipped for line in lines):
        return _l("Cancelled") if lines else _l("Refunded")
    return HEADLINES[OrderState(order.state)]


def _waits_wholly(order: Order, waiting: Mapping[int, str]) -> bool:
    left = [line.id for line in order.lines if line.left_to_ship]
    return bool(left) and all(line_id in waiting for line_id in left)


def _paid_headline(order: Order, lines: Sequence[OrderLine], *, is_waiting: bool) -> LazyString:
    if not lines:
        return _l("Paid, and yours") if order.total_minor else _l("Yours")
    if order.is_picked_up:
        return _pickup_headline(order, lines)
    if any(line.shipped for line in lines):
        return _sent_headline(order, lines)
    if not any(line.left_to_ship for line in lines):
        return _l("Nothing of it is left to send")
    if is_waiting:
        return _l("Paid, and waiting for what is to come")
    return HEADLINES[OrderState.PAID] if order.total_minor else _l("Ours to pack")


def _sent_headline(order: Order, lines: Sequence[OrderLine]) -> LazyString:
    if any(line.left_to_ship for line in lines):
        return _l("Partly on its way to you")
    has_arrived = all(parcel.delivered_at for parcel in order.fulfilments)
    return _l("It is with you") if has_arrived else _l("On its way to you")


def _pickup_headline(order: Order, lines: Sequence[OrderLine]) -> LazyString:
    if not any(line.left_to_ship for line in lines):
        return _l("Picked up")
    return _l("Ready to be picked up") if order.ready_at else _l("Paid, and ours to make ready")


def _step(event: OrderEvent) -> Step | None:
    words = STEPS.get(event.kind)
    return Step(event.kind, words, event.at) if words else None
