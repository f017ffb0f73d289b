"""Keys to the API: shown once when they are made, known by a hash, ended by a day or by hand."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from store.clock import Clock
from store.connections.models import ApiToken, Scope
from store.database import db, writing
from store.errors import NotFoundError
from store.keyed import kept_hash
from store.services import Services
from store.settings import Settings

BEGINNING = "store_"
SHOWN_SIGNS = 6
USE_IS_NOTED = timedelta(minutes=5)
"""A token in constant use is written about this often and no more."""


class NoSuchTokenError(NotFoundError):
    """No token has this number."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a token is to be."""

    name: str
    scopes: Collection[Scope]
    expires_at: datetime | None


def make_token(wanted: Wanted, made_by: str, services: Services) -> tuple[ApiToken, str]:
    """Keep another token; return it with its key, which nobody can read again. Flushes only."""
    key = BEGINNING + secrets.token_urlsafe(32)
    token = ApiToken(
        name=wanted.name,
        prefix=key[: len(BEGINNING) + SHOWN_SIGNS],
        token_hash=_hash(key, services.settings),
        scopes=[scope for scope in Scope if scope in wanted.scopes],
        made_by=made_by[:120],
        made_at=services.clock.now(),
        expires_at=wanted.expires_at,
    )
    db.session.add(token)
    db.session.flush()
    return token, key


def token_of(token_id: int) -> ApiToken:
    found = db.session.get(ApiToken, token_id)
    if found is None:
        raise NoSuchTokenError(f"no token {token_id}")
    return found


def tokens() -> Sequence[ApiToken]:
    """Return every token, those that count first and the newest on top."""
    order = (ApiToken.revoked_at.is_not(None), ApiToken.id.desc())
    return db.session.scalars(select(ApiToken).order_by(*order)).all()


def revoke_token(token: ApiToken, clock: Clock) -> bool:
    """End a token for good; return whether it counted until now. Flushes only."""
    ended = db.session.scalar(
        update(ApiToken)
        .where(ApiToken.id == token.id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=clock.now())
        .returning(ApiToken.id)
    )
    return ended is not None


def token_for(key: str, services: Services) -> ApiToken | None:
    """Return the token of a key that counts now; None for every other."""
    if not key.startswith(BEGINNING) or len(key) > 100:
        return None
    found = db.session.scalar(
        select(ApiToken).where(ApiToken.token_hash == _hash(key, services.settings))
    )
    return found if found is not None and counts(found, services.clock.now()) else None


def counts(token: ApiToken, now: datetime) -> bool:
    """Whether a token opens anything now."""
    return token.revoked_at is None and (token.expires_at is None or token.expires_at > now)


def note_use(token: ApiToken, clock: Clock) -> None:
    """Note that a token was used, now and then; opens a transaction of its own."""
    now, token_id = clock.now(), token.id
    if token.last_used_at is not None and now - token.last_used_at < USE_IS_NOTED:
        return
    with writing():
        db.session.execute(update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=now))


def _hash(key: str, settings: Settings) -> str:
    # A key is 256 random bits: one keyed hash is as good as many rounds, and does not wait.
    return kept_hash(settings, "api token", key).hex()
