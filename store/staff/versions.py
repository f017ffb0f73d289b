"""Whether somebody saved a thing after a form was opened on it."""

import json
from hashlib import sha256

from store.errors import ConflictError
from store.staff.audit import Values


class EditedMeanwhileError(ConflictError):
    """Somebody saved the thing after the form was opened."""


def fingerprint(values: Values) -> str:
    """Return what is another as soon as anybody saved anything of these values."""
    return sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:32]


def want_unchanged(opened: str, values: Values) -> None:
    """Raise EditedMeanwhileError where a thing is not what the form was opened on."""
    if opened != fingerprint(values):
        raise EditedMeanwhileError("the thing was saved meanwhile")
