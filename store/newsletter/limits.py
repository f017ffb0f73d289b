"""How often signups may be asked for: every limit counts rows, so it holds in every process."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select

from store.clock import Clock
from store.database import db, take_turn, writing
from store.errors import LimitError
from store.newsletter.models import SignupAttempt
from store.newsletter.second_step.asking import (
    NO_ANSWER,
    GivenAnswer,
    Step,
    TooManyWrongError,
    forget_answers,
    take_step,
)
from store.services import Services

WINDOW = timedelta(hours=1)
KEPT = timedelta(days=2)
MOST_OF_ONE_NETWORK = 20
MOST_OF_ONE_DOMAIN = 60
MOST_OF_ALL = 2_000
WARM = 2
"""From one part in so many of a limit on, the second step is asked for."""
LARGE_PROVIDERS = frozenset(
    "bigpond.com fastmail.com gmail.com gmx.de gmx.net googlemail.com hotmail.com icloud.com"
    " live.com live.com.au mac.com me.com msn.com optusnet.com.au outlook.com outlook.com.au"
    " proton.me protonmail.com tpg.com.au web.de xtra.co.nz yahoo.com yahoo.com.au".split()
)
"""Half a country has its mail there: a limit by domain would shut readers out of a busy hour."""


class SignupLimitError(LimitError):
    """Too many were asked for; whether any address is on the list plays no part in it."""

    def __init__(self, retry_after: timedelta) -> None:
        super().__init__(f"again in {retry_after}")
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Attempt:
    """One signup asked for; network is a keyed hash, or empty behind a proxy that nobody named."""

    network: str
    domain: str
    email_hash: str


def note_attempt(
    attempt: Attempt, services: Services, answer: GivenAnswer = NO_ANSWER
) -> Step | None:
    """Record the attempt, or return the question that has to be answered first. Flushes only.

    Raises SignupLimitError. Neither depends on what is known of the address.
    """
    # One turn for all: they share the limit of the whole, and nobody keeps it beyond a commit.
    take_turn("signups")
    now = services.clock.now()
    if _is_warm(attempt, now):
        step = _step(attempt, answer, services)
        if step is not None:
            return step
    db.session.add(
        SignupAttempt(
            network=attempt.network, domain=attempt.domain, email_hash=attempt.email_hash, at=now
        )
    )
    db.session.flush()
    return None


def forget_attempts(clock: Clock) -> None:
    """Delete what no limit counts any more; opens a transaction of its own."""
    with writing():
        db.session.execute(
            delete(SignupAttempt)
            .where(SignupAttempt.at < clock.now() - KEPT)
            .execution_options(synchronize_session=False)
        )
        forget_answers(clock.now() - KEPT)


def _step(attempt: Attempt, answer: GivenAnswer, services: Services) -> Step | None:
    try:
        return take_step(answer, attempt.email_hash, attempt.network, services)
    except TooManyWrongError as error:
        raise SignupLimitError(error.retry_after) from error


def _is_warm(attempt: Attempt, now: datetime) -> bool:
    """Say whether any of its limits is half used; raises SignupLimitError where one is full."""
    shares = [(SignupAttempt.id > 0, MOST_OF_ALL)]
    if attempt.network:
        shares.append((SignupAttempt.network == attempt.network, MOST_OF_ONE_NETWORK))
    if attempt.domain not in LARGE_PROVIDERS:
        shares.append((SignupAttempt.domain == attempt.domain, MOST_OF_ONE_DOMAIN))
    used = [(_counted(which, most, now), most) for which, most in shares]
    return any(number * WARM >= most for number, most in used)


def _counted(which: ColumnElement[bool], most: int, now: datetime) -> int:
    counted = select(func.count(), func.min(SignupAttempt.at)).where(
        which, SignupAttempt.at > now - WINDOW
    )
    number, first = db.session.execute(counted).one()
    if number >= most:
        raise SignupLimitError(first + WINDOW - now)
    return int(number)
