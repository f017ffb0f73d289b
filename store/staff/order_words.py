"""What staff read of an order: its state, its steps, why it waits, each in plain words."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from babel import Locale
from flask_babel import LazyString, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from store.money import Money
from store.orders.bounced.models import How, Remedy
from store.orders.lifecycle import (
    FulfilmentStatus,
    PaymentStatus,
    fulfilment_status,
    payment_status,
)
from store.orders.models import Order, OrderEvent, OrderState, Refund, RefundStatus
from store.orders.returning.models import ReturnState
from store.orders.shortage.models import ShortfallState
from store.web.filters import money


@dataclass(frozen=True, slots=True)
class State:
    """A state as a word; kind is what its dot looks like."""

    words: LazyString
    kind: str = ""


STATES: Mapping[OrderState, State] = {
    OrderState.PENDING: State(_l("Not paid yet"), "open"),
    OrderState.UNKNOWN: State(_l("Pay page unknown"), "warn"),
    OrderState.AWAITING: State(_l("Waits for the bank"), "open"),
    OrderState.PAID: State(_l("Paid"), "good"),
    OrderState.PARKED: State(_l("Parked"), "bad"),
    OrderState.EXPIRED: State(_l("Never paid")),
    OrderState.CANCELLED: State(_l("Cancelled")),
    OrderState.REFUNDED: State(_l("Refunded")),
}
PARCELS: Mapping[FulfilmentStatus, State] = {
    FulfilmentStatus.NOTHING: State(_l("Nothing to send")),
    FulfilmentStatus.WAITING: State(_l("To ship"), "open"),
    FulfilmentStatus.PARTLY_SHIPPED: State(_l("Partly shipped"), "warn"),
    FulfilmentStatus.SHIPPED: State(_l("Shipped"), "good"),
    FulfilmentStatus.CANCELLED: State(_l("Not to be sent")),
}
REFUNDS: Mapping[RefundStatus, State] = {
    RefundStatus.PENDING: State(_l("Under way"), "open"),
    RefundStatus.REQUIRES_ACTION: State(_l("Waits for the reader"), "warn"),
    RefundStatus.SUCCEEDED: State(_l("Given back"), "good"),
    RefundStatus.FAILED: State(_l("Failed"), "bad"),
    RefundStatus.CANCELLED: State(_l("Cancelled"), "bad"),
}
RETURNS: Mapping[str, State] = {
    ReturnState.ASKED: State(_l("To decide"), "warn"),
    ReturnState.APPROVED: State(_l("On its way"), "open"),
    ReturnState.DECLINED: State(_l("Declined")),
    ReturnState.WITHDRAWN: State(_l("Withdrawn")),
    ReturnState.RECEIVED: State(_l("Here, to make good"), "warn"),
    ReturnState.REFUNDED: State(_l("Money given back"), "good"),
    ReturnState.EXCHANGED: State(_l("Exchanged"), "good"),
}
SHORTFALLS: Mapping[str, State] = {
    ShortfallState.OPEN: State(_l("The reader has to choose"), "warn"),
    ShortfallState.WAITS: State(_l("The reader waits"), "open"),
    ShortfallState.SWAPPED: State(_l("Something else is sent"), "good"),
    ShortfallState.REFUNDED: State(_l("Money given back"), "good"),
    ShortfallState.ARRIVED: State(_l("Here again"), "good"),
    ShortfallState.OVER: State(_l("Settled otherwise")),
}
UNSENT = State(_l("Stripe has not answered yet"), "warn")

STEPS: Mapping[str, LazyString] = {
    "placed": _l("Placed"),
    "pay_page_opened": _l("Pay page opened"),
    "pay_page_unknown": _l("Stripe did not say whether it made a pay page"),
    "pay_page_found": _l("Found the pay page after all"),
    "pay_page_asked_anew": _l("Asked for another pay page"),
    "pay_page_adopted": _l("Took up a pay page that had been lost"),
    "pay_page_lost": _l("Closed a pay page that had been lost"),
    "pay_page_never_made": _l("Closed: a pay page was never made"),
    "pay_page_refused": _l("Stripe refused the pay page"),
    "went_back": _l("The reader came back from the pay page"),
    "replaced": _l("Replaced by a newer order from the same cart"),
    "expired": _l("The pay page closed without a payment"),
    "released_by_staff": _l("Pay page closed, units back on sale"),
    "released": _l("Let go by hand"),
    "awaiting_payment": _l("Payment on its way from the bank"),
    "payment_failed": _l("The bank did not make the payment"),
    "paid": _l("Paid"),
    "nothing_to_pay": _l("Taken; there was nothing to pay"),
    "discount_beyond_limit": _l("Its discount had gone to others before it was paid"),
    "parked": _l("Parked for a person to look at"),
    "accepted": _l("Accepted as it was paid"),
    "shortage": _l("Units are missing on the shelf"),
    "missing_waits": _l("The reader waits for the next delivery"),
    "missing_swapped": _l("Something else is sent instead"),
    "missing_refunded": _l("Money back for what is gone"),
    "missing_arrived": _l("What was missing is on the shelf"),
    "missing_expected": _l("Expected again"),
    "fills_in": _l("Fills in for what was gone of another order"),
    "paid_twice": _l("A second payment arrived"),
    "readdressed": _l("Given another address"),
    "shipped": _l("Shipped"),
    "delivered": _l("Arrived"),
    "tracking_corrected": _l("Tracking number corrected"),
    "cancel_asked": _l("The reader called it off"),
    "replaces": _l("Replaces what came back of another order"),
    "return_asked": _l("The reader would like to send something back"),
    "return_approved": _l("Return approved"),
    "return_declined": _l("Return declined"),
    "return_withdrawn": _l("The reader withdrew a return"),
    "return_received": _l("Return arrived"),
    "return_refunded": _l("Refund for a return"),
    "return_exchanged": _l("Replacement sent to be packed"),
    "erased": _l("Names and addresses erased at the reader’s wish"),
    "ready_for_pickup": _l("Ready for pick-up"),
    "picked_up": _l("Picked up"),
    "mailed_again": _l("Mailed again"),
    "unmailable": _l("The e-mail address takes no mail"),
    "note": _l("Note"),
    "refund_asked": _l("Refund asked for"),
    "refund_pending": _l("Refund under way"),
    "refund_requires_action": _l("Refund waits for the reader"),
    "refund_succeeded": _l("Refund given"),
    "refund_failed": _l("Refund failed at the bank"),
    "refund_canceled": _l("Refund cancelled"),
    "refund_refused": _l("Stripe refused the refund"),
    "refund_spent_meanwhile": _l("Its part on a gift card had been spent before it failed"),
    "gift_card_reissued": _l("Another gift card issued in place of a voided one"),
    "gift_card_spent": _l("A gift card that it bought was spent before its price went back"),
    "refund_bounced": _l("Due again, because a refund bounced"),
    "refunded": _l("All money is back"),
    "cancelled": _l("Cancelled"),
    "dispute_created": _l("The reader’s bank disputes the payment"),
    "dispute_warning": _l("The reader’s bank asks about the payment"),
    "dispute_updated": _l("The dispute has moved"),
    "dispute_under_review": _l("The bank looks at our answer"),
    "dispute_closed": _l("The dispute is closed"),
    "dispute_won": _l("Dispute won: the money is back"),
    "dispute_lost": _l("Dispute lost: the bank keeps the money"),
    "dispute_warning_closed": _l("The bank has no more questions"),
    "dispute_prevented": _l("A dispute was prevented"),
    "dispute_evidence_kept": _l("Evidence kept at Stripe, not yet submitted"),
    "dispute_submitted": _l("Evidence submitted to the bank"),
    "dispute_accepted": _l("Dispute accepted"),
    "dispute_answer_refused": _l("Stripe refused the answer to the dispute"),
    "dispute_ships_anyway": _l("To be sent although the payment is disputed"),
    "refund_otherwise": _l("Paid back by other means"),
    "refund_dropped": _l("A failed refund was put aside"),
}
PARTS: Mapping[str, LazyString] = {
    "order": _l("Order number"),
    "currency": _l("Currency"),
    "subtotal": _l("Subtotal"),
    "discount": _l("Discount"),
    "shipping": _l("Shipping"),
    "tax": _l("Tax"),
    "total": _l("Total"),
    "units": _l("Units"),
}
AMOUNTS = frozenset({"subtotal", "discount", "shipping", "tax", "total"})
_DIFFERS = re.compile(r"(\w+) is (.*) here(?: and|,) (.*?) (?:at Stripe|arrived)")
_ELSEWHERE = re.compile(r"the parcel would go to (.*), outside what was paid for")

_DEARER = re.compile(r"sending it to (.*) costs (\d+), (\d+) was paid")
_UNSENT = re.compile(r"sending it to (.*) costs more than any rate says, \d+ was paid")
_TAXED = re.compile(r"other tax rates hold in (.*) than those that were paid")
_NOWHERE = re.compile(r"(.*) is no part of (.*) that the rates know")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an order waits: in words, or as a part that is not the same here and at Stripe."""

    words: str
    here: str | Money | None = None
    there: str | Money | None = None


def payment_words(order: Order) -> State:
    if payment_status(order) is PaymentStatus.PARTLY_REFUNDED:
        return State(_l("Partly refunded"), "good")
    return STATES[OrderState(order.state)]


def parcel_words(order: Order) -> State | None:
    """Return how far the parcels are; None while nothing is owed to anybody."""
    if order.state not in {OrderState.PAID, OrderState.PARKED, OrderState.REFUNDED}:
        return None
    status = fulfilment_status(order)
    return _pickup_words(order, status) if order.is_picked_up else PARCELS[status]


def _pickup_words(order: Order, status: FulfilmentStatus) -> State:
    if status is FulfilmentStatus.SHIPPED:
        return State(_l("Picked up"), "good")
    if status is FulfilmentStatus.WAITING:
        is_ready = order.ready_at is not None
        return State(_l("Ready for pick-up") if is_ready else _l("To make ready"), "open")
    return PARCELS[status]


def origin_words(refund: Refund) -> str:
    """Return where a refund came from, unless it was asked for here."""
    if refund.means == "other":
        return str(_("paid by other means"))
    is_ours = refund.idempotency_key is not None
    return "" if is_ours else str(_("made in Stripe’s dashboard"))


def remedy_words(remedy: Remedy) -> str:
    words = {
        How.AGAIN: _("given again by %(who)s", who=remedy.actor),
        How.OTHERWISE: _("paid by other means by %(who)s", who=remedy.actor),
        How.DROPPED: _("put aside by %(who)s", who=remedy.actor),
    }
    return f"{words[How(remedy.how)]}{f': {remedy.note}' if remedy.note else ''}"


def step_words(event: OrderEvent) -> str:
    return str(STEPS.get(event.kind, event.kind.replace("_", " ").capitalize()))


def step_detail(event: OrderEvent, currency: str) -> str | Money:
    """Return what one step is about, beside its words."""
    detail = event.detail
    amount, units = detail.get("amount_minor"), detail.get("units")
    if isinstance(amount, int):
        return Money(amount, currency)
    if isinstance(units, int):
        return str(_("%(units)s units", units=units) if units != 1 else _("1 unit"))
    for name in ("text", "why", "intent", "number"):
        if detail.get(name):
            return str(detail[name])
    if event.kind == "mailed_again":
        is_confirmation = detail.get("what") == "confirmed"
        return str(_("the confirmation") if is_confirmation else _("that a parcel has left"))
    return ""


def parked_reasons(order: Order) -> list[Reason]:
    """Return why a parked order waits, one reason for each part that does not add up."""
    return [_reason(said, order.currency) for said in order.parked_reason.split("; ") if said]


def country_name(code: str) -> str:
    return str((get_locale() or Locale("en")).territories.get(code, code))


def countries_named(codes: list[str]) -> Iterator[tuple[str, str]]:
    """Yield countries as choices, by name."""
    yield from sorted(((code, country_name(code)) for code in codes), key=lambda pair: pair[1])


def _reason(said: str, currency: str) -> Reason:
    elsewhere = _ELSEWHERE.fullmatch(said)
    if elsewhere:
        words = _(
            "The parcel would go to %(country)s, and the shipping that was paid leads elsewhere.",
            country=country_name(elsewhere[1]),
        )
        return Reason(str(words))
    of_region = _region_words(said, currency)
    if of_region:
        return Reason(of_region)
    differs = _DIFFERS.fullmatch(said)
    if differs is None or differs[1] not in PARTS:
        return Reason(said)
    part = differs[1]
    here, there = (_value(text, part, currency) for text in (differs[2], differs[3]))
    return Reason(str(PARTS[part]), here, there)


def _region_words(said: str, currency: str) -> str:
    """Return why the part of the country that was typed is not the one that was paid for."""
    if dearer := _DEARER.fullmatch(said):
        locale = get_locale() or Locale("en")
        costs, paid = (Money(int(minor), currency) for minor in (dearer[2], dearer[3]))
        return str(
            _(
                "Sent to a dearer region: %(place)s costs %(costs)s, and %(paid)s was paid.",
                place=dearer[1],
                costs=money(costs, locale),
                paid=money(paid, locale),
            )
        )
    if unsent := _UNSENT.fullmatch(said):
        return str(_("No rate leads to %(place)s, where it would go.", place=unsent[1]))
    if taxed := _TAXED.fullmatch(said):
        return str(
            _("In %(place)s other tax rates hold than those that were paid.", place=taxed[1])
        )
    if nowhere := _NOWHERE.fullmatch(said):
        place, country = nowhere[1], country_name(nowhere[2])
        return str(
            _(
                "“%(place)s” is no part of %(country)s that the rates know.",
                place=place,
                country=country,
            )
        )
    return ""


def _value(text: str, part: str, currency: str) -> str | Money:
    is_amount = part in AMOUNTS and text.isascii() and text.lstrip("-").isdigit()
    return Money(int(text), currency) if is_amount else text
