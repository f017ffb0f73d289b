"""Invented readers with addresses in real towns and streets that do not exist."""

import random
from dataclasses import dataclass

from store.sandbox.stripe import Address

FIRST = "Alex Bao Casey Devi Ellis Farid Gio Harper Imani Jo Kim Lou Mika Noor Oli Priya".split()
LAST = "Abbott Bianchi Chen Dlamini Evans Fonoti Garcia Haddad Ito Jansen Kelly Lim Moana".split()
STREETS = ("Fountain Pen Lane", "Galley Street", "Masthead Road", "Colophon Avenue", "Proof Place")
HOMES = (
    ("Newtown", "NSW", "2042", "AU"),
    ("Darlinghurst", "NSW", "2010", "AU"),
    ("Fitzroy", "VIC", "3065", "AU"),
    ("Daylesford", "VIC", "3460", "AU"),
    ("West End", "QLD", "4101", "AU"),
    ("Fremantle", "WA", "6160", "AU"),
    ("Hobart", "TAS", "7000", "AU"),
    ("Broken Hill", "NSW", "2880", "AU"),
    ("Prospect", "SA", "5082", "AU"),
    ("Wellington", "Wellington", "6011", "NZ"),
)
HOME = Address("12 Galley Street", "", "Fitzroy", "VIC", "3065", "AU")
ELSEWHERE = Address("12 Galley Street", "", "Wellington", "Wellington", "6011", "NZ")
WISHES = (
    "Happy birthday, from all of us at the choir.",
    "For the new flat. Hang it crooked.",
    "You were right about the headline.",
    "Congratulations on the wedding, both of you.",
)


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    email: str
    address: Address
    wishes: str


def a_person(chance: random.Random) -> Person:
    first, last = chance.choice(FIRST), chance.choice(LAST)
    city, state, postcode, country = chance.choice(HOMES)
    street = f"{chance.randrange(1, 180)} {chance.choice(STREETS)}"
    return Person(
        name=f"{first} {last}",
        email=f"{first}.{last}{chance.randrange(100)}@reader.example".lower(),
        address=Address(street, "", city, state, postcode, country),
        wishes=chance.choice(WISHES),
    )
