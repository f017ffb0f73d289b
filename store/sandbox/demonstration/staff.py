"""Who works at the demonstration: an owner, and somebody who packs."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask

from store.app import STAFF
from store.clock import Clock
from store.database import writing


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with a password of the demonstration's secrets."""

    name: str
    email: str
    role: str

    def password(self, secrets: Mapping[str, str]) -> str:
        return secrets[f"{self.role}_password"]


MEMBERS = (
    Member("Sam Masthead", "sam@gaynation.example", "owner"),
    Member("Kim Galley", "kim@gaynation.example", "fulfilment"),
)


def take_on(app: Flask, secrets: Mapping[str, str], clock: Clock) -> None:
    """Let both in."""
    # Sign-in is imported only while the demonstration is made: its command must start at once.
    from store.staff.audit import Actor
    from store.staff.forms.passwords import hashed
    from store.staff.people import add_person
    from store.staff.roles import Role

    for member in MEMBERS:
        with app.extensions[STAFF].app.app_context():
            password_hash = hashed(member.password(secrets))
        with writing():
            add_person(
                member.name,
                member.email,
                Role(member.role),
                actor=Actor(None, "demonstration"),
                clock=clock,
                password_hash=password_hash,
            )
