"""Forms that were sent at a bad moment wait until their sender may send them again."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import delete, func, select

from store.clock import Clock
from store.database import db, writing
from store.errors import InvalidError, NotFoundError
from store.staff.door_models import ParkedForm

KEPT = timedelta(hours=1)
LARGEST_BYTES = 256 * 1024
MOST_OF_ONE_PERSON = 20
MOST_OF_ONE_NETWORK = 5
MOST_OF_STRANGERS = 100
"""Whoever is not known may be anybody, and must not fill the database."""


class NoRoomError(InvalidError):
    """The form is too large, or too many wait already."""


class SecretFormError(InvalidError):
    """The form holds a password, and those are kept nowhere."""


class NoSuchFormError(NotFoundError):
    """No form waits under this number for whoever asks."""


@dataclass(frozen=True, slots=True)
class SentForm:
    """What was sent: fields as pairs in their order, and the names of files, which are not kept."""

    path: str
    fields: Sequence[tuple[str, str]]
    files: Sequence[str] = ()

    @property
    def is_secret(self) -> bool:
        return any("password" in name.lower() for name, _ in self.fields)

    @property
    def size_bytes(self) -> int:
        return len(json.dumps([self.path, self.fields, self.files]).encode())


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent it, as far as that is known; network is a keyed hash."""

    user_id: int | None
    network: str


def park(form: SentForm, sender: Sender, clock: Clock) -> tuple[int, str]:
    """Keep the form; return its number and the token that opens it. Flushes only.

    Raises SecretFormError and NoRoomError.
    """
    if form.is_secret:
        raise SecretFormError("a password is not kept")
    if not form.path or form.size_bytes > LARGEST_BYTES:
        raise NoRoomError("the form is too large to be kept, or leads nowhere")
    _want_room(sender)
    token = secrets.token_urlsafe(32)
    row = ParkedForm(
        token_hash=_hash_of(token),
        user_id=sender.user_id,
        network=sender.network,
        path=form.path,
        fields=[list(pair) for pair in form.fields],
        files=list(form.files),
        at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    return row.id, token


def parked(form_id: int, token: str, user_id: int, clock: Clock) -> ParkedForm:
    """Return the form if it waits for this person in this browser; raises NoSuchFormError."""
    form = db.session.get(ParkedForm, form_id)
    if (
        form is None
        or form.token_hash != _hash_of(token)
        or form.user_id not in {None, user_id}
        or form.at <= clock.now() - KEPT
    ):
        raise NoSuchFormError(f"no form {form_id} for this person")
    return form


def forget(form: ParkedForm) -> None:
    """Throw the form away; flushes only."""
    db.session.delete(form)
    db.session.flush()


def forget_parked_forms(clock: Clock) -> None:
    """Delete what nobody came back for; opens a transaction of its own."""
    with writing():
        db.session.execute(
            delete(ParkedForm)
            .where(ParkedForm.at <= clock.now() - KEPT)
            .execution_options(synchronize_session=False)
        )


def _hash_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _want_room(sender: Sender) -> None:
    waiting = select(func.count()).select_from(ParkedForm)
    if sender.user_id is not None:
        limits = [(waiting.where(ParkedForm.user_id == sender.user_id), MOST_OF_ONE_PERSON)]
    else:
        strangers = waiting.where(ParkedForm.user_id.is_(None))
        of_network = strangers.where(ParkedForm.network == sender.network)
        limits = [(of_network, MOST_OF_ONE_NETWORK), (strangers, MOST_OF_STRANGERS)]
    if any((db.session.scalar(counted) or 0) >= most for counted, most in limits):
        raise NoRoomError("too many forms wait already")
