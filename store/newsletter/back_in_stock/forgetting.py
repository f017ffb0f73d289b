"""Forgets who asked, once she was told, nobody confirmed, or ninety days have passed."""

from datetime import timedelta

from sqlalchemy import delete, select

from store.database import db, writing
from store.mail.sending import forget_mails_of, forget_mails_to
from store.newsletter.back_in_stock.messages import BACK, INVITATION, ROOM
from store.newsletter.back_in_stock.models import RequestState, StockRequest
from store.newsletter.ledger import enter
from store.newsletter.models import ConsentKind, Purpose
from store.services import Services

AT_ONCE = 200
MAILS_KEPT = timedelta(days=7)
"""Long enough for a mail server that is away; then the mail forgets the address as its row did."""


def forget_ended(services: Services) -> int:
    """Let a batch of requests go whose time is over; return how many. Opens its own scope."""
    now = services.clock.now()
    with writing():
        ended = db.session.scalars(
            select(StockRequest)
            .where(StockRequest.ends_at <= now)
            .order_by(StockRequest.id)
            .limit(AT_ONCE)
            .with_for_update()
        ).all()
        for request in ended:
            # Who was told got what she asked for; that is no consent that lapsed.
            if request.state != RequestState.TOLD:
                enter(
                    ConsentKind.EXPIRED,
                    purpose=Purpose.BACK_IN_STOCK,
                    subscriber_id=None,
                    email_hash=request.email_hash,
                    at=now,
                )
            db.session.delete(request)
        for kind in (INVITATION, BACK):
            forget_mails_of(kind, before=now - MAILS_KEPT)
        return len(ended)


def forget_requests_of(email: str, email_hash: str) -> None:
    """Forget everything that this address asked for, and what was written to it; flushes only."""
    db.session.execute(
        delete(StockRequest)
        .where(StockRequest.email_hash == email_hash)
        .execution_options(synchronize_session=False)
    )
    if email:
        forget_mails_to(email, room=ROOM)
