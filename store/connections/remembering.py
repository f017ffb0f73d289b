"""Answers a repeated request as it was answered first: whoever lost an answer asks again.

The answer is written in the transaction of what it tells, so that either both are there or none.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select, update

from store.clock import Clock
from store.connections.models import ApiAnswer
from store.database import db, insert_into, writing
from store.errors import InvalidError

KEPT = timedelta(days=2)
LONGEST_KEY = 255


class KeyUsedError(InvalidError):
    """The key came with another request before."""


@dataclass(frozen=True, slots=True)
class Remembered:
    status: int
    body: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that may be repeated: whose, by which key, and a hash of what it asks."""

    token_id: int
    key: str
    fingerprint: str


def recall(asked: Asked, clock: Clock) -> Remembered | None:
    """Return what was answered before; None: this is the first time, and `remember` follows.

    Of two that come at the same moment the second waits here. Raises KeyUsedError.
    """
    fresh = (
        insert_into(ApiAnswer)
        .values(
            token_id=asked.token_id,
            key=asked.key,
            fingerprint=asked.fingerprint,
            status=0,
            body="",
            at=clock.now(),
        )
        .on_conflict_do_nothing()
        .returning(ApiAnswer.id)
    )
    if db.session.scalar(fresh) is not None:
        return None
    known = db.session.scalars(select(ApiAnswer).where(*_of(asked))).one()
    if known.fingerprint != asked.fingerprint:
        raise KeyUsedError("this key came with another request before")
    return Remembered(known.status, known.body)


def remember(asked: Asked, answer: Remembered) -> None:
    """Keep the answer of a request that `recall` saw first; flushes only."""
    db.session.execute(
        update(ApiAnswer).where(*_of(asked)).values(status=answer.status, body=answer.body)
    )


def forget_answers(clock: Clock) -> None:
    with writing():
        db.session.execute(delete(ApiAnswer).where(ApiAnswer.at < clock.now() - KEPT))


def _of(asked: Asked) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return ApiAnswer.token_id == asked.token_id, ApiAnswer.key == asked.key
