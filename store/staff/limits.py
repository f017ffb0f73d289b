"""How often anybody may try at the door: every limit counts rows, so it holds in every process."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select

from store.clock import Clock
from store.database import db, take_turn, writing
from store.errors import LimitError
from store.keyed import email_hash_of
from store.settings import Settings
from store.staff.door_models import Purpose, SignInAttempt

KEPT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Limits:
    """How many tries count as too many within a window."""

    window: timedelta
    of_one_address: int
    of_one_network: int


LIMITS: Mapping[Purpose, Limits] = {
    Purpose.GUESS: Limits(timedelta(minutes=15), of_one_address=10, of_one_network=30),
    Purpose.PROOF: Limits(timedelta(minutes=15), of_one_address=10, of_one_network=30),
    Purpose.LINK: Limits(timedelta(hours=1), of_one_address=3, of_one_network=10),
    Purpose.INVITATION: Limits(timedelta(hours=1), of_one_address=3, of_one_network=30),
}


class TooManyTriesError(LimitError):
    """Too many were made; whether anybody has the address plays no part in it."""

    def __init__(self, retry_after: timedelta, tried: "Try") -> None:
        super().__init__(f"again in {retry_after}")
        self.retry_after, self.tried = retry_after, tried


@dataclass(frozen=True, slots=True)
class Try:
    """Something that is tried; address and network are keyed hashes, or empty where unknown."""

    purpose: Purpose
    email_hash: str
    network: str

    @classmethod
    def of(cls, purpose: Purpose, email: str, network: str, settings: Settings) -> "Try":
        return cls(purpose, email_hash_of(email, settings) if email else "", network)


def note_try(tried: Try, clock: Clock) -> int:
    """Count one more and return its number; opens a transaction of its own.

    Raises TooManyTriesError. A try counts until `take_back_try` says that it succeeded, so that
    many at the same moment do not all find room. Whoever is refused wrote nothing, and waited for
    nobody's turn to write.
    """
    _check(tried, clock.now())
    with writing():
        _take_turns(tried)
        _check(tried, clock.now())
        row = SignInAttempt(
            purpose=tried.purpose,
            email_hash=tried.email_hash,
            network=tried.network,
            at=clock.now(),
        )
        db.session.add(row)
        db.session.flush()
        return row.id


def take_back_try(try_id: int) -> None:
    """Forget a try that succeeded; flushes only."""
    db.session.execute(
        delete(SignInAttempt)
        .where(SignInAttempt.id == try_id)
        .execution_options(synchronize_session=False)
    )


def forget_tries(clock: Clock) -> None:
    """Delete what no limit counts any more; opens a transaction of its own."""
    with writing():
        db.session.execute(
            delete(SignInAttempt)
            .where(SignInAttempt.at < clock.now() - KEPT)
            .execution_options(synchronize_session=False)
        )


def _check(tried: Try, now: datetime) -> None:
    limits = LIMITS[tried.purpose]
    for which, most in (
        (
            _same(SignInAttempt.email_hash == tried.email_hash, tried.email_hash),
            limits.of_one_address,
        ),
        (_same(SignInAttempt.network == tried.network, tried.network), limits.of_one_network),
    ):
        if which is None:
            continue
        counted = select(func.count(), func.min(SignInAttempt.at)).where(
            SignInAttempt.purpose == tried.purpose, which, SignInAttempt.at > now - limits.window
        )
        number, first = db.session.execute(counted).one()
        if number >= most:
            raise TooManyTriesError(first + limits.window - now, tried)


def _same(which: ColumnElement[bool], given: str) -> ColumnElement[bool] | None:
    """Return the condition, or None where nothing is known: strangers share no limit."""
    return which if given else None


def _take_turns(tried: Try) -> None:
    """Let tries of one address or network be counted one after the other."""
    # Always in the same order, or two could wait for each other.
    for name in sorted(filter(None, (tried.email_hash, tried.network))):
        take_turn(f"sign-in:{tried.purpose}:{name}")
