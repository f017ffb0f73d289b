"""Reads single cells: prices without rounding, grams, units, yes and no, and what Excel did."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from urllib.parse import urlsplit

from store.catalog.importing.formats import Field
from store.catalog.importing.notes import RowRefusedError
from store.money import Money, decimals

MOST_MINOR = 99_999_999
"""Eight digits are the most that a card payment can have: docs.stripe.com/api/checkout."""
MOST_UNITS = 10_000_000
MOST_GRAMS = 10_000_000
LONGEST_ADDRESS = 2000

_YES, _NO = (
    frozenset("true yes y 1 wahr vrai".split()),
    frozenset("false no n 0 falsch faux".split()),
)
# A sign of any other currency is refused: the same digits would be another price.
_SIGNS: Mapping[str, tuple[str, ...]] = {
    "AUD": ("AU$", "A$", "$"),
    "CAD": ("CA$", "C$", "$"),
    "EUR": ("€",),
    "GBP": ("£",),
    "JPY": ("¥", "￥"),
    "NZD": ("NZ$", "$"),
    "USD": ("US$", "$"),
}
_NUMBER = re.compile(r"-?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?", re.ASCII)
_DAMAGED = re.compile(r"\d([.,]\d+)?E\+?\d+", re.ASCII | re.IGNORECASE)
_MOST_DIGITS = 20
_ESCAPED = re.compile(r"^'(?=[=+\-@\t\r])")
# They take no space, and some turn the order of everything after them around.
_UNSEEN = frozenset("\u200b\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(cell: str) -> str:
    """Return the cell without space around it and without characters that nobody sees."""
    return (cell if cell.isprintable() else cell.translate(_WITHOUT_UNSEEN)).strip()


def unescaped(cell: str) -> str:
    """Return a text without the apostrophe that keeps a spreadsheet from computing it."""
    return _ESCAPED.sub("", cell)


def one_line(cell: str) -> str:
    return " ".join(clean(cell).split())


def can_be_read(text: str) -> bool:
    """Tell a text from mere joiners and marks, which leave nothing on the page."""
    return any(unicodedata.category(char)[0] in "LNPS" for char in text)


def price(cell: str, field: str, currency: str) -> Money | None:
    """Return the exact amount; None for a blank cell."""
    text = _without_currency(one_line(cell), currency)
    if not text:
        return None
    amount = _number(text, cell, field)
    minor = amount.scaleb(decimals(currency))
    if minor != int(minor):
        raise RowRefusedError(f"{field} {cell!r} has more decimals than {currency}")
    if not 0 <= minor <= MOST_MINOR:
        raise RowRefusedError(f"{field} {cell!r} is not between 0 and the most that can be paid")
    return Money(int(minor), currency)


def grams(cell: str, field: str = Field.GRAMS, unit: Decimal = Decimal(1)) -> int:
    """Return whole grams, to the nearest; a blank cell is none. A unit is so many grams."""
    text = one_line(cell)
    if not text:
        return 0
    weight = _number(text, cell, field, example="226.8") * unit
    if not 0 <= weight <= MOST_GRAMS:
        raise RowRefusedError(f"{field} {cell!r} is no weight")
    return int(weight.to_integral_value(ROUND_HALF_UP))


def units(cell: str, field: str = Field.QUANTITY) -> int | None:
    """Return a number of units, below zero when more was sold than lay there; None for blank."""
    text = one_line(cell)
    if not text:
        return None
    number = _number(text, cell, field, example="12")
    if number != int(number) or abs(number) > MOST_UNITS:
        raise RowRefusedError(f"{field} {cell!r} is no number of units")
    return int(number)


def truth(cell: str, field: str) -> bool | None:
    """Return yes or no; None for a blank cell."""
    word = one_line(cell).casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    if word:
        raise RowRefusedError(f"{field} {cell!r} is neither TRUE nor FALSE")
    return None


def code(cell: str) -> str:
    """Return a barcode or sku as it was before a spreadsheet protected it with an apostrophe."""
    text = one_line(cell)
    if match := re.fullmatch(r'="(.*)"', text):
        text = match[1]
    return text.lstrip("'’").strip() if text.startswith(("'", "’")) else text


def is_damaged(barcode: str) -> bool:
    """Tell a barcode whose digits a spreadsheet rounded away, such as 3.65275E+11."""
    return _DAMAGED.fullmatch(barcode) is not None


def is_rounded(sku: str) -> bool:
    """Tell a SKU that a spreadsheet wrote as 4.99587E+11; 1E5 may be one that somebody gave."""
    return "+" in sku and is_damaged(sku)


def address(cell: str) -> str | None:
    """Return the address of a picture; None when it is not one that can be fetched."""
    text = one_line(cell)
    if text.startswith("//"):
        text = "https:" + text
    try:
        parts = urlsplit(text)
        # A port that no machine has raises like a host that none can have.
        fits = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return text if fits and len(text) <= LONGEST_ADDRESS and " " not in text else None


def tags(cell: str) -> list[str]:
    """Return the tags, each once, whatever its case."""
    named: dict[str, str] = {}
    for part in clean(cell).split(","):
        if tag := " ".join(part.split()):
            named.setdefault(tag.casefold(), tag)
    return list(named.values())


def _without_currency(text: str, currency: str) -> str:
    for sign in (currency, *_SIGNS.get(currency, ())):
        if text.startswith(sign):
            return text.removeprefix(sign).lstrip()
        if text.endswith(sign):
            return text.removesuffix(sign).rstrip()
    return text


def _number(text: str, cell: str, field: str, example: str = "1299.50") -> Decimal:
    if len(text) > _MOST_DIGITS or not _NUMBER.fullmatch(text) or not re.search(r"\d", text):
        raise RowRefusedError(f"{field} {cell!r} is not a number such as {example}")
    return Decimal(text.replace(",", ""))


class _WithoutUnseen(dict[int, int | None]):
    """What str.translate asks of each character; asked of each kind once, for texts are long."""

    def __missing__(self, code: int) -> int | None:
        is_kept = chr(code) in "\n\t" or _is_seen(chr(code))
        self[code] = kept = code if is_kept else None
        return kept


def _is_seen(char: str) -> bool:
    return char not in _UNSEEN and unicodedata.category(char) not in {"Cc", "Cs", "Co", "Cn"}


_WITHOUT_UNSEEN = _WithoutUnseen()
