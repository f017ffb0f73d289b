"""What is kept of whoever had a cart mailed, and forgotten when she asks."""

from sqlalchemy import select

from store.database import db
from store.mail.sending import forget_mails_to
from store.waiting.left_carts.asking import ROOM, forget_link
from store.waiting.left_carts.models import CartLink


def kept_links(email_hash: str) -> list[dict[str, object]]:
    rows = db.session.scalars(
        select(CartLink).where(CartLink.email_hash == email_hash).order_by(CartLink.id)
    )
    return [
        {
            "state": row.state,
            "asked_at": row.asked_at.isoformat(),
            "sent_at": row.sent_at.isoformat() if row.sent_at else None,
        }
        for row in rows
    ]


def forget_links_of(email: str, email_hash: str) -> None:
    """Forget the address and what was written to it; flushes only."""
    own = select(CartLink.id).where(CartLink.email_hash == email_hash)
    for link_id in db.session.scalars(own).all():
        forget_link(link_id)
    forget_mails_to(email, room=ROOM)
