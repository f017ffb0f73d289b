"""What this room keeps of a reader, and forgets when she asks."""

from collections.abc import Mapping

from sqlalchemy import select

from store.database import db
from store.keyed import email_hash_of
from store.newsletter.back_in_stock.forgetting import forget_requests_of
from store.newsletter.back_in_stock.models import StockRequest
from store.newsletter.bounces.forgetting import forget_reports_of, returned_to
from store.newsletter.campaigns.models import Campaign, Delivery
from store.newsletter.importing.models import ImportedAddress, SubscriberImport
from store.newsletter.models import ConsentEntry, ConsentWording, Subscriber, Suppression
from store.newsletter.subscribing import erase, forget_imported
from store.services import Services


class NewsletterKeeper:
    """Its part in what is kept: the subscription, the consents, and what is waited for."""

    def kept(self, email: str, services: Services) -> Mapping[str, object]:
        """Return what the rows of this address say."""
        email_hash = email_hash_of(email, services.settings)
        found = {
            "newsletter": _subscription(email),
            "newsletter_mails": _mails(email),
            "back_in_stock": _requests(email_hash),
            "consents": _consents(email_hash),
            "returned_mails": returned_to(email_hash),
            "not_written_to": _suppression(email_hash),
            "imported": _imported(email_hash),
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
        "paused_until": row.paused_until.isoformat() if row.paused_until else None,
        "source": row.source,
    }


def _mails(email: str) -> list[dict[str, object]]:
    """Return which mails to many went to her; what stood in them is the same for everybody."""
    rows = db.session.execute(
        select(Campaign.sent_subject, Delivery.state, Delivery.sent_at)
        .select_from(Delivery)
        .join(Campaign, Campaign.id == Delivery.campaign_id)
        .join(Subscriber, Subscriber.id == Delivery.subscriber_id)
        .where(Subscriber.email == email.lower())
        .order_by(Delivery.id)
    )
    return [
        {"subject": subject, "state": state, "sent_at": at.isoformat() if at else None}
        for subject, state, at in rows
    ]


def _suppression(email_hash: str) -> dict[str, object]:
    row = db.session.scalar(select(Suppression).where(Suppression.email_hash == email_hash))
    return {"why": row.reason, "since": row.at.isoformat()} if row else {}


def _imported(email_hash: str) -> list[dict[str, object]]:
    """Return from which lists she is about to be asked."""
    rows = db.session.execute(
        select(SubscriberImport.agreed_where, SubscriberImport.agreed_on)
        .join(ImportedAddress, ImportedAddress.import_id == SubscriberImport.id)
        .where(ImportedAddress.email_hash == email_hash)
        .order_by(SubscriberImport.id)
    )
    return [{"where": where, "on": on.isoformat()} for where, on in rows]


def _requests(email_hash: str) -> list[dict[str, object]]:
    rows = db.session.scalars(select(StockRequest).where(StockRequest.email_hash == email_hash))
    return [
        {"variant": row.variant_id, "state": row.state, "asked_at": row.asked_at.isoformat()}
        for row in rows
    ]


def _consents(email_hash: str) -> list[dict[str, object]]:
    rows = db.session.execute(
        select(ConsentEntry, ConsentWording.text)
        .outerjoin(ConsentWording, ConsentWording.text_hash == ConsentEntry.wording_hash)
        .where(ConsentEntry.email_hash == email_hash)
        .order_by(ConsentEntry.id)
    )
    return [
        {
            "for": row.purpose,
            "step": row.kind,
            "wording": row.wording_version,
            "words": words or "",
            "about": row.detail or {},
            "language": row.locale,
            "where": row.page or row.source,
            "network": row.network,
            "at": row.at.isoformat(),
        }
        for row, words in rows
    ]
