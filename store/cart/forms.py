"""Reads what a reader typed into the cart's forms; whatever makes no sense is refused by name."""

import re
import unicodedata

from werkzeug.datastructures import MultiDict

from store.cart.basket import MOST_OF_ONE, NOTE_LENGTH, TooManyUnitsError
from store.catalog.queries import UnknownVariantError
from store.errors import InvalidError
from store.pricing.shipping import ShippingGroup, group_of

Fields = MultiDict[str, str]
LARGEST_ID = 2**31 - 1
_DIGITS = re.compile(r"[0-9]{1,30}", re.ASCII)


class QuantityError(InvalidError):
    """A quantity that is no whole number, or one below what makes sense here."""

    def __init__(self, least: int) -> None:
        super().__init__(f"not a whole number from {least} to {MOST_OF_ONE}")
        self.least = least


class NoteTooLongError(InvalidError):
    """More words than a note has room for; they are kept in the form."""

    def __init__(self, length: int) -> None:
        super().__init__(f"{length} characters, at most {NOTE_LENGTH}")
        self.length = length


class UnknownCountryError(InvalidError):
    """No parcel of ours goes there."""


class UnknownCodeError(InvalidError):
    """No discount has this code."""

    def __init__(self, code: str) -> None:
        super().__init__("no such discount code")
        self.code = code


def read_variant_id(fields: Fields) -> int:
    """Return the variant that was chosen; UnknownVariantError for what cannot be an id."""
    number = _whole_number(fields.get("variant_id", ""))
    if number is None or number > LARGEST_ID:
        raise UnknownVariantError(0)
    return number


def read_quantity(fields: Fields, *, least: int, default: str = "") -> int:
    """Return the quantity, which is written in ASCII digits: "²" and "1.5" are none."""
    number = _whole_number(fields.get("quantity", default))
    if number is None or number < least:
        raise QuantityError(least)
    if number > MOST_OF_ONE:
        raise TooManyUnitsError(number, 0)
    return number


def read_country(fields: Fields, among: tuple[ShippingGroup, ...]) -> str:
    country = fields.get("country", "").strip().upper()
    if group_of(country, among) is None:
        raise UnknownCountryError("no such destination")
    return country


def read_note(fields: Fields) -> str:
    """Return the note with plain line ends and without characters that nobody can see."""
    lines = fields.get("note", "").replace("\r\n", "\n").replace("\r", "\n")
    note = "".join(sign for sign in lines if sign == "\n" or _is_visible(sign)).strip()
    if len(note) > NOTE_LENGTH:
        raise NoteTooLongError(len(note))
    return note


def read_is_gift(fields: Fields) -> bool:
    return fields.get("is_gift", "") == "1"


def read_code(fields: Fields) -> str:
    return fields.get("code", "").strip()[:60]


def _whole_number(text: str) -> int | None:
    digits = text.strip()
    return int(digits) if _DIGITS.fullmatch(digits) else None


def _is_visible(sign: str) -> bool:
    # Control characters and lone surrogates; joiners stay, because names and emoji need them.
    return unicodedata.category(sign) not in {"Cc", "Cs"}
