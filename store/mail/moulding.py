"""One message to many: composed once, and cast for each reader with her own address and links.

Reading and folding headers and encoding parts is most of what a mail costs. What is the same for
everybody is done once. Markers stand for what is not, and are found again in what was encoded,
even where a line was broken amid one.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP, Policy

OWN_HEADERS = ("To", "Message-ID", "List-Unsubscribe")
"""What each reader's mail says for itself."""
ASKED_FOR = ("From", "Date")
"""What whoever gives a mail to the outside reads of those that all mails share."""
_SOFT_BREAK = b"=\r\n"
_LINE = 70
"""Of quoted-printable: 76 at most, with the break."""


class Cast(EmailMessage):
    """A message whose bytes are known but for its own headers, which stand before them."""

    def __init__(self, shared: bytes) -> None:
        super().__init__(policy=SMTP)
        self._shared = shared

    def as_bytes(
        self,
        unixfrom: bool = False,  # noqa: FBT001, FBT002 - as the library has it
        policy: Policy | None = None,
    ) -> bytes:
        folding = policy or SMTP
        own = [folding.fold_binary(name, self[name]) for name in OWN_HEADERS]
        return b"".join([*own, self._shared])


@dataclass(frozen=True, slots=True)
class Mould:
    """The bytes that all mails share, in pieces, and what stands between them."""

    headers: Mapping[str, str]
    pieces: tuple[bytes, ...]
    markers: tuple[str, ...]

    def cast(self, headers: Mapping[str, object], words: Mapping[str, str]) -> EmailMessage:
        """Return one reader's message: her own headers, and her words in place of each marker."""
        filled = [self.pieces[0]]
        for marker, piece in zip(self.markers, self.pieces[1:], strict=True):
            filled += [_encoded(words[marker]), piece]
        message = Cast(b"".join(filled))
        for name, value in (*self.headers.items(), *headers.items()):
            message[name] = value
        return message


def a_marker() -> str:
    """Return what no letter holds and every encoding leaves as it is."""
    return secrets.token_hex(12)


def mould_of(message: EmailMessage, *markers: str) -> Mould:
    """Return what casts mails such as this one, whose parts are quoted-printable."""
    headers = {name: str(message[name]) for name in ASKED_FOR}
    for name in OWN_HEADERS:
        del message[name]
    pieces = re.split(b"(" + b"|".join(_broken(one) for one in markers) + b")", message.as_bytes())
    found = tuple(piece.replace(_SOFT_BREAK, b"").decode() for piece in pieces[1::2])
    return Mould(headers, tuple(pieces[::2]), found)


def _broken(marker: str) -> bytes:
    """Return what finds a marker wherever its line was broken."""
    return b"(?:=\r\n)?".join(sign.encode() for sign in marker)


def _encoded(words: str) -> bytes:
    """Return words as quoted-printable, on lines of their own that are none to whoever reads."""
    signs = [_sign(byte) for byte in words.encode()]
    lines = [b"".join(signs[at : at + _LINE // 3]) for at in range(0, len(signs), _LINE // 3)]
    return _SOFT_BREAK + _SOFT_BREAK.join(lines) + _SOFT_BREAK


def _sign(byte: int) -> bytes:
    return bytes([byte]) if 33 <= byte <= 126 and byte != ord("=") else b"=%02X" % byte
