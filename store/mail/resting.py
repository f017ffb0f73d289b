"""Leaves alone for a while whoever outside put mail off: longer each time, and never for hours.

What waits for it is whatever is sent to many. A mail about an order is tried at its own pace.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, case, delete, select, update

from store.clock import Clock
from store.database import db, insert_into
from store.mail.rest_models import MailRest

RELAY = ""
"""Our own mail server, among the names of domains."""
MOST_DOUBLINGS = 12
MANY_REFUSALS = 6
"""In a row: minutes, and no hiccup any more."""


@dataclass(frozen=True, slots=True)
class Pace:
    first: timedelta
    longest: timedelta

    def after(self, refusals: int) -> timedelta:
        """Return how long to wait after so many refusals in a row."""
        doublings = min(max(refusals, 1) - 1, MOST_DOUBLINGS)
        return min(self.first * float(2**doublings), self.longest)


OF_DOMAINS = Pace(timedelta(minutes=1), timedelta(hours=1))
OF_RELAY = Pace(timedelta(seconds=5), timedelta(minutes=5))


def let_rest(domain: str, answer: str, clock: Clock) -> datetime:
    """Leave this domain alone, or the relay; return until when. Flushes only.

    Of several workers that are put off at once one makes the rest longer.
    """
    now = clock.now()
    is_over = MailRest.until <= now
    refusals = db.session.scalars(
        insert_into(MailRest)
        .values(domain=domain, refusals=1, until=now, answer=answer)
        .on_conflict_do_update(
            index_elements=[MailRest.domain],
            set_={
                "refusals": MailRest.refusals + case((is_over, 1), else_=0),
                "answer": answer,
            },
        )
        .returning(MailRest.refusals)
        .execution_options(synchronize_session=False)
    ).one()
    pace = OF_DOMAINS if domain else OF_RELAY
    return db.session.scalars(
        update(MailRest)
        .where(MailRest.domain == domain)
        .values(until=case((is_over, now + pace.after(refusals)), else_=MailRest.until))
        .returning(MailRest.until)
        .execution_options(synchronize_session=False)
    ).one()


def end_rests(*domains: str) -> None:
    """Say that mail to these was taken: whoever puts it off again begins with a short rest."""
    db.session.execute(
        delete(MailRest)
        .where(MailRest.domain.in_(domains))
        .execution_options(synchronize_session=False)
    )


def end_trouble(now: datetime) -> None:
    """Say that our own mail server took a mail that did not wait for the end of its rest."""
    db.session.execute(
        delete(MailRest)
        .where(MailRest.domain == RELAY, MailRest.until <= now)
        .execution_options(synchronize_session=False)
    )


def rested() -> frozenset[str]:
    """Return who was left alone lately, whether or not the rest is over."""
    return frozenset(db.session.scalars(select(MailRest.domain)))


def resting(now: datetime) -> Select[str]:
    """Return what asks for everybody who is left alone now."""
    return select(MailRest.domain).where(MailRest.until > now)


def relay_trouble() -> str:
    """Return what our own mail server says that has taken nothing for many tries; else nothing."""
    said = select(MailRest.answer).where(
        MailRest.domain == RELAY, MailRest.refusals >= MANY_REFUSALS
    )
    return db.session.scalar(said) or ""


def rests_until(domain: str, now: datetime) -> datetime | None:
    """Return until when mail to this domain has to wait, for it or for the relay."""
    return db.session.scalar(
        select(MailRest.until)
        .where(MailRest.domain.in_((domain, RELAY)), MailRest.until > now)
        .order_by(MailRest.until.desc())
        .limit(1)
    )
