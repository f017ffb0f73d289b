"""What a reader answers to our mails: it was me, it was not me, or enough."""

from sqlalchemy import delete, update

from store.database import db
from store.newsletter.back_in_stock.asking import WAITING_KEPT
from store.newsletter.back_in_stock.forgetting import forget_requests_of
from store.newsletter.back_in_stock.models import RequestState, StockRequest
from store.newsletter.ledger import Circumstances, enter
from store.newsletter.models import ConsentKind, Purpose, SuppressionReason
from store.newsletter.subscribing import suppress
from store.services import Services


def confirm(request: StockRequest, network: str, services: Services) -> None:
    """Let everything that this address asked for wait; done twice it is done once. Flushes only.

    One mail confirms the address, and with it all that was asked for in its name.
    """
    now = services.clock.now()
    moved = db.session.scalars(
        update(StockRequest)
        .where(
            StockRequest.email_hash == request.email_hash,
            StockRequest.state == RequestState.PENDING,
        )
        .values(state=RequestState.WAITING, confirmed_at=now, ends_at=now + WAITING_KEPT)
        .returning(StockRequest.id)
        .execution_options(synchronize_session=False)
    ).all()
    db.session.refresh(request)
    if moved:
        _enter(ConsentKind.CONFIRMED, request.email_hash, network, services)


def leave(request: StockRequest, network: str, services: Services) -> None:
    """End one request; done twice it is done once. Flushes only."""
    ended = db.session.scalar(
        delete(StockRequest)
        .where(StockRequest.id == request.id)
        .returning(StockRequest.id)
        .execution_options(synchronize_session=False)
    )
    if ended is not None:
        _enter(ConsentKind.LEFT, request.email_hash, network, services)


def disown(request: StockRequest, network: str, services: Services) -> None:
    """Forget an address that somebody else typed, and never write to it again; flushes only."""
    email, email_hash = request.email, request.email_hash
    suppress(email_hash, SuppressionReason.DISOWNED, services.clock)
    _enter(ConsentKind.DISOWNED, email_hash, network, services)
    forget_requests_of(email, email_hash)


def _enter(kind: ConsentKind, email_hash: str, network: str, services: Services) -> None:
    enter(
        kind,
        purpose=Purpose.BACK_IN_STOCK,
        subscriber_id=None,
        email_hash=email_hash,
        at=services.clock.now(),
        seen=Circumstances(network=network),
    )
