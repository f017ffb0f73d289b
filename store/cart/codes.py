"""Puts a code into the cart, or says why it would take nothing off."""

from sqlalchemy import select

from store.cart.basket import touch
from store.cart.contents import contents
from store.cart.models import Cart
from store.clock import Clock
from store.database import db
from store.errors import InvalidError
from store.gift_cards.codes import read_code
from store.pricing.models import Discount
from store.pricing.offers import WAITS, CodeFault, CodeReason, code_key
from store.settings import Settings


class CodeRefusedError(InvalidError):
    """The code takes nothing off this cart; the cart is as it was."""

    def __init__(self, fault: CodeFault) -> None:
        super().__init__(f"code refused: {fault.reason}")
        self.fault = fault


def gift_card_code(code: str) -> str:
    """Return what was typed as the code of a gift card; "" where it is a discount's."""
    card = read_code(code)
    if not card:
        return ""
    known = select(Discount.id).where(Discount.code_key == code_key(code))
    return "" if db.session.scalar(known) is not None else card


def apply_code(cart: Cart, code: str, email: str, settings: Settings, clock: Clock) -> bool:
    """Keep the code, and whose it is where it counts by address; say whether another one went.

    Raises CodeRefusedError; the caller's scope takes back what was tried.
    """
    touch(cart, clock)
    before = cart.discount_code
    cart.discount_code, cart.discount_email = code, email
    shown = contents(cart, settings, clock).code
    if shown is None:
        raise CodeRefusedError(CodeFault(CodeReason.UNKNOWN, code))
    if shown.fault is not None and shown.fault.reason not in WAITS:
        raise CodeRefusedError(shown.fault)
    cart.discount_code = shown.code
    if not shown.counts_by_reader:
        cart.discount_email = ""
    return bool(before) and code_key(before) != code_key(code)


def drop_code(cart: Cart, clock: Clock) -> None:
    """Take the code out, and the address with it."""
    touch(cart, clock)
    cart.discount_code, cart.discount_email = "", ""
