"""What the shop knows of itself: what gave up, what waits, what differs, who may sign in."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import RowMapping, func, select

from store.checkout.vitals import EVENTS_TOO_LATE, PROVED_AGAIN, looked_at
from store.cli.findings import Finding
from store.database import db
from store.mail.letterhead import branded
from store.mail.resting import relay_trouble
from store.services import Services
from store.staff.models import StaffUser
from store.staff.roles import Role

PROOFS = (
    ("Stripe", "reconciled_seconds", "reconciliation_differences", "store orders reconcile"),
    ("stock", "stock_proved_seconds", "stock_differences", "store stock prove"),
    ("gift cards", "gift_cards_proved_seconds", "gift_card_differences", "see /staff/gift-cards"),
)
"""What is compared, and who names the differences."""


def jobs(services: Services) -> Finding:
    found = looked_at(services.clock.now())
    if found["failed_jobs"]:
        words = f"{found['failed_jobs']} gave up."
        return Finding("jobs", words, "Decide about each under /staff/faults.")
    if found["mails_refused"]:
        words = f"None gave up; {found['mails_refused']} mails were refused for good."
        return Finding("jobs", words, "See to whom under /staff/faults.")
    said = relay_trouble()
    if said:
        words = f"Mail waits, for the mail server takes none: {said}"
        return Finding("jobs", words, "Mend what it says; everything goes out afterwards.")
    return Finding("jobs", f"None gave up; {found['mails_waiting']} mails wait to go out.")


def events(services: Services) -> Finding:
    now = services.clock.now()
    oldest: datetime | None = looked_at(now)["oldest_event_seconds"]
    if oldest is not None and now - oldest > EVENTS_TOO_LATE:
        minutes = (now - oldest) // timedelta(minutes=1)
        words = f"One of Stripe's has not been worked in for {minutes} minutes."
        mend = "store orders reconcile does what it would have done; /staff/faults says why."
        return Finding("events", words, mend)
    return Finding("events", "What Stripe told is worked in.")


def proofs(services: Services) -> Finding:
    now = services.clock.now()
    found = looked_at(now)
    faults = list(_faults(found, now))
    if faults:
        said, mends = zip(*faults, strict=True)
        return Finding("proofs", "\n".join(said), "; ".join(mends))
    missing = [name for name, at, *_rest in PROOFS if found[at] is None]
    if missing:
        words = f"Not proved yet: {', '.join(missing)}. A worker does it each night."
        return Finding("proofs", words, is_open=True)
    return Finding("proofs", "Stripe, stock and gift cards agree with what is written here.")


def staff(_services: Services) -> Finding:
    owners = db.session.scalars(
        select(func.count()).where(StaffUser.role == Role.OWNER, StaffUser.active)
    ).one()
    if not owners:
        words = "No owner can sign in under /staff, so nobody ships and nobody gives back."
        return Finding("staff", words, "store staff create you@example.org")
    return Finding("staff", f"Owners who may sign in: {owners}.")


def imprint(services: Services) -> Finding:
    printed = branded(services.settings)
    missing = [
        words
        for words, value in (
            ("a postal address", printed.brand_address),
            ("an address to answer to", printed.brand_email),
            ("a business number", printed.brand_business_number),
        )
        if not value
    ]
    if missing:
        words = f"What slips and mails lack: {', '.join(missing)}. Write it under /staff/brand."
        return Finding("imprint", words, is_open=True)
    return Finding("imprint", "Slips and mails say who sends them.")


def _faults(found: RowMapping, now: datetime) -> Iterator[tuple[str, str]]:
    for name, at, count, mend in PROOFS:
        if found[count]:
            yield f"{name}: {found[count]} differences.", mend
        elif found[at] is not None and now - found[at] > PROVED_AGAIN:
            days = (now - found[at]).days
            yield f"{name}: not compared for {days} days.", f"start a worker, or {mend}"
