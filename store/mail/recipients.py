"""Who of the house wants mails of a kind; the newsroom gets them where nobody does."""

from collections.abc import Collection
from hashlib import sha256

from sqlalchemy import delete, select

from store.database import db
from store.mail.models import MailRecipient
from store.settings import Settings

LONGEST_KEY = 160
"""Of what tells one cause of a mail from another: Message.dedupe_key."""
DIGEST_LENGTH = 16


def recipients_of(kind: str, settings: Settings) -> list[str]:
    """Return the addresses that want mails of this kind, or the newsroom's."""
    wanting = db.session.scalars(
        select(MailRecipient.address)
        .where(MailRecipient.kind == kind)
        .order_by(MailRecipient.address)
    ).all()
    return list(wanting) or [settings.newsroom_email]


def wanted_by(address: str) -> set[str]:
    """Return the kinds of mail that this address wants."""
    return set(
        db.session.scalars(
            select(MailRecipient.kind).where(MailRecipient.address == address.lower())
        )
    )


def want(address: str, kinds: Collection[str], offered: Collection[str]) -> None:
    """Want these of the kinds on offer and none of the others; flushes only."""
    known = address.lower()
    db.session.execute(
        delete(MailRecipient).where(
            MailRecipient.address == known, MailRecipient.kind.in_(sorted(offered))
        )
    )
    db.session.add_all(MailRecipient(kind=kind, address=known) for kind in sorted(set(kinds)))
    db.session.flush()


def forget_recipient(address: str) -> None:
    """Send this address nothing of the house any more; flushes only."""
    db.session.execute(delete(MailRecipient).where(MailRecipient.address == address.lower()))


def key_for(recipient: str, key: str, settings: Settings) -> str:
    """Return what tells a mail to one of several from the same mail to another.

    The newsroom's keeps the key of its cause alone, as it was when only the newsroom was told.
    """
    if recipient == settings.newsroom_email:
        return key[:LONGEST_KEY]
    digest = sha256(recipient.encode()).hexdigest()[:DIGEST_LENGTH]
    return f"{key[: LONGEST_KEY - DIGEST_LENGTH - 1]}:{digest}"
