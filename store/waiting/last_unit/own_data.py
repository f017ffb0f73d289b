"""What the queue keeps of a reader, and forgets when she asks."""

from sqlalchemy import select

from store.database import db
from store.inventory.models import QueuePlace
from store.inventory.queueing import leave
from store.mail.sending import forget_mails_to
from store.waiting.last_unit.messages import ROOM
from store.waiting.last_unit.models import QueueReader


def kept_places(email_hash: str) -> list[dict[str, object]]:
    rows = db.session.execute(
        select(QueuePlace.variant_id, QueuePlace.state, QueuePlace.joined_at)
        .join(QueueReader, QueueReader.place_id == QueuePlace.id)
        .where(QueueReader.email_hash == email_hash)
        .order_by(QueuePlace.id)
    )
    return [
        {"variant": row.variant_id, "state": row.state, "asked_at": row.joined_at.isoformat()}
        for row in rows
    ]


def forget_places_of(email: str, email_hash: str) -> None:
    """Give up every place of this address, and forget what was written to it; flushes only."""
    own = select(QueueReader.place_id).where(QueueReader.email_hash == email_hash)
    for place_id in db.session.scalars(own.order_by(QueueReader.variant_id)).all():
        leave(place_id)
    forget_mails_to(email, room=ROOM)
