"""What a reader chooses by her own link: topics, and a pause; each choice stands in the ledger."""

from calendar import monthrange
from collections.abc import Collection, Mapping
from datetime import datetime

from store.clock import Clock
from store.database import db
from store.errors import ConflictError
from store.keyed import email_hash_of
from store.newsletter.ledger import Circumstances, enter
from store.newsletter.models import ConsentKind, Subscriber, SubscriberState
from store.newsletter.topics import known_topics
from store.services import Services

PAUSES = (1, 3, 6)
"""For how many months mail may rest."""


class NotOnTheListError(ConflictError):
    """Whoever is not on the list has nothing to choose."""


def choose_topics(
    subscriber: Subscriber, topics: Collection[str], network: str, services: Services
) -> None:
    """Mail her about these from now on; the same choice again is no step. Flushes only.

    The row is locked by whoever found it.
    """
    _must_be_on_the_list(subscriber)
    chosen: list[str] = list(known_topics(topics))
    if chosen == list(known_topics(subscriber.topics)):
        return
    subscriber.topics = chosen
    _enter(ConsentKind.TOPICS, subscriber, network, services, {"topics": chosen})


def pause(subscriber: Subscriber, months: int, network: str, services: Services) -> None:
    """Leave her alone for so many months, from now on; flushes only."""
    _must_be_on_the_list(subscriber)
    until = _months_later(services.clock.now(), months)
    subscriber.paused_until = until
    _enter(ConsentKind.PAUSED, subscriber, network, services, {"until": until.isoformat()})


def resume(subscriber: Subscriber, network: str, services: Services) -> None:
    """Write to her again; done twice it is done once. Flushes only."""
    _must_be_on_the_list(subscriber)
    if is_paused(subscriber, services.clock):
        _enter(ConsentKind.RESUMED, subscriber, network, services)
    subscriber.paused_until = None
    db.session.flush()


def is_paused(subscriber: Subscriber, clock: Clock) -> bool:
    return subscriber.paused_until is not None and subscriber.paused_until > clock.now()


def _must_be_on_the_list(subscriber: Subscriber) -> None:
    if subscriber.state != SubscriberState.CONFIRMED:
        raise NotOnTheListError("not on the list")


def _months_later(moment: datetime, months: int) -> datetime:
    """Return the same day so many months on, or the last day of a month that has no such day."""
    years, month = divmod(moment.month - 1 + months, 12)
    year = moment.year + years
    last = monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))


def _enter(
    kind: ConsentKind,
    subscriber: Subscriber,
    network: str,
    services: Services,
    detail: Mapping[str, object] | None = None,
) -> None:
    now = services.clock.now()
    subscriber.updated_at = now
    enter(
        kind,
        subscriber_id=subscriber.id,
        email_hash=email_hash_of(subscriber.email, services.settings),
        at=now,
        seen=Circumstances(source="preferences", locale=subscriber.locale, network=network),
        detail=detail,
    )
