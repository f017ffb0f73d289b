"""What machines ask of a process: whether it lives, whether it can serve, what it has counted."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Protocol, runtime_checkable

import structlog
from flask import Blueprint, Flask, Response, jsonify, request
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import NotFound

from store.clock import Clock
from store.database import db
from store.jobs.models import OutboxRow
from store.jobs.queue import Queue, QueueAwayError
from store.services import Services
from store.web.machine import machine_gauges
from store.web.metrics import Counters, Gauge, prometheus_text
from store.web.proxies import CAME_BY_PROXY, TrustedProxies, is_loopback

log = structlog.get_logger(__name__)

HEALTH_PATHS = frozenset({"/healthz", "/readyz"})
"""Probes know a process by its address and no name, so the host is not checked for these."""

OK = "ok"
AWAY = "away"
BEHIND = "behind"
"""The database lacks a migration that this code needs: `store db upgrade`."""


@runtime_checkable
class CheckedQueue(Protocol):
    """A queue that can say whether it answers, without giving or taking a hint."""

    def check(self) -> None:
        """Raise QueueAwayError when it does not."""


Measure = Callable[[Clock], Iterable[Gauge]]
"""What the rooms measure of the whole shop at this moment."""


def no_gauges(_clock: Clock) -> Iterable[Gauge]:
    return ()


def install_health(
    app: Flask, services: Services, counters: Counters, measure: Measure = no_gauges
) -> None:
    blueprint = Blueprint("health", __name__)
    proxies = TrustedProxies(services.settings.trusted_proxies)

    @blueprint.get("/healthz")
    def alive() -> Response:
        return jsonify(status=OK)

    @blueprint.get("/readyz")
    def ready() -> tuple[Response, int]:
        states = {"database": _database_state(), "queue": queue_state(services.queue)}
        # A queue that is away only delays: the sweep reads the rows. The shop can still sell.
        is_ready = states["database"] == OK
        return jsonify(status=OK if is_ready else AWAY, **states), 200 if is_ready else 503

    @blueprint.get("/metrics")
    def metrics() -> Response:
        if not _is_private(proxies):
            raise NotFound
        gauges = [
            *_measured(measure, services.clock),
            *machine_gauges(services.settings, services.clock),
        ]
        told = prometheus_text(counters, gauges)
        return Response(told, content_type="text/plain; version=0.0.4")

    app.register_blueprint(blueprint)


def _measured(measure: Measure, clock: Clock) -> Sequence[Gauge]:
    """Return what was measured; a database that is away leaves what the process counted."""
    try:
        gauges, is_up = tuple(measure(clock)), 1
    except SQLAlchemyError as error:
        log.warning("not_measured", error=type(error).__name__)
        gauges, is_up = (), 0
    return *gauges, Gauge("database_up", "Whether the database answered just now.", {(): is_up})


def _database_state() -> str:
    try:
        return OK if has_every_migration(db.session.connection()) else BEHIND
    except SQLAlchemyError as error:
        log.warning("database_away", error=type(error).__name__)
        return AWAY


def has_every_migration(connection: Connection) -> bool:
    """Say whether this code finds all that it needs.

    Tables that no migration made are whole; where there are none, none was run. Whatever has seen
    more than this code knows has what it needs: while a release is brought out the processes of
    before go on selling, or there would be none.
    """
    found = inspect(connection)
    if not found.has_table("alembic_version"):
        return found.has_table(OutboxRow.__tablename__)
    # Imported when asked: no page needs it, and the first one waits for every import.
    from alembic.runtime.migration import MigrationContext

    return not _is_behind(MigrationContext.configure(connection).get_current_revision())


@lru_cache(maxsize=2)
def _is_behind(seen: str | None) -> bool:
    # Remembered: a probe that read every migration each time would be a load of its own.
    from store.migrating import Schema, schema_after

    return schema_after(seen) == Schema.BEHIND


def queue_state(queue: Queue) -> str:
    try:
        if isinstance(queue, CheckedQueue):
            queue.check()
    except QueueAwayError:
        return AWAY
    return OK


def _is_private(proxies: TrustedProxies) -> bool:
    peer = request.remote_addr or ""
    is_direct = CAME_BY_PROXY not in request.environ
    return is_direct and (is_loopback(peer) or proxies.trusts(peer))
