"""What happens at the door of the desk, and to who may pass it, as lines of the log.

Each line of a request to the desk carries who was signed in and the network, shortened; here stands
what happened. Addresses that were typed stand under a short keyed hash, by which two lines can be
told to be about the same one; what was typed as a password or a code stands nowhere.
"""

from collections.abc import Mapping
from enum import StrEnum, auto
from typing import Any

import structlog

from store.keyed import email_hash_of
from store.settings import Settings

SHOWN = 12
"""Enough of a hash to find its lines again, and the rows of `sign_in_attempt`."""
KINDS = frozenset({"person", "token", "endpoint"})
"""Of what the audit keeps, the kinds that say who may do what."""

log = structlog.get_logger(__name__)


class Step(StrEnum):
    """What was shown, or was to be."""

    PASSWORD = auto()
    CODE = auto()
    PASSKEY = auto()
    LINK = auto()


def signed_in(person_id: int, role: str, step: Step) -> None:
    """Write who is in; step is what she showed last."""
    log.info("signed_in", person=person_id, role=role, step=step)


def signed_out(person_id: int) -> None:
    log.info("signed_out", person=person_id)


def step_taken(email: str, step: Step, settings: Settings) -> None:
    """Write that a password was right, and a second factor is asked for."""
    log.info("sign_in_step_taken", account=_account(email, settings), step=step)


def refused(email: str, step: Step, settings: Settings) -> None:
    """Write that what was shown was wrong; whether anybody has the address is not said."""
    log.warning("sign_in_refused", account=_account(email, settings), step=step)


def slowed(account_hash: str, purpose: str) -> None:
    """Write that one network, or whoever tries one address, tried too often."""
    log.warning("tries_refused", account=account_hash[:SHOWN], purpose=purpose)


def proof(person_id: int, step: Step, *, is_right: bool) -> None:
    """Write whether somebody who is in showed anew who she is."""
    write = log.info if is_right else log.warning
    write("proof_taken" if is_right else "proof_refused", person=person_id, step=step)


def permission_refused(person_id: int, role: str, permission: str, endpoint: str) -> None:
    log.warning(
        "permission_refused",
        person=person_id,
        role=role,
        permission=permission,
        endpoint=endpoint,
    )


def factor_owed(person_id: int, endpoint: str) -> None:
    """Write who was led away from a page because she has shown no second factor here."""
    log.info("factor_owed", person=person_id, endpoint=endpoint)


def noted(
    actor_id: int | None, act: str, kind: str, thing_id: str, after: Mapping[str, Any]
) -> None:
    """Repeat what the audit keeps, where it says who may do what; nobody's name or address."""
    if kind in KINDS:
        role = {"role": after["role"]} if "role" in after else {}
        log.info("staff_act", actor=actor_id, act=act, kind=kind, thing=thing_id, **role)


def _account(email: str, settings: Settings) -> str:
    return email_hash_of(email, settings)[:SHOWN] if email else ""
