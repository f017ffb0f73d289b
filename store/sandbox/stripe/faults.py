"""What goes wrong on purpose: slow, lost and doubled webhooks, failing and vanishing answers."""

import random
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any


class FaultKind(StrEnum):
    """How an answer fails.

    `server_error` is a 500 that Stripe remembers under the idempotency key, `unavailable`
    a 503 that it does not; `hang` does the work after `seconds`; the resets lose the
    connection before or after the work.
    """

    SERVER_ERROR = "server_error"
    UNAVAILABLE = "unavailable"
    RATE_LIMITED = "rate_limited"
    HANG = "hang"
    RESET_BEFORE = "reset_before"
    RESET_AFTER = "reset_after"


@dataclass(frozen=True, slots=True)
class ApiFault:
    """One fault for requests under `path_prefix`: the next `times` of them, or a share of all."""

    kind: FaultKind
    path_prefix: str = "/v1/"
    method: str = ""
    times: int | None = None
    share: float = 1.0
    seconds: float = 30.0

    def fits(self, method: str, path: str) -> bool:
        return path.startswith(self.path_prefix) and self.method.upper() in {"", method}


@dataclass(frozen=True, slots=True)
class Faults:
    """All faults of a sandbox; shares go from 0 (never) to 1 (always)."""

    api: tuple[ApiFault, ...] = ()
    webhook_delay_seconds: float = 0.0
    webhook_duplicate_share: float = 0.0
    webhook_drop_share: float = 0.0
    webhook_reorder: bool = False
    seed: int = 1

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "Faults":
        """Read what `POST /_sandbox/faults` was sent (TypeError, ValueError)."""
        api = tuple(
            ApiFault(**{**fault, "kind": FaultKind(fault["kind"])}) for fault in body.get("api", ())
        )
        return cls(**{**body, "api": api})


@dataclass(slots=True)
class FaultDraw:
    """Draws from the faults in force, the same way each time for the same seed."""

    faults: Faults = field(default_factory=Faults)
    _chance: random.Random = field(default_factory=lambda: random.Random(1))  # nosec B311 # noqa: S311 - no secret
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def change(self, faults: Faults) -> None:
        with self._lock:
            self.faults = faults
            self._chance.seed(faults.seed)

    def for_request(self, method: str, path: str) -> ApiFault | None:
        """Return the first fault that strikes this request, and count it."""
        with self._lock:
            for position, fault in enumerate(self.faults.api):
                if fault.fits(method, path) and self._chance.random() < fault.share:
                    self._count(position, fault)
                    return fault
            return None

    def strikes(self, share: float) -> bool:
        with self._lock:
            return self._chance.random() < share

    def shuffled(self, deliveries: list[str]) -> list[str]:
        """Return the same deliveries in another order, as unordered as Stripe's may come."""
        with self._lock:
            if self.faults.webhook_reorder:
                return deliveries[::-1]
            return deliveries

    def _count(self, position: int, fault: ApiFault) -> None:
        if fault.times is None:
            return
        left = list(self.faults.api)
        left[position] = replace(fault, times=fault.times - 1)
        self.faults = replace(self.faults, api=tuple(f for f in left if f.times != 0))
