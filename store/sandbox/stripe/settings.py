"""What one sandbox is told when it starts: where it stands, its key, its time, its listeners."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from store.clock import SystemClock

API_VERSION = "2026-10-28.endive"


@dataclass(frozen=True, slots=True)
class Listener:
    """A webhook endpoint that exists from the start, as if made in the dashboard."""

    url: str
    secret: str
    enabled_events: tuple[str, ...] = ("*",)


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """`state_path` None keeps everything in memory; `clock` answers aware UTC."""

    origin: str = "http://localhost:5001"
    api_key: str = "sk_test_sandbox"
    account_name: str = "Gay Nation"
    country: str = "AU"
    currency: str = "aud"
    clock: Callable[[], datetime] = SystemClock().now
    state_path: Path | None = None
    listeners: tuple[Listener, ...] = ()
    settle_after_seconds: int = 30
    retry_after_seconds: tuple[int, ...] = (1, 3, 10, 30, 60, 300, 900, 3600)

    def __post_init__(self) -> None:
        if not self.api_key.startswith("sk_test_"):
            raise ValueError("The sandbox takes test keys only: sk_test_…")
        if self.origin.endswith("/"):
            raise ValueError("The sandbox's origin has no path and no slash at its end.")
