"""The merchant's account: its state, its time, its faults, and why something changes just now."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from store.sandbox.stripe.errors import Record, no_such
from store.sandbox.stripe.faults import FaultDraw
from store.sandbox.stripe.settings import SandboxSettings
from store.sandbox.stripe.state import Shelf, State


@dataclass(frozen=True, slots=True)
class Cause:
    """The API request behind a change; both None when a buyer or time itself did it."""

    request_id: str | None = None
    idempotency_key: str | None = None


class Account:
    def __init__(self, settings: SandboxSettings) -> None:
        self.settings = settings
        self.state = State(settings.state_path)
        self.faults = FaultDraw()
        self.cause = Cause()
        self._ahead = timedelta()

    def now(self) -> datetime:
        return self.settings.clock() + self._ahead

    def stamp(self) -> int:
        """Return the moment as Stripe writes it: whole seconds since 1970."""
        return int(self.now().timestamp())

    def advance(self, seconds: float) -> None:
        self._ahead += timedelta(seconds=seconds)

    @contextmanager
    def changing(self, cause: Cause | None = None) -> Iterator[None]:
        with self.state.changing():
            before, self.cause = self.cause, cause or self.cause
            try:
                yield
            finally:
                self.cause = before

    def find(self, shelf: Shelf, record_id: str, param: str) -> Record:
        """Return a copy of the record, or refuse as Stripe does (404)."""
        record = self.state.get(shelf, record_id)
        if record is None:
            raise no_such(shelf, record_id, param)
        return record
