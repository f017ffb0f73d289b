"""Readers on a newsletter by the thousand, and a campaign to all of them."""

import secrets
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import insert, select

from store.catalog.models import Product
from store.clock import Clock
from store.database import db, writing
from store.keyed import email_hash_of
from store.newsletter.campaigns.models import Campaign
from store.newsletter.models import (
    ConsentEntry,
    ConsentKind,
    Purpose,
    Subscriber,
    SubscriberState,
)
from store.newsletter.topics import EVERYTHING, Topic
from store.settings import Settings

AT_ONCE = 5_000
DOMAINS = ("mail.example", "post.example", "inbox.example", "letters.example", "box.example")
SECTIONS = ("", "Arts", "Local", "Sport", "World")
BODY = """# What came in this week

The press room was busy. Four things came off the line, and we kept the good ones.

{cards}

Everything is printed in Marrickville, and nothing is printed twice. **See you next week.**
"""


def address_of(number: int) -> str:
    return f"reader{number:06}@{DOMAINS[number % len(DOMAINS)]}"


def fill_readers(number: int, clock: Clock, settings: Settings) -> None:
    """Put so many confirmed readers on the list, each with her line in the ledger."""
    numbers = iter(range(number))
    while part := list(islice(numbers, AT_ONCE)):
        with writing():
            ids = db.session.scalars(
                insert(Subscriber).returning(Subscriber.id, sort_by_parameter_order=True),
                list(_readers(part, clock.now())),
            ).all()
            db.session.execute(
                insert(ConsentEntry), list(_entries(part, list(ids), clock.now(), settings))
            )


def a_campaign(clock: Clock, per_minute: int) -> Campaign:
    """Write a campaign with the cards of four products; call it inside `writing()`."""
    handles = db.session.scalars(select(Product.handle).order_by(Product.id).limit(4))
    now = clock.now()
    campaign = Campaign(
        title="A campaign to measure",
        topic=Topic.DROPS,
        subject="What came in this week",
        preview="Four things and a thought",
        body=BODY.format(cards="\n\n".join(f"[[product:{handle}]]" for handle in handles)),
        per_minute=per_minute,
        created_at=now,
        updated_at=now,
    )
    db.session.add(campaign)
    db.session.flush()
    return campaign


def _readers(numbers: list[int], now: datetime) -> Iterator[dict[str, Any]]:
    for number in numbers:
        yield {
            "email": address_of(number),
            "secret": secrets.token_urlsafe(24),
            "state": SubscriberState.CONFIRMED,
            "locale": "en",
            "topics": list(EVERYTHING),
            "source": "page",
            "section": SECTIONS[number % len(SECTIONS)],
            "asked_at": now,
            "confirmed_at": now,
            "updated_at": now,
        }


def _entries(
    numbers: list[int], ids: list[int], now: datetime, settings: Settings
) -> Iterator[dict[str, Any]]:
    for number, subscriber_id in zip(numbers, ids, strict=True):
        yield {
            "subscriber_id": subscriber_id,
            "email_hash": email_hash_of(address_of(number), settings),
            "purpose": Purpose.NEWSLETTER,
            "kind": ConsentKind.CONFIRMED,
            "wording_version": "",
            "locale": "",
            "source": "",
            "page": "",
            "network": "",
            "at": now,
        }
