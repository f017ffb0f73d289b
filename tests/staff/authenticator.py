"""A passkey in a few lines: what a telephone or a key on a ring does, without asking anybody."""

import json
import secrets
import struct
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
Options = Mapping[str, Any]


@dataclass(slots=True)
class Authenticator:
    """Holds one key; a locked one asks for a finger first, or so it says."""

    is_locked: bool = True
    origin: str = "http://localhost"
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    uses: int = 0

    def made(self, options: Options) -> str:
        """Return what a browser answers when it was asked to make a passkey."""
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: _bytes(numbers.x), -3: _bytes(numbers.y)}
        holder = bytes(16) + struct.pack(">H", len(self.id)) + self.id + cbor2.dumps(cose)
        stated = self._stated(options["rp"]["id"], ATTESTED) + holder
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": stated})
        told = {"attestationObject": _text(attestation), "transports": ["internal"]}
        return self._credential("webauthn.create", options, told)

    def answered(self, options: Options) -> str:
        """Return what a browser answers when it was asked for the passkey."""
        self.uses += 1
        stated = self._stated(options["rpId"])
        client = self._client("webauthn.get", options)
        signature = self.key.sign(stated + sha256(client).digest(), ec.ECDSA(SHA256()))
        told = {"authenticatorData": _text(stated), "signature": _text(signature)}
        return self._credential("webauthn.get", options, told)

    def _stated(self, host: str, more: int = 0) -> bytes:
        flags = PRESENT | (VERIFIED if self.is_locked else 0) | more
        return sha256(host.encode()).digest() + struct.pack(">BI", flags, self.uses)

    def _client(self, act: str, options: Options) -> bytes:
        said = {"type": act, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(said).encode()

    def _credential(self, act: str, options: Options, told: Mapping[str, Any]) -> str:
        client = _text(self._client(act, options))
        name = _text(self.id)
        response = {"clientDataJSON": client, **told}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def _bytes(number: int) -> bytes:
    return number.to_bytes(32, "big")


def _text(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()
