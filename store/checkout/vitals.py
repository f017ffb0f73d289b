"""What a shop measures of itself when a machine asks: what waits, what failed, what differs."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, Select, func, select, text
from sqlalchemy.orm import InstrumentedAttribute

from store.checkout.models import Reconciliation
from store.clock import Clock
from store.database import Moment, db
from store.gift_cards.models import GiftCardProof
from store.inventory.models import StockProof
from store.jobs.leases import living_workers
from store.jobs.models import HAS_FAILED, OutboxRow
from store.mail.models import WAS_REFUSED, Message
from store.mail.outgoing import SendMail
from store.newsletter.campaigns.models import Campaign
from store.orders.models import StripeEvent
from store.web.metrics import Gauge

Values = dict[tuple[tuple[str, str], ...], float]
Proof = type[Reconciliation] | type[StockProof] | type[GiftCardProof]

JOBS_TOO_LATE, EVENTS_TOO_LATE = timedelta(minutes=10), timedelta(minutes=15)
PROVED_AGAIN = timedelta(days=2)
"""Each night everything is proved, and one night may be missed. Whoever tells that something is
wrong goes by these: staff, the doctor, and the rules of deploy/prometheus."""

AGES = {
    "oldest_job_seconds": "How long the job that is due and waits longest has been due.",
    "oldest_event_seconds": "How long the oldest event of Stripe waits that is not worked in.",
    "reconciled_seconds": "How long ago Stripe and the store were compared.",
    "stock_proved_seconds": "How long ago all stock was proved.",
    "gift_cards_proved_seconds": "How long ago all gift cards were proved.",
}
NOTHING_WAITS = frozenset({"oldest_job_seconds", "oldest_event_seconds"})
"""Ages that are nought where there is nothing; of the others nobody can tell before the first."""
COUNTS = {
    "failed_jobs": "Jobs that used up their attempts and that nobody decided about.",
    "mails_waiting": "Mails that are to be sent, those among them that were put off.",
    "mails_refused": "Mails that the outside refused for good and that nobody decided about.",
    "reconciliation_differences": "Differences that the last comparison with Stripe found.",
    "stock_differences": "Numbers of stock that the last proof could not explain.",
    "gift_card_differences": "Gift cards that the last proof could not explain.",
}


def vitals(clock: Clock) -> Iterator[Gauge]:
    """Measure now: three statements, each by an index or of a few rows."""
    now = clock.now()
    found = looked_at(now)
    for name, meaning in AGES.items():
        yield Gauge(name, meaning, _age(name, found[name], now))
    for name, meaning in COUNTS.items():
        count = found[name]
        yield Gauge(name, meaning, {} if count is None else {(): count})
    yield Gauge("workers", "Workers that show life.", {(): living_workers(clock)})
    yield Gauge("campaigns", "Campaigns by state, and why they pause.", _campaigns())


def looked_at(now: datetime) -> RowMapping:
    """Return the counts by name and, in place of each age, the moment from which it counts."""
    return db.session.execute(_question(now)).mappings().one()


def campaign_counts() -> dict[tuple[str, str], int]:
    """Return how many campaigns there are by state and by what pauses them."""
    counted = select(Campaign.state, Campaign.pause_cause, func.count()).group_by(
        Campaign.state, Campaign.pause_cause
    )
    return {(state, cause): count for state, cause, count in db.session.execute(counted)}


def _age(name: str, since: datetime | None, now: datetime) -> Values:
    if since is None:
        return {(): 0} if name in NOTHING_WAITS else {}
    return {(): max(0.0, (now - since).total_seconds())}


def _question(now: datetime) -> Select[Any]:
    is_open = OutboxRow.done_at.is_(None), OutboxRow.failed_at.is_(None)
    is_mail = OutboxRow.kind == SendMail.kind
    asked: dict[str, Select[Any]] = {
        "oldest_job_seconds": select(func.min(OutboxRow.due_at, type_=Moment())).where(
            *is_open, OutboxRow.due_at <= now
        ),
        "oldest_event_seconds": select(func.min(StripeEvent.received_at, type_=Moment())).where(
            StripeEvent.finished_at.is_(None)
        ),
        "reconciled_seconds": _last(Reconciliation, Reconciliation.at),
        "stock_proved_seconds": _last(StockProof, StockProof.at),
        "gift_cards_proved_seconds": _last(GiftCardProof, GiftCardProof.at),
        "failed_jobs": select(func.count(OutboxRow.id)).where(
            text(HAS_FAILED), OutboxRow.done_at.is_(None)
        ),
        "mails_waiting": select(func.count(OutboxRow.id)).where(*is_open, is_mail),
        "mails_refused": select(func.count(Message.id)).where(
            text(WAS_REFUSED), Message.recipient != ""
        ),
        "reconciliation_differences": _last(Reconciliation, Reconciliation.differences),
        "stock_differences": _last(StockProof, StockProof.differences),
        "gift_card_differences": _last(GiftCardProof, GiftCardProof.differences),
    }
    return select(*(one.scalar_subquery().label(name) for name, one in asked.items()))


def _last(proof: Proof, column: InstrumentedAttribute[Any]) -> Select[Any]:
    return select(column).order_by(proof.id.desc()).limit(1)


def _campaigns() -> Values:
    return {
        (("state", state), ("cause", cause)): count
        for (state, cause), count in campaign_counts().items()
    }
