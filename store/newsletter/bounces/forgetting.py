"""Forgets what came back: the words of what is unclear soon, the rest after a year."""

from datetime import timedelta

from sqlalchemy import delete, select, update

from store.clock import Clock
from store.database import db, writing
from store.newsletter.bounces.models import MailReport, ReportKind, WebhookToken

EXCERPTS_KEPT = timedelta(days=30)
REPORTS_KEPT = timedelta(days=365)
TOKENS_KEPT = timedelta(days=2)
"""Longer than any signature is believed."""


def forget_old_reports(clock: Clock) -> None:
    """Delete what nobody needs any more; opens a transaction of its own."""
    now = clock.now()
    with writing():
        db.session.execute(
            update(MailReport)
            .where(MailReport.excerpt != "", MailReport.received_at < now - EXCERPTS_KEPT)
            .values(excerpt="")
        )
        db.session.execute(delete(MailReport).where(MailReport.received_at < now - REPORTS_KEPT))
        db.session.execute(delete(WebhookToken).where(WebhookToken.at < now - TOKENS_KEPT))


def returned_to(email_hash: str) -> list[dict[str, object]]:
    """Return what came back from an address, for whoever asks what is kept of her."""
    rows = db.session.scalars(
        select(MailReport).where(MailReport.email_hash == email_hash).order_by(MailReport.id)
    )
    return [{"what": row.kind, "at": row.at.isoformat()} for row in rows]


def forget_reports_of(email: str) -> None:
    """Empty what names this address, for whoever is erased; hashes stay. Flushes only."""
    db.session.execute(
        update(MailReport)
        .where(
            MailReport.kind == ReportKind.UNCLEAR,
            MailReport.excerpt != "",
            MailReport.excerpt.icontains(email.strip(), autoescape=True),
        )
        .values(excerpt="")
        .execution_options(synchronize_session=False)
    )
