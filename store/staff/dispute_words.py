"""What staff read of a dispute: its state, why the bank asks, and the fields a bank reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from store.orders.disputing.models import Dispute, DisputeStatus
from store.staff.order_words import State

STATES: Mapping[str, State] = {
    DisputeStatus.WARNING_NEEDS_RESPONSE: State(_l("The bank asks"), "warn"),
    DisputeStatus.WARNING_UNDER_REVIEW: State(_l("The bank reads our answer"), "open"),
    DisputeStatus.WARNING_CLOSED: State(_l("No more questions"), "good"),
    DisputeStatus.NEEDS_RESPONSE: State(_l("To answer"), "bad"),
    DisputeStatus.UNDER_REVIEW: State(_l("The bank reads our answer"), "open"),
    DisputeStatus.WON: State(_l("Won"), "good"),
    DisputeStatus.LOST: State(_l("Lost"), "bad"),
    DisputeStatus.PREVENTED: State(_l("Prevented"), "good"),
}
REASONS: Mapping[str, LazyString] = {
    "bank_cannot_process": _l("the bank cannot process it"),
    "credit_not_processed": _l("a refund was promised and did not come"),
    "customer_initiated": _l("the buyer asked for it"),
    "debit_not_authorized": _l("the debit was not authorised"),
    "duplicate": _l("it was charged twice"),
    "fraudulent": _l("the holder of the card says that she did not buy it"),
    "general": _l("no particular reason was given"),
    "incorrect_account_details": _l("the account was another one"),
    "insufficient_funds": _l("there was too little money"),
    "product_not_received": _l("it did not arrive"),
    "product_unacceptable": _l("it is not as described, or faulty"),
    "subscription_canceled": _l("it was cancelled"),
    "unrecognized": _l("the holder of the card does not recognise it"),
}
FIELDS: Mapping[str, LazyString] = {
    "customer_name": _l("Name"),
    "customer_email_address": _l("Email"),
    "shipping_address": _l("Sent to"),
    "shipping_carrier": _l("Carrier"),
    "shipping_tracking_number": _l("Tracking number"),
    "shipping_date": _l("Sent on"),
    "service_date": _l("Arrived on"),
    "product_description": _l("What was sold"),
    "refund_policy_disclosure": _l("Terms that were shown"),
    "refund_refusal_explanation": _l("Refunds and returns"),
    "uncategorized_text": _l("Everything else"),
}


@dataclass(frozen=True, slots=True)
class ShownDispute:
    """One dispute as lists and pages print it; hours are those until the bank takes no answer."""

    id: int
    number: str
    state: State
    reason: str
    left: str
    is_late: bool


def shown(dispute: Dispute, now: datetime) -> ShownDispute:
    return ShownDispute(
        id=dispute.id,
        number=dispute.order.number,
        state=STATES.get(dispute.status, State(_l("Open"), "warn")),
        reason=reason_words(dispute.reason),
        left=time_left(dispute, now) if dispute.is_answerable else "",
        is_late=dispute.due_by is not None and dispute.due_by <= now,
    )


def reason_words(reason: str) -> str:
    return str(REASONS.get(reason, reason.replace("_", " ")))


def time_left(dispute: Dispute, now: datetime) -> str:
    """Return how long an answer is taken, in days and below two of them in hours."""
    if dispute.due_by is None:
        return str(_("the bank named no end"))
    hours = int((dispute.due_by - now).total_seconds() // 3600)
    if hours < 0:
        return str(_("the time to answer is over"))
    if hours < 48:
        return str(ngettext("%(num)s hour left", "%(num)s hours left", hours))
    return str(ngettext("%(num)s day left", "%(num)s days left", hours // 24))


def field_words(name: str) -> str:
    return str(FIELDS.get(name, name))
