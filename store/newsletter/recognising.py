"""Whether the store still recognises the addresses of which it keeps a hash alone."""

from sqlalchemy import select

from store.database import db
from store.keyed import email_hash_of
from store.newsletter.models import ConsentEntry, Subscriber
from store.settings import Settings

ENOUGH = 20
"""Of so many who signed up last at least one stands in the ledger under the hash of today."""


def recognises_addresses(settings: Settings) -> bool:
    """Say so; not where the key of what is kept is another than that under which it was kept."""
    newest = select(Subscriber.email).order_by(Subscriber.id.desc()).limit(ENOUGH)
    hashes = [email_hash_of(email, settings) for email in db.session.scalars(newest)]
    known = select(ConsentEntry.id).where(ConsentEntry.email_hash.in_(hashes)).limit(1)
    return not hashes or db.session.scalar(known) is not None
