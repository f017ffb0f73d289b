"""Keeps the addresses that are told: made, changed, given another secret, switched off and on."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select, update

from store.clock import Clock
from store.connections.announcing import announce_to, send_later
from store.connections.models import Attempt, Delivery, DeliveryState, Ending, Endpoint, Kind
from store.connections.sending import may_be_told
from store.connections.signing import new_nonce, secret_of
from store.database import db
from store.errors import ConflictError, InvalidError, NotFoundError
from store.services import Services
from store.settings import Settings

MOST_ENDPOINTS = 20
BOTH_COUNT = timedelta(days=1)
"""So long the secret before goes on signing, unless it leaked."""


class EndpointRefusedError(InvalidError):
    """The address is none that may be told."""


class TooManyEndpointsError(ConflictError):
    """There are as many as the shop keeps."""


class NoSuchEndpointError(NotFoundError):
    """No endpoint has this number."""


class NoSuchDeliveryError(NotFoundError):
    """No delivery has this number, or its message was forgotten."""


class EndpointEndedError(ConflictError):
    """It is told nothing; switch it on first."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an endpoint is to be."""

    name: str
    url: str
    kinds: Collection[str]


def endpoint_of(endpoint_id: int) -> Endpoint:
    found = db.session.get(Endpoint, endpoint_id)
    if found is None:
        raise NoSuchEndpointError(f"no endpoint {endpoint_id}")
    return found


def endpoints() -> Sequence[Endpoint]:
    return db.session.scalars(select(Endpoint).order_by(Endpoint.id)).all()


def add_endpoint(wanted: Wanted, services: Services) -> Endpoint:
    """Keep another address; flushes only. Raises EndpointRefusedError, TooManyEndpointsError."""
    _check(wanted, services.settings)
    if len(endpoints()) >= MOST_ENDPOINTS:
        raise TooManyEndpointsError(f"the shop keeps {MOST_ENDPOINTS}")
    endpoint = Endpoint(nonce=new_nonce(), made_at=services.clock.now(), **_values(wanted))
    db.session.add(endpoint)
    db.session.flush()
    return endpoint


def change_endpoint(endpoint: Endpoint, wanted: Wanted, services: Services) -> None:
    """Give it other values; what is on its way goes to where it leads then. Flushes only."""
    _check(wanted, services.settings)
    for name, value in _values(wanted).items():
        setattr(endpoint, name, value)
    db.session.flush()


def rotate_secret(endpoint: Endpoint, services: Services, *, ends_old: bool) -> str:
    """Give it another secret and return that; the one before counts for a day, or no more."""
    now = services.clock.now()
    endpoint.old_nonce = "" if ends_old else endpoint.nonce
    endpoint.old_until = None if ends_old else now + BOTH_COUNT
    endpoint.nonce = new_nonce()
    db.session.flush()
    return secret_of(endpoint.nonce, services.settings)


def end_endpoint(endpoint: Endpoint, clock: Clock) -> None:
    """Tell it nothing any more; what waits for it fails. Flushes only."""
    endpoint.ended_at, endpoint.ended_because = clock.now(), Ending.STAFF
    db.session.execute(
        update(Delivery)
        .where(Delivery.endpoint_id == endpoint.id, Delivery.state == DeliveryState.WAITING)
        .values(state=DeliveryState.FAILED, next_at=None)
    )
    db.session.flush()


def resume_endpoint(endpoint: Endpoint) -> None:
    """Tell it again what happens from now on; flushes only."""
    endpoint.ended_at = endpoint.failing_since = endpoint.rests_until = None
    endpoint.ended_because = ""
    db.session.flush()


def forget_endpoint(endpoint: Endpoint) -> None:
    """Delete it with everything that it was told."""
    ids = select(Delivery.id).where(Delivery.endpoint_id == endpoint.id)
    db.session.execute(delete(Attempt).where(Attempt.delivery_id.in_(ids)))
    db.session.execute(delete(Delivery).where(Delivery.endpoint_id == endpoint.id))
    db.session.delete(endpoint)
    db.session.flush()


def ping(endpoint: Endpoint, clock: Clock) -> Delivery:
    """Send it a message that means nothing; raises EndpointEndedError."""
    if endpoint.ended_at is not None:
        raise EndpointEndedError(f"endpoint {endpoint.id} is switched off")
    return announce_to(endpoint, Kind.PING, "", {}, clock)


def send_again(delivery: Delivery, clock: Clock) -> None:
    """Begin anew with a message, under the number that it had; raises EndpointEndedError."""
    if delivery.endpoint.ended_at is not None:
        raise EndpointEndedError(f"endpoint {delivery.endpoint_id} is switched off")
    delivery.state, delivery.tries, delivery.turn = DeliveryState.WAITING, 0, delivery.turn + 1
    send_later(delivery, clock)


def send_failed_again(endpoint: Endpoint, clock: Clock) -> int:
    """Begin anew with everything that failed; return how much that is."""
    failed = db.session.scalars(
        select(Delivery)
        .where(Delivery.endpoint_id == endpoint.id, Delivery.state == DeliveryState.FAILED)
        .order_by(Delivery.id)
    ).all()
    for delivery in failed:
        send_again(delivery, clock)
    return len(failed)


def delivery_of(endpoint: Endpoint, delivery_id: int) -> Delivery:
    found = db.session.get(Delivery, delivery_id)
    if found is None or found.endpoint_id != endpoint.id:
        raise NoSuchDeliveryError(f"no delivery {delivery_id}")
    return found


def counted(endpoint_ids: Collection[int]) -> Mapping[int, Mapping[str, int]]:
    """Return how many messages of each state each endpoint has."""
    rows = db.session.execute(
        select(Delivery.endpoint_id, Delivery.state, func.count())
        .where(Delivery.endpoint_id.in_(endpoint_ids))
        .group_by(Delivery.endpoint_id, Delivery.state)
    )
    found: dict[int, dict[str, int]] = {number: {} for number in endpoint_ids}
    for endpoint_id, state, count in rows:
        found[endpoint_id][state] = count
    return found


def in_trouble() -> tuple[Sequence[Endpoint], Sequence[Endpoint]]:
    """Return the endpoints that ended by themselves, and those that fail right now."""
    known = endpoints()
    by_itself = {Ending.FAILING, Ending.GONE}
    return (
        [one for one in known if one.ended_at is not None and one.ended_because in by_itself],
        [one for one in known if one.ended_at is None and one.failing_since is not None],
    )


def _check(wanted: Wanted, settings: Settings) -> None:
    if not may_be_told(wanted.url, settings):
        raise EndpointRefusedError("this address may not be told")


def _values(wanted: Wanted) -> dict[str, object]:
    kinds = [kind for kind in Kind if kind in wanted.kinds]
    return {"name": wanted.name, "url": wanted.url, "kinds": kinds}
