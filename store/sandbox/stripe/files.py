"""Files that the shop hands over, such as a paper for the bank: kept by name and size."""

from flask import request

from store.sandbox.stripe.account import Account
from store.sandbox.stripe.errors import Record, bad_parameter, missing_parameter
from store.sandbox.stripe.ids import new_id
from store.sandbox.stripe.parameters import Parameters
from store.sandbox.stripe.state import Shelf

PURPOSES = ("dispute_evidence",)
KINDS = {b"%PDF": "pdf", b"\x89PNG": "png", b"\xff\xd8\xff": "jpg"}
LARGEST = 5_000_000


def create_file(account: Account, parameters: Parameters) -> Record:
    """Take a PDF, JPEG or PNG of at most five megabytes, as evidence asks for."""
    purpose = parameters.choice("purpose", PURPOSES)
    if purpose is None:
        raise missing_parameter("purpose")
    given = request.files.get("file")
    content = given.read() if given is not None else b""
    kind = next((kind for sign, kind in KINDS.items() if content.startswith(sign)), None)
    if kind is None or len(content) > LARGEST:
        raise bad_parameter("Evidence is a PDF, JPEG or PNG of at most 5 MB.", "file")
    return account.state.put(
        Shelf.FILE,
        {
            "id": new_id("file"),
            "object": "file",
            "created": account.stamp(),
            "expires_at": None,
            "filename": (given.filename if given is not None else None) or "file",
            "purpose": purpose,
            "size": len(content),
            "title": None,
            "type": kind,
            "url": None,
        },
    )
