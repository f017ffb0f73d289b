"""Answers what time it is: aware UTC, from one place that tests can move."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """Return the current moment, aware, in UTC."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - the one place that may ask


class FixedClock:
    """A clock that stands until it is moved: for tests and for seeding a past."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        return self._moment

    def move_to(self, moment: datetime) -> None:
        self._moment = moment
