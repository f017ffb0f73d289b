"""Delivers what was written down: signed, within a deadline, again for three days, and then not."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from store.connections.announcing import send_later
from store.connections.models import Attempt, Delivery, DeliveryState, Ending, Endpoint
from store.connections.signing import secrets_of, signed_headers
from store.database import db, end_reading, writing
from store.fetching.asking import head
from store.fetching.posting import Answer, post
from store.fetching.strangers import Manners, NotFetchedError
from store.services import Services
from store.settings import Settings

SECONDS = 10.0
MOST_BYTES = 64 * 1024
WAITS = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""Between one try and the next: ten tries within three days and four hours."""
PATIENCE = timedelta(days=3)
"""So long an endpoint may accept nothing before it is told nothing any more."""
REST = timedelta(minutes=1)
LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is sent where; read before anybody outside is asked."""

    url: str
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Outcome:
    milliseconds: int
    answer: Answer | None = None
    fault: str = ""

    @property
    def is_accepted(self) -> bool:
        return self.answer is not None and 200 <= self.answer.status < 300

    @property
    def is_gone(self) -> bool:
        return self.answer is not None and self.answer.status == 410


def deliver(delivery_id: int, turn: int, services: Services) -> None:
    """Try once, outside any transaction, and record what came back; safe to run twice."""
    delivery = _waiting(delivery_id, turn)
    if delivery is None:
        return
    now, endpoint = services.clock.now(), delivery.endpoint
    if endpoint.rests_until is not None and endpoint.rests_until > now:
        rest = endpoint.rests_until - now
        with writing():
            send_later(db.session.get_one(Delivery, delivery_id), services.clock, rest)
        return
    plan = _plan(delivery, now, services.settings)
    end_reading()
    outcome = _try(plan, services.settings)
    with writing():
        _record(delivery_id, turn, outcome, services)


def may_be_told(url: str, settings: Settings) -> bool:
    """Whether an address may be an endpoint: encrypted, or on this machine where the shop is."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    if not host or parts.username is not None or parts.password is not None:
        return False
    return parts.scheme == "https" or (
        parts.scheme == "http" and is_on_this_machine(settings.public_url) and _is_loopback(host)
    )


def is_on_this_machine(url: str) -> bool:
    """Whether a shop is somebody's own, at an address that only this machine reaches."""
    return _is_loopback(urlsplit(url).hostname or "")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _waiting(delivery_id: int, turn: int) -> Delivery | None:
    delivery = db.session.scalar(
        select(Delivery)
        .where(
            Delivery.id == delivery_id,
            Delivery.turn == turn,
            Delivery.state == DeliveryState.WAITING,
        )
        .options(joinedload(Delivery.endpoint))
    )
    if delivery is None or delivery.endpoint.ended_at is None:
        return delivery
    with writing():
        _fail(delivery_id)
    return None


def _plan(delivery: Delivery, now: datetime, settings: Settings) -> _Plan:
    alive = secrets_of(delivery.endpoint, now, settings)
    headers = {
        **head(settings.brand_name, settings.public_url, accept="*/*"),
        "Content-Type": "application/json",
        **signed_headers(delivery.message_id, delivery.body, now, alive),
    }
    return _Plan(delivery.endpoint.url, delivery.body.encode(), headers)


def _try(plan: _Plan, settings: Settings) -> _Outcome:
    began = time.monotonic()
    answer, fault = None, ""
    if not may_be_told(plan.url, settings):
        return _Outcome(0, fault="the address is not encrypted")
    try:
        answer = post(plan.url, plan.body, _manners(plan, settings))
    except NotFetchedError as refused:
        fault = str(refused)
    return _Outcome(round((time.monotonic() - began) * 1000), answer, fault)


def _manners(plan: _Plan, settings: Settings) -> Manners:
    """Ask the open internet only; this machine too where the shop itself is only here."""
    networks = LOOPBACK if is_on_this_machine(settings.public_url) else ()
    return Manners(plan.headers, seconds=SECONDS, most_bytes=MOST_BYTES, networks=networks)


def _record(delivery_id: int, turn: int, outcome: _Outcome, services: Services) -> None:
    counted = db.session.scalar(
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.turn == turn)
        .values(turn=turn + 1, tries=Delivery.tries + 1, next_at=None)
        .returning(Delivery.id)
    )
    if counted is None:
        return
    db.session.add(_attempt(delivery_id, outcome, services.clock.now()))
    delivery = db.session.get_one(Delivery, delivery_id, populate_existing=True)
    endpoint = delivery.endpoint
    if outcome.is_accepted:
        delivery.state = DeliveryState.DELIVERED
        endpoint.failing_since = endpoint.rests_until = None
    else:
        _try_again_or_not(delivery, endpoint, outcome, services)
    db.session.flush()


def _try_again_or_not(
    delivery: Delivery, endpoint: Endpoint, outcome: _Outcome, services: Services
) -> None:
    now = services.clock.now()
    endpoint.failing_since = endpoint.failing_since or now
    if outcome.answer is None:
        endpoint.rests_until = now + REST
    is_tired = now - endpoint.failing_since >= PATIENCE
    if (outcome.is_gone or is_tired) and endpoint.ended_at is None:
        endpoint.ended_at = now
        endpoint.ended_because = Ending.GONE if outcome.is_gone else Ending.FAILING
        log.warning("webhook_ended", endpoint=endpoint.id, because=endpoint.ended_because)
    if endpoint.ended_at is not None or delivery.tries > len(WAITS):
        delivery.state = DeliveryState.FAILED
    else:
        send_later(delivery, services.clock, WAITS[delivery.tries - 1])


def _fail(delivery_id: int) -> None:
    db.session.execute(
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.state == DeliveryState.WAITING)
        .values(state=DeliveryState.FAILED, next_at=None)
    )


def _attempt(delivery_id: int, outcome: _Outcome, now: datetime) -> Attempt:
    answer = outcome.answer
    return Attempt(
        delivery_id=delivery_id,
        at=now,
        milliseconds=outcome.milliseconds,
        status=answer.status if answer else None,
        answer=answer.beginning if answer else "",
        fault=outcome.fault[:200],
    )
