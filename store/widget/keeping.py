"""Keeps what was read of a database until its public version rises: once for a process."""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from store.database import WRITING, db

T = TypeVar("T")


class Kept(Generic[T]):
    """One value for each database, and what it was read for; nobody may change the value."""

    def __init__(self) -> None:
        self._held: WeakKeyDictionary[Engine | Connection, tuple[Hashable, T]] = WeakKeyDictionary()
        self._lock = Lock()

    def get(self, key: Hashable, read: Callable[[T | None], T]) -> T:
        """Return what is kept for this key; `read` is given what was kept before it, or nothing.

        One thread reads, the others wait for it. Inside a writing scope there may be changes that
        nobody will ever see: then nothing is kept.
        """
        session = db.session()
        bind = session.get_bind()
        held = self._held.get(bind)
        if held is not None and held[0] == key:
            return held[1]
        # Whoever waits below holds a connection, so whoever reads must have got one before.
        session.connection()
        if session.info.get(WRITING):
            return read(held[1] if held is not None else None)
        with self._lock:
            held = self._held.get(bind)
            if held is None or held[0] != key:
                held = self._held[bind] = (key, read(held[1] if held is not None else None))
            return held[1]

    def forget(self) -> None:
        """Forget everything, as when a database was replaced under its engine."""
        self._held.clear()
