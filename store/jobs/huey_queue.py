"""The queue that wakes workers: huey on SQLite, PostgreSQL or Redis, by the URL's scheme.

It carries row ids as plain digits. Nothing in it is unpickled, and nothing in it is the truth.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from store.jobs.queue import QueueAwayError
from store.pooling import is_behind_pooler

NAME = "store"
POLL_SECONDS = 0.1
"""How often SQLite is asked, and PostgreSQL behind a pooler; the others tell by themselves."""
LONGEST_WAIT_SECONDS = 1
"""How long Redis and PostgreSQL are listened to at once, and how long SQLite's lock is awaited."""

QUIET_SECONDS = 5
"""How long a queue that was away is not asked again by those who have a reader waiting."""


class HueyQueue:
    def __init__(self, url: str) -> None:
        self._open = _opener(url)
        self._storage: Any = None
        self._opening = threading.Lock()
        self._quiet_until = 0.0

    def hint(self, row_id: int) -> None:
        if time.monotonic() < self._quiet_until:
            raise QueueAwayError("it was away moments ago")
        try:
            with _away_is_one_error():
                self._opened().enqueue(str(row_id).encode())
        except QueueAwayError:
            self._quiet_until = time.monotonic() + QUIET_SECONDS
            raise

    def next_hint(self, timeout_seconds: float) -> int | None:
        deadline = time.monotonic() + timeout_seconds
        with _away_is_one_error():
            while True:
                hint = self._opened().dequeue()
                if hint is not None:
                    return int(hint) if hint.isdigit() else None
                left = deadline - time.monotonic()
                if left <= 0:
                    return None
                if not self._opened().blocking:
                    time.sleep(min(POLL_SECONDS, left))

    def check(self) -> None:
        """Raise QueueAwayError when the queue does not answer."""
        with _away_is_one_error():
            self._opened().queue_size()

    def close(self) -> None:
        with self._opening:
            if self._storage is not None:
                self._storage.close()

    def _opened(self) -> Any:
        # Opened at first use: a queue that is away must not keep the store from starting.
        with self._opening:
            if self._storage is None:
                self._storage = self._open().storage
            return self._storage


@contextmanager
def _away_is_one_error() -> Iterator[None]:
    try:
        yield
    except _failures() as error:
        raise QueueAwayError(type(error).__name__) from error


def _failures() -> tuple[type[Exception], ...]:
    # Imported when needed: huey brings redis and psycopg along, which a page does not wait for.
    import psycopg
    import redis
    from huey.exceptions import HueyException

    return sqlite3.Error, psycopg.Error, redis.RedisError, HueyException, OSError


def _opener(url: str) -> Callable[[], Any]:
    scheme = urlsplit(url).scheme
    if scheme == "sqlite":
        return lambda: _on_sqlite(Path(unquote(url.removeprefix("sqlite:///"))))
    if scheme in {"redis", "rediss", "unix"}:
        return lambda: _on_redis(url)
    if scheme.partition("+")[0] == "postgresql":
        return lambda: _on_postgresql("postgresql://" + url.partition("://")[2])
    raise ValueError("STORE_QUEUE_URL begins with sqlite:///, redis://, rediss:// or postgresql://")


def _on_sqlite(path: Path) -> Any:
    from huey import SqliteHuey

    path.parent.mkdir(parents=True, exist_ok=True)
    return SqliteHuey(NAME, filename=str(path), results=False, timeout=LONGEST_WAIT_SECONDS)


def _on_redis(url: str) -> Any:
    import redis
    from huey import RedisHuey
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    # redis-py tries again for seconds by itself, and a reader would wait for it.
    pool = redis.ConnectionPool.from_url(
        url,
        retry=Retry(NoBackoff(), 0),
        socket_connect_timeout=0.5,
        socket_timeout=LONGEST_WAIT_SECONDS + 1,
    )
    return RedisHuey(
        NAME, connection_pool=pool, results=False, blocking=True, read_timeout=LONGEST_WAIT_SECONDS
    )


def _on_postgresql(dsn: str) -> Any:
    import psycopg
    from huey import PostgresHuey

    with psycopg.connect(dsn, connect_timeout=2) as connection:
        is_pooled = is_behind_pooler(connection)
    return PostgresHuey(
        NAME,
        dsn=dsn,
        results=False,
        # LISTEN belongs to one server process, which a pooler gives to others between two waits.
        blocking=not is_pooled,
        read_timeout=LONGEST_WAIT_SECONDS,
        connect_timeout=2,
        prepare_threshold=None,
    )
