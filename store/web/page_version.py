"""Which version of the catalogue is out, under which letterhead, and when pages change alone."""

from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Lock
from time import monotonic
from typing import Any

import structlog
from sqlalchemy import BindParameter, Engine, ScalarSelect, bindparam, select
from sqlalchemy.exc import SQLAlchemyError

from store.clock import Clock
from store.database import Moment, commits_here, version_question
from store.mail.letterhead import Words, words_question

INTERVAL_SECONDS = 0.25

NOW: BindParameter[datetime] = bindparam("now", type_=Moment())
NextChange = Callable[[BindParameter[datetime]], ScalarSelect[Any]]
"""Given now, the question for the next moment at which public pages change by themselves."""

log = structlog.get_logger(__name__)


class VersionWatch:
    """Asks the database at most four times a second, and at once after a commit made here."""

    def __init__(self, engine: Engine, clock: Clock, next_changes: Sequence[NextChange]) -> None:
        self._engine = engine
        self._clock = clock
        # Written once: to put it together costs more than asking it four times a second.
        self._question = select(
            version_question(), words_question(), *(question(NOW) for question in next_changes)
        )
        self._version = -1
        self.letterhead: Words = {}
        """What staff say of the brand, as of the version that was asked for last."""
        self._next_change: datetime | None = None
        self._commits = -1
        self._ask_at = 0.0
        self._lock = Lock()

    def current(self) -> int:
        """Return the version, after waiting for whoever asks for it if a commit was made here."""
        return self._asked(waits=self._commits != commits_here.count)

    def at_hand(self) -> int:
        """Return the version without waiting for anybody.

        Who renders holds a connection of the pool, and the one who asks wants another: to wait for
        him would be a deadlock as soon as all of them are held.
        """
        return self._asked(waits=False)

    def lately(self) -> int:
        """Return the version of a quarter of a second ago or later.

        Whoever writes need not ask after each of his commits.
        """
        return self.at_hand() if monotonic() >= self._ask_at else self._version

    def _asked(self, *, waits: bool) -> int:
        if self._is_due() and self._lock.acquire(blocking=waits):
            try:
                self._ask_if_due()
            finally:
                self._lock.release()
        return self._version

    def next_change(self, now: datetime) -> datetime | None:
        if self._next_change is not None and self._next_change <= now:
            self._ask_at = 0.0
            self.at_hand()
        return self._next_change

    def _is_due(self) -> bool:
        return self._commits != commits_here.count or monotonic() >= self._ask_at

    def _ask_if_due(self) -> None:
        if not self._is_due():
            return
        commits = commits_here.count
        try:
            # The letterhead first: under a version pages may be newer than it, never older.
            self.letterhead, self._version, self._next_change = self._ask()
        except SQLAlchemyError as error:
            # Pages that are fresh are better than none while the database is away.
            log.warning("public_version_unknown", error=type(error).__name__)
        self._commits = commits
        self._ask_at = monotonic() + INTERVAL_SECONDS

    def _ask(self) -> tuple[Words, int, datetime | None]:
        with self._engine.connect() as connection:
            version, words, *moments = connection.execute(
                self._question, {"now": self._clock.now()}
            ).one()
        return words or {}, version or 0, min(filter(None, moments), default=None)
