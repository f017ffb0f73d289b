"""What stands in links of mails: which row, since when, and a signature over both and the act."""

import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from store.clock import Clock
from store.errors import NotFoundError
from store.keyed import is_signed, keyed
from store.settings import Settings

SIGNATURE_BYTES = 18
"""144 bits: nobody guesses them, and the link still fits on a line of a mail."""
TOKEN = re.compile(r"(([0-9a-z]{1,12})-([0-9a-z]{1,12}))-([A-Za-z0-9_-]{24})", re.ASCII)


@dataclass(frozen=True, slots=True)
class SignedLink:
    """A link that has the form of ours; whether it is ours only the secret of its row tells."""

    row_id: int
    """0 for what is none: no database has it."""
    stated: str
    signature: str

    @property
    def signed_at(self) -> datetime:
        """Return when it was signed; only what is genuine can be read, because we wrote it."""
        return datetime.fromtimestamp(int(self.stated.partition("-")[2], 16), UTC)

    def is_genuine(self, purpose: str, secret: str, settings: Settings) -> bool:
        made = partial(_signature, purpose, secret, self.stated)
        return is_signed(self.signature, made, settings)


def sign(row_id: int, purpose: str, secret: str, settings: Settings, clock: Clock) -> str:
    """Return what stands in a link that opens this purpose for this row, from now on."""
    stated = f"{row_id:x}-{int(clock.now().timestamp()):x}"
    return f"{stated}-{_signature(purpose, secret, stated, settings)}"


def read_link(token: str) -> SignedLink:
    """Take a link apart; raises NotFoundError where it has not the form of ours."""
    parts = TOKEN.fullmatch(token)
    if parts is None:
        raise NotFoundError("no link of ours")
    return SignedLink(_id(parts[2]), parts[1], parts[4])


def _id(text: str) -> int:
    try:
        number = int(text, 16)
    except ValueError:
        return 0
    # No database has a larger id.
    return number if number < 2**31 else 0


def _signature(purpose: str, secret: str, stated: str, settings: Settings) -> str:
    signed = keyed(settings, purpose, f"{stated}:{secret}")
    return urlsafe_b64encode(signed[:SIGNATURE_BYTES]).decode()
