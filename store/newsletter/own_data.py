"""What this room keeps of a reader, and forgets when she asks."""

from collections.abc import Mapping

from sqlalchemy import select

from store.database import db
from store.keyed import email_hash_of
from store.newsletter.back_in_stock.forgetting import forget_requests_of
from store.newsletter.back_in_stock.models import StockRequest
from store.newsletter.bounces.forgetting import forget_reports_of, returned_to
from store.newsletter.models import ConsentEntry, Subscriber
from store.newsletter.subscribing import erase, forget_imported
from store.services import Services


class NewsletterKeeper:
    """Its part in what is kept: the subscription, the consents, and what is waited for."""

    def kept(self, email: str, services: Services) -> Mapping[str, object]:
        """Return what the rows of this address say."""
        email_hash = email_hash_of(email, services.settings)
        found = {
            "newsletter": _subscription(email),
            "back_in_stock": _requests(email_hash),
            "consents": _consents(email_hash),
            "returned_mails": returned_to(email_hash),
        }
        return {subject: rows for subject, rows in found.items() if rows}

    def erase(self, email: str, services: Services) -> None:
        """Forget the address; a keyed hash stays, so that no import brings it back."""
        subscriber = _subscriber(email)
        if subscriber is not None:
            erase(subscriber, services)
        email_hash = email_hash_of(email, services.settings)
        forget_requests_of(email.lower(), email_hash)
        forget_imported(email_hash)
        forget_reports_of(email)


def _subscriber(email: str) -> Subscriber | None:
    wanted = select(Subscriber).where(Subscriber.email == email.lower()).with_for_update()
    return db.session.scalar(wanted)


def _subscription(email: str) -> dict[str, object]:
    row = db.session.scalar(select(Subscriber).where(Subscriber.email == email.lower()))
    if row is None:
        return {}
    return {
        "email": row.email,
        "state": row.state,
        "language": row.locale,
        "topics": list(row.topics),
        "section": row.section,
        "asked_at": row.asked_at.isoformat(),
        "confirmed_at": row.confirmed_at.isoformat() if row.confirmed_at else None,
        "left_at": row.left_at.isoformat() if row.left_at else None,
    }


def _requests(email_hash: str) -> list[dict[str, object]]:
    rows = db.session.scalars(select(StockRequest).where(StockRequest.email_hash == email_hash))
    return [
        {"variant": row.variant_id, "state": row.state, "asked_at": row.asked_at.isoformat()}
        for row in rows
    ]


def _consents(email_hash: str) -> list[dict[str, object]]:
    rows = db.session.scalars(
        select(ConsentEntry).where(ConsentEntry.email_hash == email_hash).order_by(ConsentEntry.id)
    )
    return [
        {
            "for": row.purpose,
            "step": row.kind,
            "wording": row.wording_version,
            "where": row.page or row.source,
            "at": row.at.isoformat(),
        }
        for row in rows
    ]
