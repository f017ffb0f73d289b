"""What a job is, and the door through which the store hints that one is waiting."""

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


class Queue(Protocol):
    """Wakes a worker; a lost hint only delays the job until the next sweep."""

    def hint(self, row_id: int) -> None: ...


class SilentQueue:
    """Leaves every job to the sweep: for commands and tests that run jobs themselves."""

    def hint(self, row_id: int) -> None:
        """Do nothing: the sweep finds the row."""
