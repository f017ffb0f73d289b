"""Which version of the catalogue is out: asked of the database at most four times a second."""

from threading import Lock
from time import monotonic

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from store.database import commits_here, public_version

INTERVAL_SECONDS = 0.25

log = structlog.get_logger(__name__)


class VersionWatch:
    """Answers from memory between two questions, and asks at once after a commit made here."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._version = -1
        self._commits = -1
        self._ask_at = 0.0
        self._lock = Lock()

    def current(self) -> int:
        # Only a commit made here is worth waiting for; else one asks and the others go on.
        if self._is_due() and self._lock.acquire(blocking=self._commits != commits_here.count):
            try:
                self._ask_if_due()
            finally:
                self._lock.release()
        return self._version

    def _is_due(self) -> bool:
        return self._commits != commits_here.count or monotonic() >= self._ask_at

    def _ask_if_due(self) -> None:
        if not self._is_due():
            return
        commits = commits_here.count
        try:
            with self._engine.connect() as connection:
                self._version = public_version(connection)
        except SQLAlchemyError as error:
            # Pages that are fresh are better than none while the database is away.
            log.warning("public_version_unknown", error=type(error).__name__)
        self._commits = commits
        self._ask_at = monotonic() + INTERVAL_SECONDS
