"""What a job is, and the door through which the store hints that one is waiting."""

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Protocol


@dataclass(frozen=True, slots=True)
class Job:
    """A verb to call later, with what it needs as plain JSON values; subclasses are frozen too."""

    kind: ClassVar[str]

    def payload(self) -> dict[str, Any]:
        return asdict(self)


class Handler(Protocol):
    """Runs one job; must be safe to run twice, because a worker may die between work and record."""

    def __call__(self, payload: Mapping[str, Any]) -> None: ...


class QueueAwayError(Exception):
    """The queue does not answer; nothing is lost, because the sweep reads the rows."""


class Queue(Protocol):
    """Wakes a worker; a lost hint only delays the job until the next sweep.

    Both raise QueueAwayError, and neither takes longer than a few seconds to find out.
    """

    def hint(self, row_id: int) -> None: ...

    def next_hint(self, timeout_seconds: float) -> int | None:
        """Return the id of a row that waits, or None when nobody hinted in this time."""
        ...

    def close(self) -> None:
        """Let go of what this thread holds open."""
        ...


class SilentQueue:
    """Leaves every job to the sweep: for commands and tests that run jobs themselves."""

    def hint(self, row_id: int) -> None:
        """Do nothing: the sweep finds the row."""

    def next_hint(self, timeout_seconds: float) -> int | None:
        time.sleep(timeout_seconds)
        return None

    def close(self) -> None:
        """Do nothing: nothing is open."""
