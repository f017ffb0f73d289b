"""A webhook as it came, and what reading it carefully needs, whoever sent it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from store.errors import InvalidError
from store.newsletter.bounces.events import Event
from store.services import Services

AHEAD = timedelta(minutes=5)
"""How far a provider's clock may be ahead of ours."""
MOST_EVENTS = 2_000


class ForgedCallError(InvalidError):
    """Unsigned, signed by somebody else, or too old; the words are for logs."""


class UnreadableCallError(InvalidError):
    """It is signed as it should be, and says nothing that we know how to read."""


@dataclass(frozen=True, slots=True)
class Call:
    """One post of a provider: its headers, folded to lower case, and its very bytes."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Told:
    """What a genuine call says; token: what may come once only; topic_url: asked to be opened."""

    events: Sequence[Event] = ()
    token: str = ""
    topic_url: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """Everything that a provider's module needs to judge a call."""

    call: Call
    secrets: Sequence[str]
    services: Services
    now: datetime


class Provider(Protocol):
    """Proves who calls and reads what is told; raises ForgedCallError, UnreadableCallError."""

    def __call__(self, heard: Heard) -> Told: ...


def parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise UnreadableCallError("no JSON") from None


def mapping(value: object) -> Mapping[str, Any]:
    """Return what should be an object of JSON; an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}


def listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def text(value: object) -> str:
    return value if isinstance(value, str) else ""


def moment(value: object, otherwise: datetime) -> datetime:
    """Return a moment as providers write it: seconds since 1970, or ISO 8601."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            at = datetime.fromtimestamp(value, UTC)
        else:
            at = datetime.fromisoformat(text(value))
    except (ValueError, OverflowError, OSError):
        return otherwise
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    # A report is of what has happened; anything else would move windows that count by it.
    return at if otherwise - timedelta(days=60) < at <= otherwise else otherwise


def assert_fresh(signed_at: object, now: datetime, longest: timedelta) -> None:
    """Raise ForgedCallError for what was signed too long ago, or in the future."""
    try:
        if isinstance(signed_at, str) and not signed_at.isdigit():
            at = datetime.fromisoformat(signed_at)
        else:
            at = datetime.fromtimestamp(int(str(signed_at)), UTC)
        is_fresh = now - longest <= at <= now + AHEAD
    except (ValueError, TypeError, OverflowError, OSError):
        raise ForgedCallError("it does not say when it was signed") from None
    if not is_fresh:
        raise ForgedCallError("it was signed at another time")
