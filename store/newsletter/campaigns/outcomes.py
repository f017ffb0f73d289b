"""Writes down what became of each mail, in a transaction of its own, right after the outside said.

Only the claim that a mail was tried under is written down: who lost it meanwhile says nothing.
"""

import time
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from store.clock import Clock
from store.database import WriterQueueError, db, writing
from store.mail.mailer import MailPutOffError, MailRefusedError, Reach
from store.mail.resting import RELAY, Pace, end_rests, let_rest
from store.mail.smtp_answers import without_address
from store.newsletter.campaigns.claiming import Claim
from store.newsletter.campaigns.models import Delivery, DeliveryState
from store.newsletter.campaigns.pausing import pause_if_over
from store.newsletter.suppressing import suppress_bounced
from store.settings import Settings

BETWEEN_TRIES = Pace(timedelta(minutes=5), timedelta(hours=6))
MOST_TRIES = 12
"""A day and a half; who then still says later has said no."""
RECORD_TRIES = 6
FIRST_WAIT_SECONDS = 0.2

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Given:
    """A mail that was given to the outside under a claim."""

    claim: Claim
    campaign_id: int
    recipient: str
    message_id: str


def taken(given: Given, rested: frozenset[str], clock: Clock) -> None:
    """Note that the outside has it: at any price, because it would be sent again."""
    wait = FIRST_WAIT_SECONDS
    for tries_left in reversed(range(RECORD_TRIES)):
        try:
            with writing():
                now = clock.now()
                _write(given, state=DeliveryState.SENT, tried_at=now, sent_at=now, answer="")
                if over := rested & {given.claim.domain, RELAY}:
                    end_rests(*over)
        except (OperationalError, WriterQueueError):
            log.warning("delivery_not_recorded", delivery=given.claim.delivery_id, left=tries_left)
            if not tries_left:
                raise
            time.sleep(wait)
            wait *= 2
        else:
            return


def refused(given: Given, no: MailRefusedError, settings: Settings, clock: Clock) -> None:
    """Note that the outside will never have it, and pause its campaign if that comes too often."""
    with writing():
        if no.is_unknown_mailbox:
            suppress_bounced(given.recipient, settings, clock)
        _refuse(given, without_address(str(no), given.recipient), clock)


def put_off(given: Given, no: MailPutOffError, clock: Clock) -> None:
    """Let this mail come again later, and with it all that the answer concerns."""
    claim, now = given.claim, clock.now()
    answer = without_address(no.answer, given.recipient)
    with writing():
        if no.reach is not Reach.MAILBOX:
            let_rest(claim.domain if no.reach is Reach.DOMAIN else RELAY, answer, clock)
        if not no.was_given:
            _write(given, attempts=claim.attempt - 1)
        elif claim.attempt >= MOST_TRIES:
            _refuse(given, answer, clock)
        else:
            due_at = now + BETWEEN_TRIES.after(claim.attempt)
            _write(given, due_at=due_at, tried_at=now, answer=answer)


def skipped(claim: Claim) -> None:
    """Its reader left, pauses or was suppressed since the campaign began."""
    with writing():
        _write_claimed(claim, state=DeliveryState.SKIPPED)


def _refuse(given: Given, answer: str, clock: Clock) -> None:
    _write(given, state=DeliveryState.REFUSED, tried_at=clock.now(), answer=answer)
    pause_if_over(given.campaign_id, clock)


def _write(given: Given, **values: object) -> None:
    _write_claimed(given.claim, message_id=given.message_id, **values)


def _write_claimed(claim: Claim, **values: object) -> None:
    db.session.execute(
        update(Delivery)
        .where(
            Delivery.id == claim.delivery_id,
            Delivery.attempts == claim.attempt,
            Delivery.state == DeliveryState.WAITING,
        )
        .values(claimed_until=None, **values)
        .execution_options(synchronize_session=False)
    )
