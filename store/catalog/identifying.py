"""What other shops and search engines know goods by: numbers of GS1, and names of attributes."""

ATTRIBUTES = {
    "colour": "color",
    "color": "color",
    "colours": "color",
    "colors": "color",
    "size": "size",
    "sizes": "size",
    "material": "material",
    "pattern": "pattern",
}
"""Options, as shops call them, and what https://schema.org and Google call them."""
LENGTHS = frozenset({8, 12, 13, 14})
FOR_OWN_USE = ("2", "02", "04")
"""Numbers that each shop gives out for itself: https://www.gs1.org/standards/id-keys/gtin."""


def is_gtin(code: str) -> bool:
    """Say whether a barcode is a number that is the same all over the world."""
    if len(code) not in LENGTHS or not (code.isascii() and code.isdigit()):
        return False
    if code.zfill(14)[1:].startswith(FOR_OWN_USE):
        return False
    digits = [int(digit) for digit in code.zfill(14)]
    check = sum(digit * (3 if place % 2 == 0 else 1) for place, digit in enumerate(digits[:13]))
    return (10 - check % 10) % 10 == digits[13] and any(digits)
