"""Puts gift cards into the cart to pay with, and reads what they pay of it right now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, func, select

from store.cart.basket import touch
from store.cart.models import Cart
from store.clock import Clock
from store.database import db, insert_into
from store.errors import InvalidError
from store.gift_cards.apportioning import apportion
from store.gift_cards.codes import hash_of
from store.gift_cards.models import (
    CardState,
    CartGiftCard,
    GiftCard,
    GiftCardUse,
    UseState,
)
from store.gift_cards.spending import CardPart, held_by_cart
from store.money import Money
from store.settings import Settings

MOST_CARDS = 5


class CardReason(StrEnum):
    """Why a gift card pays nothing."""

    UNKNOWN = "unknown"
    EMPTY = "empty"
    ENDED = "ended"
    STOPPED = "stopped"
    OTHER_CURRENCY = "other_currency"
    TAX_ELSEWHERE = "tax_elsewhere"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class CardFault:
    reason: CardReason
    last_four: str = ""
    moment: datetime | None = None


class CardRefusedError(InvalidError):
    """The gift card can pay nothing here; the cart is as it was."""

    def __init__(self, fault: CardFault) -> None:
        super().__init__(f"gift card refused: {fault.reason}")
        self.fault = fault


@dataclass(frozen=True, slots=True)
class CardShown:
    """A gift card in the cart: what is free on it for this cart, and what it pays of it."""

    card_id: int
    last_four: str
    free: Money
    part: Money
    fault: CardFault | None

    @property
    def left(self) -> Money:
        """What stays on it afterwards."""
        return self.free - self.part


@dataclass(frozen=True, slots=True)
class OnCards:
    """What gift cards pay of a cart; kept stays on them so that the rest can be charged."""

    cards: tuple[CardShown, ...]
    amount: Money
    kept: Money

    @property
    def parts(self) -> tuple[CardPart, ...]:
        return tuple(
            CardPart(card.card_id, card.last_four, card.part) for card in self.cards if card.part
        )


def add_card(cart: Cart, code: str, settings: Settings, clock: Clock) -> None:
    """Put the card with this code into the cart; one that is in it stays. CardRefusedError."""
    touch(cart, clock)
    card = db.session.scalar(
        select(GiftCard)
        .where(GiftCard.code_hash == hash_of(code, settings))
        .execution_options(populate_existing=True)
    )
    if card is None:
        raise CardRefusedError(CardFault(CardReason.UNKNOWN))
    held = held_by_cart(cart.id).get(card.id, 0)
    fault = _fault(card, held, cart.currency, clock.now())
    if fault is not None:
        raise CardRefusedError(fault)
    known = select(CartGiftCard.gift_card_id).where(CartGiftCard.cart_id == cart.id)
    if len([i for i in db.session.scalars(known) if i != card.id]) >= MOST_CARDS:
        raise CardRefusedError(CardFault(CardReason.TOO_MANY))
    db.session.execute(
        insert_into(CartGiftCard)
        .values(cart_id=cart.id, gift_card_id=card.id)
        .on_conflict_do_nothing(index_elements=[CartGiftCard.cart_id, CartGiftCard.gift_card_id])
    )


def drop_card(cart: Cart, card_id: int, clock: Clock) -> None:
    """Take a card out; its money stays on it."""
    touch(cart, clock)
    drop_cards(cart, card_id)


def drop_cards(cart: Cart, *card_ids: int) -> None:
    """Take these cards out of a cart, or all where none is named."""
    which = delete(CartGiftCard).where(CartGiftCard.cart_id == cart.id)
    if card_ids:
        which = which.where(CartGiftCard.gift_card_id.in_(card_ids))
    db.session.execute(which.execution_options(synchronize_session=False))


def on_cards(
    cart: Cart, total: Money, payable: Money, now: datetime, *, is_taxed_elsewhere: bool
) -> OnCards:
    """Return what the cart's gift cards pay of a total, of which payable is theirs to pay."""
    found = _cards_of(cart)
    none = Money.zero(total.currency)
    faults = [_fault(card, held, total.currency, now) for card, held in found]
    if is_taxed_elsewhere:
        # Stripe would take whatever a card pays for a discount, and tax less.
        faults = [CardFault(CardReason.TAX_ELSEWHERE, card.last_four) for card, _ in found]
    free = [
        none if fault else card.free + Money(held, card.currency)
        for (card, held), fault in zip(found, faults, strict=True)
    ]
    paid = apportion(total, payable, free)
    return OnCards(
        tuple(
            CardShown(card.id, card.last_four, amount, part, fault)
            for (card, _), amount, part, fault in zip(found, free, paid.parts, faults, strict=True)
        ),
        amount=paid.whole,
        kept=paid.kept,
    )


def _cards_of(cart: Cart) -> Sequence[tuple[GiftCard, int]]:
    """Return the cards of a cart, each with what its own open order holds of it.

    In one statement: between two of them another click of the same reader may take hold.
    """
    own = (
        select(func.coalesce(func.sum(GiftCardUse.amount_minor), 0))
        .where(
            GiftCardUse.gift_card_id == GiftCard.id,
            GiftCardUse.holder == cart.id,
            GiftCardUse.state == UseState.HELD,
        )
        .correlate(GiftCard)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(GiftCard, own)
        .join(CartGiftCard, CartGiftCard.gift_card_id == GiftCard.id)
        .where(CartGiftCard.cart_id == cart.id)
        .order_by(CartGiftCard.id)
        # Balances change by statements: what the session remembers of a card may be old.
        .execution_options(populate_existing=True)
    )
    return [(card, int(held)) for card, held in rows]


def _fault(card: GiftCard, held: int, currency: str, now: datetime) -> CardFault | None:
    if card.state == CardState.VOIDED:
        return CardFault(CardReason.STOPPED, card.last_four)
    if card.state == CardState.EXPIRED or (card.expires_at and card.expires_at <= now):
        return CardFault(CardReason.ENDED, card.last_four, card.last_moment)
    if card.currency != currency:
        return CardFault(CardReason.OTHER_CURRENCY, card.last_four)
    if card.free.minor + held <= 0:
        return CardFault(CardReason.EMPTY, card.last_four)
    return None
