"""Says in words why the cart did not do what was asked, and what to do instead."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from store.cart.basket import (
    MOST_LINES,
    MOST_OF_ONE,
    NOTE_LENGTH,
    OtherPriceError,
    TooManyLinesError,
    TooManyUnitsError,
    UnknownLineError,
)
from store.cart.card_words import card_words
from store.cart.code_words import fault_words
from store.cart.codes import CodeRefusedError
from store.cart.forms import (
    CodeAddressError,
    GiftError,
    NoCodeError,
    NoteTooLongError,
    QuantityError,
    UnknownCountryError,
    UnknownStateError,
    WrongPostcodeError,
)
from store.cart.gift_cards import CardRefusedError
from store.catalog.choosing_prices import PriceOutOfBoundsError
from store.catalog.queries import UnknownVariantError
from store.errors import StoreError
from store.inventory.stock import OutOfStockError
from store.money import Money
from store.pricing.offers import CodeReason
from store.pricing.states import example_postcode
from store.settings import Settings
from store.web.filters import locale_in, money


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer to a post that changed nothing; field names the input that it stands at."""

    status: int
    text: str | LazyString
    field: str = ""


ALWAYS_THE_SAME: Mapping[type[StoreError], Refusal] = {
    OutOfStockError: Refusal(409, _l("That one has just sold out. Your cart has not changed.")),
    UnknownVariantError: Refusal(
        404, _l("That one is not in the shop any more. Your cart has not changed.")
    ),
    UnknownLineError: Refusal(
        404, _l("That line is not in your cart any more. Below is everything that is.")
    ),
    UnknownCountryError: Refusal(
        422, _l("We do not send there yet. Choose a country from the list."), "country"
    ),
    NoCodeError: Refusal(422, _l("Type the code first, then apply it."), "code"),
    CodeAddressError: Refusal(
        422, _l("That is no e-mail address. It looks like name@example.org."), "email"
    ),
    UnknownStateError: Refusal(
        422, _l("That is not a state there. Choose one from the list."), "region"
    ),
}
GIFT_WORDS: Mapping[str, LazyString] = {
    "recipient": _l(
        "Say where the gift card goes: an address such as name@example.org."
        " Your cart has not changed."
    ),
    "message": _l("Keep the message under 500 characters. Your cart has not changed."),
    "send_on": _l("Choose a day from today on, within a year. Your cart has not changed."),
}
ADDRESS = frozenset({CodeReason.ADDRESS_WANTED, CodeReason.USED_BY_READER})
"""Reasons that stand beside the address and not beside the code."""


def refusal_of(error: StoreError, settings: Settings) -> Refusal:
    """Return what to say; an error that this room does not know is raised again."""
    known = ALWAYS_THE_SAME.get(type(error)) or _about_the_postcode(error)
    known = known or _about_gifts_and_prices(error, settings)
    if known:
        return known
    match error:
        case QuantityError():
            return Refusal(422, _quantity_words(error.least))
        case TooManyUnitsError():
            return Refusal(422, _too_many_words(error.in_cart))
        case TooManyLinesError():
            return Refusal(422, _full_words())
        case NoteTooLongError():
            return Refusal(422, _note_words(error.length), "note")
        case CodeRefusedError():
            field = "email" if error.fault.reason in ADDRESS else "code"
            return Refusal(422, fault_words(error.fault, settings), field)
    raise error


def _price_words(error: PriceOutOfBoundsError, settings: Settings) -> str:
    locale = locale_in(settings.country)
    least, most = money(error.choice.least, locale), money(error.choice.most, locale)
    words: str = _(
        "Choose from %(least)s to %(most)s. Your cart has not changed.", least=least, most=most
    )
    return words


def _other_price_words(in_cart: Money, settings: Settings) -> str:
    words: str = _(
        "Your cart holds gift cards of %(price)s. Check out with these first, or remove them, to"
        " buy one of another value. Your cart has not changed.",
        price=money(in_cart, locale_in(settings.country)),
    )
    return words


def _quantity_words(least: int) -> str:
    words: str = (
        _(
            "A quantity is a whole number: choose 1 to %(limit)s. Your cart has not changed.",
            limit=MOST_OF_ONE,
        )
        if least
        else _(
            "A quantity is a whole number: choose 1 to %(limit)s, or 0 to remove."
            " Your cart has not changed.",
            limit=MOST_OF_ONE,
        )
    )
    return words


def _too_many_words(in_cart: int) -> str:
    words: str = (
        ngettext(
            "A cart holds up to %(limit)s of one thing, and %(num)s is in yours already."
            " Your cart has not changed.",
            "A cart holds up to %(limit)s of one thing, and %(num)s are in yours already."
            " Your cart has not changed.",
            in_cart,
            limit=MOST_OF_ONE,
        )
        if in_cart
        else _(
            "A cart holds up to %(limit)s of one thing: choose %(limit)s or fewer."
            " Your cart has not changed.",
            limit=MOST_OF_ONE,
        )
    )
    return words


def _full_words() -> str:
    words: str = _(
        "A cart holds up to %(limit)s different things, and yours is full."
        " Check out with these first, or remove one.",
        limit=MOST_LINES,
    )
    return words


def _note_words(length: int) -> str:
    words: str = _(
        "The note has %(length)s characters; shorten it to %(limit)s. It is not saved yet.",
        length=length,
        limit=NOTE_LENGTH,
    )
    return words


def _about_the_postcode(error: StoreError) -> Refusal | None:
    if not isinstance(error, WrongPostcodeError):
        return None
    example = example_postcode(error.country)
    words: str = (
        _("That is not a postcode there. One looks like %(example)s.", example=example)
        if example
        else _("Type the postcode, at most 12 letters and figures.")
    )
    return Refusal(422, words, "postcode")


def _about_gifts_and_prices(error: StoreError, settings: Settings) -> Refusal | None:
    match error:
        case CardRefusedError():
            return Refusal(422, card_words(error.fault, settings), "code")
        case GiftError():
            return Refusal(422, GIFT_WORDS[error.field], error.field)
        case PriceOutOfBoundsError():
            return Refusal(422, _price_words(error, settings), "price")
        case OtherPriceError():
            return Refusal(422, _other_price_words(error.in_cart, settings), "price")
    return None
