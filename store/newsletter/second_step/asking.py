"""The second step of a busy hour: a question that costs a person a glance and a script its hurry.

What is asked follows from a signed number, so that asking writes nothing. An answer is a row: it is
taken once, and whoever guesses is counted.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import partial

from sqlalchemy import delete, func, select

from store.database import db, insert_into
from store.errors import LimitError
from store.keyed import keyed, signer_of
from store.newsletter.second_step.models import StepAnswer
from store.newsletter.second_step.questions import Question, question_of
from store.services import Services
from store.settings import Settings

SHORTEST = timedelta(seconds=4)
"""Reading the question takes as long; whoever answers sooner has not read it."""
GOOD_FOR = timedelta(minutes=30)
WINDOW = timedelta(hours=1)
MOST_WRONG = 10
MOST_WRONG_OF_NOBODY = 100
"""Behind a proxy that nobody named all readers are one network."""
_TOKEN = re.compile(r"(([0-9a-f]{32})-([0-9a-f]{1,12}))-([0-9a-f]{40})", re.ASCII)


class Why(StrEnum):
    """Why a question is put, for the words above it."""

    BUSY = "busy"
    EARLY = "early"
    """The answer came sooner than anybody reads; the same question stands."""
    WRONG = "wrong"
    OVER = "over"
    """It was answered before, has grown old, or was for another address."""


@dataclass(frozen=True, slots=True)
class Step:
    """A question to put, and the number by which its answer is known."""

    token: str
    question: Question
    why: Why
    answer: str = ""
    """What was chosen already, where it only came too soon."""


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What came back: the number, and which of the options was chosen."""

    token: str = ""
    option: str = ""


class TooManyWrongError(LimitError):
    """So many answers were wrong that somebody is guessing."""

    def __init__(self, retry_after: timedelta) -> None:
        super().__init__("too many wrong answers")
        self.retry_after = retry_after


NO_ANSWER = GivenAnswer()


def take_step(given: GivenAnswer, email_hash: str, network: str, services: Services) -> Step | None:
    """Return the question to put, or None where it was answered; raises TooManyWrongError.

    Call it under the turn in which signups are counted. Flushes only: a wrong answer is a row too.
    """
    settings, now = services.settings, services.clock.now()
    _refuse_guessing(network, now)
    if not given.token:
        return _new_step(email_hash, Why.BUSY, services)
    stated = _genuine(given.token, email_hash, settings)
    if stated is None or now - stated.at > GOOD_FOR:
        return _new_step(email_hash, Why.OVER, services)
    question = question_of(_dice(stated.nonce, stated.settings))
    if now - stated.at < SHORTEST:
        return Step(given.token, question, Why.EARLY, given.option)
    is_right = given.option == str(question.right)
    if not _was_first(stated.nonce, network, now, is_right=is_right):
        return _new_step(email_hash, Why.OVER, services)
    return None if is_right else _new_step(email_hash, Why.WRONG, services)


def forget_answers(before: datetime) -> None:
    """Delete what nobody counts any more; flushes only."""
    db.session.execute(
        delete(StepAnswer)
        .where(StepAnswer.at < before)
        .execution_options(synchronize_session=False)
    )


@dataclass(frozen=True, slots=True)
class _Stated:
    nonce: str
    at: datetime
    settings: Settings
    """With the key that signed it: the question follows from the same."""


def _new_step(email_hash: str, why: Why, services: Services) -> Step:
    nonce = secrets.token_hex(16)
    stated = f"{nonce}-{int(services.clock.now().timestamp() * 1000):x}"
    token = f"{stated}-{_signature(stated, email_hash, services.settings)}"
    return Step(token, question_of(_dice(nonce, services.settings)), why)


def _genuine(token: str, email_hash: str, settings: Settings) -> _Stated | None:
    parts = _TOKEN.fullmatch(token)
    if parts is None:
        return None
    signer = signer_of(parts[4], partial(_signature, parts[1], email_hash), settings)
    if signer is None:
        return None
    return _Stated(parts[2], datetime.fromtimestamp(int(parts[3], 16) / 1000, UTC), signer)


def _signature(stated: str, email_hash: str, settings: Settings) -> str:
    return keyed(settings, "second step", f"{stated}:{email_hash}").hex()[:40]


def _dice(nonce: str, settings: Settings) -> bytes:
    return keyed(settings, "second step question", nonce)


def _was_first(nonce: str, network: str, now: datetime, *, is_right: bool) -> bool:
    row = db.session.scalar(
        insert_into(StepAnswer)
        .values(nonce=nonce, network=network, is_right=is_right, at=now)
        .on_conflict_do_nothing(index_elements=[StepAnswer.nonce])
        .returning(StepAnswer.id)
    )
    return row is not None


def _refuse_guessing(network: str, now: datetime) -> None:
    wrong, first = db.session.execute(
        select(func.count(), func.min(StepAnswer.at)).where(
            StepAnswer.network == network,
            StepAnswer.is_right.is_(False),
            StepAnswer.at > now - WINDOW,
        )
    ).one()
    if wrong >= (MOST_WRONG if network else MOST_WRONG_OF_NOBODY):
        raise TooManyWrongError(first + WINDOW - now)
