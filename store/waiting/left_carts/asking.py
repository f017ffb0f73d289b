"""How a reader agrees to be mailed the link of her cart, and how she takes it back."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select

from store.cart.models import Cart
from store.database import db
from store.errors import ConflictError
from store.keyed import email_hash_of
from store.mail.outgoing import mailable
from store.mail.sending import forget_mails_about
from store.newsletter.ledger import NOWHERE, Circumstances, enter
from store.newsletter.limits import Attempt, note_attempt
from store.newsletter.models import ConsentKind, Purpose
from store.newsletter.second_step.asking import NO_ANSWER, GivenAnswer, Step
from store.newsletter.subscribing import reason_to_stay_silent
from store.services import Services
from store.waiting.left_carts.models import CartLink, LinkState
from store.waiting.left_carts.wording import link_words

ROOM = "left_carts"


class LinkSentError(ConflictError):
    """The one mail about this cart has been sent."""


@dataclass(frozen=True, slots=True)
class LinkQuestion:
    """What a reader agreed to; network is what limits count, a keyed hash."""

    email: str
    network: str = ""
    seen: Circumstances = NOWHERE
    answer: GivenAnswer = NO_ANSWER


def ask_for_link(question: LinkQuestion, cart: Cart, services: Services) -> Step | None:
    """Note that this cart may be mailed once, or return the question that is to be answered first.

    Another address takes the place of the one before. Raises UnmailableError, SignupLimitError,
    LinkSentError. Flushes only. Whether mail may go to the address at all is not to be seen from
    the answer.
    """
    settings, now = services.settings, services.clock.now()
    email = mailable(question.email).lower()
    email_hash = email_hash_of(email, settings)
    domain = email.rpartition("@")[2]
    attempt = Attempt(question.network, domain, email_hash)
    step = note_attempt(attempt, services, question.answer)
    if step is not None:
        return step
    found = link_of(cart.id)
    if found is not None and found.state == LinkState.SENT:
        raise LinkSentError("one mail a cart")
    is_silent = reason_to_stay_silent(email_hash) is not None
    if found is None:
        found = CartLink(cart_id=cart.id, secret=secrets.token_urlsafe(24), state=LinkState.ASKED)
        db.session.add(found)
    found.email, found.email_hash = "" if is_silent else email, email_hash
    found.asked_at, found.ends_at = now, now + timedelta(days=settings.left_cart_days)
    db.session.flush()
    words = link_words(settings).consent
    enter_step(ConsentKind.ASKED, email_hash, services, question.seen, words=words)
    return None


def withdraw(link: CartLink, services: Services, seen: Circumstances = NOWHERE) -> None:
    """Forget the address and what was written to it; done twice it is done once. Flushes only."""
    email_hash = link.email_hash
    if forget_link(link.id):
        enter_step(ConsentKind.LEFT, email_hash, services, seen)


def forget_link(link_id: int) -> bool:
    """Delete the row and empty its mail, also one that waits; say whether it was there."""
    forget_mails_about(f"{ROOM}:{link_id}:")
    gone = delete(CartLink).where(CartLink.id == link_id).returning(CartLink.id)
    return db.session.scalar(gone.execution_options(synchronize_session=False)) is not None


def link_of(cart_id: int) -> CartLink | None:
    own = select(CartLink).where(CartLink.cart_id == cart_id)
    return db.session.scalars(own.execution_options(populate_existing=True)).one_or_none()


def enter_step(
    kind: ConsentKind,
    email_hash: str,
    services: Services,
    seen: Circumstances = NOWHERE,
    *,
    words: str = "",
) -> None:
    enter(
        kind,
        purpose=Purpose.LEFT_CART,
        subscriber_id=None,
        email_hash=email_hash,
        at=services.clock.now(),
        seen=seen,
        words=words,
    )
