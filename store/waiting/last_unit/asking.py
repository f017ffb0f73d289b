"""How a reader comes to stand in the queue: a place for her cart, and an address if she likes."""

import secrets
from dataclasses import dataclass

from sqlalchemy import func, select, update

from store.cart.models import Cart
from store.database import db
from store.errors import LimitError
from store.inventory import stock
from store.inventory.models import QueuePlace
from store.inventory.queue import ALIVE
from store.inventory.queueing import join
from store.keyed import email_hash_of
from store.mail.outgoing import mailable
from store.newsletter.ledger import NOWHERE, Circumstances, enter
from store.newsletter.limits import Attempt, note_attempt
from store.newsletter.models import ConsentKind, Purpose
from store.newsletter.second_step.asking import NO_ANSWER, GivenAnswer, Step
from store.newsletter.subscribing import reason_to_stay_silent
from store.services import Services
from store.waiting.last_unit.models import QueueReader
from store.waiting.last_unit.wording import consent_words

MOST_OF_ONE_NETWORK = 5
"""Places of one household or office in one queue: more would be somebody who collects them."""


class CrowdedNetworkError(LimitError):
    """As many wait from this network as may."""


@dataclass(frozen=True, slots=True)
class PlaceQuestion:
    """What a reader asked for; network is what limits count, a keyed hash."""

    variant_id: int
    email: str = ""
    network: str = ""
    seen: Circumstances = NOWHERE
    answer: GivenAnswer = NO_ANSWER


def count_asking(question: PlaceQuestion, services: Services) -> Step | None:
    """Count an address as signups are, or return the question that has to be answered first.

    Raises UnmailableError, SignupLimitError. Flushes only; without an address nothing is counted.
    """
    if not question.email:
        return None
    email = mailable(question.email).lower()
    email_hash = email_hash_of(email, services.settings)
    attempt = Attempt(question.network, email.rpartition("@")[2], email_hash)
    return note_attempt(attempt, services, question.answer)


def ask_for_place(question: PlaceQuestion, cart: Cart, services: Services) -> QueuePlace:
    """Return the cart's place in the queue; asking again changes nothing. Flushes only.

    Raises UnmailableError, CrowdedNetworkError and what join raises. An address that has a place
    here already gets no second one, and whoever typed it does not learn of it.
    """
    email = mailable(question.email).lower() if question.email else ""
    email_hash = email_hash_of(email, services.settings) if email else ""
    stock.lock(question.variant_id)
    _refuse_crowd(question, cart)
    place = join(
        question.variant_id, cart.id, most=services.settings.queue_length, clock=services.clock
    )
    reader = db.session.get(QueueReader, place.id) or _new_reader(place, question.network)
    if email and not reader.email and not _has_place(question.variant_id, email_hash):
        # The same steps for who is not written to: neither queries nor clock tell of it.
        is_silent = reason_to_stay_silent(email_hash) is not None
        _note(reader, "" if is_silent else email, email_hash)
        _agree(email_hash, question.seen, services)
    db.session.flush()
    return place


def _refuse_crowd(question: PlaceQuestion, cart: Cart) -> None:
    if not question.network:
        return
    others = (
        select(func.count())
        .select_from(QueueReader)
        .join(QueuePlace, QueuePlace.id == QueueReader.place_id)
        .where(
            QueueReader.variant_id == question.variant_id,
            QueueReader.network == question.network,
            QueuePlace.state.in_(ALIVE),
            QueuePlace.cart_id != cart.id,
        )
    )
    if (db.session.scalar(others) or 0) >= MOST_OF_ONE_NETWORK:
        raise CrowdedNetworkError("too many wait from one network")


def _new_reader(place: QueuePlace, network: str) -> QueueReader:
    reader = QueueReader(
        place_id=place.id,
        variant_id=place.variant_id,
        email="",
        secret=secrets.token_urlsafe(24),
        network=network,
    )
    db.session.add(reader)
    return reader


def _note(reader: QueueReader, email: str, email_hash: str) -> None:
    db.session.execute(
        update(QueueReader)
        .where(QueueReader.place_id == reader.place_id)
        .values(email=email, email_hash=email_hash)
    )


def _has_place(variant_id: int, email_hash: str) -> bool:
    known = select(QueueReader.place_id).where(
        QueueReader.variant_id == variant_id, QueueReader.email_hash == email_hash
    )
    return db.session.scalar(known) is not None


def _agree(email_hash: str, seen: Circumstances, services: Services) -> None:
    enter(
        ConsentKind.ASKED,
        purpose=Purpose.LAST_UNIT,
        subscriber_id=None,
        email_hash=email_hash,
        at=services.clock.now(),
        seen=seen,
        words=consent_words(),
    )
