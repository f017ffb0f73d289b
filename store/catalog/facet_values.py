"""What products are narrowed by: one key for each value, whatever it is spelled like, in order."""

import math
import re
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache

from store.catalog.words import LONGEST_WORD, words_of
from store.money import Money, decimals


class Facet(StrEnum):
    """What can be chosen, by the name of its parameter, in the order in which it is shown."""

    TYPE = "type"
    SIZE = "size"
    COLOUR = "colour"
    PRICE = "price"
    STOCK = "stock"


IN_STOCK = "in"
OPTION_NAMES: Mapping[str, Facet] = dict.fromkeys(
    "colour color colours colors farbe farben couleur couleurs cor colore kleur färg farve".split(),
    Facet.COLOUR,
) | dict.fromkeys(
    "size sizes größe grösse groesse größen taille tailles talla talle tamanho taglia maat storlek"
    " størrelse".split(),
    Facet.SIZE,
)
"""By what options are called that mean a colour or a size."""

GARMENT_SIZES = "5xs 4xs 3xs 2xs xs s m l xl 2xl 3xl 4xl 5xl 6xl".split()
_SPELLED_SIZES = {
    "xxs": "2xs",
    "xxxs": "3xs",
    "x-small": "xs",
    "xsmall": "xs",
    "extra-small": "xs",
    "small": "s",
    "sm": "s",
    "medium": "m",
    "med": "m",
    "md": "m",
    "large": "l",
    "lg": "l",
    "x-large": "xl",
    "xlarge": "xl",
    "extra-large": "xl",
    "xxl": "2xl",
    "xx-large": "2xl",
    "2x": "2xl",
    "xxxl": "3xl",
    "xxx-large": "3xl",
    "3x": "3xl",
    "xxxxl": "4xl",
    "4x": "4xl",
    "xxxxxl": "5xl",
    "5x": "5xl",
    "onesize": "one-size",
    "os": "one-size",
    "o-s": "one-size",
    "one-size-fits-all": "one-size",
}
_NUMBER = re.compile(r"\d+")

FAMILIES: Mapping[str, str] = {
    "black": "#1d1a17",
    "grey": "#8a8681",
    "white": "#ffffff",
    "brown": "#77503a",
    "red": "#c9302c",
    "orange": "#e6771e",
    "yellow": "#f0c419",
    "green": "#3c8d4f",
    "blue": "#2f62b5",
    "purple": "#7a4fa3",
    "pink": "#e58bb1",
}
"""Families of colours, in the order in which they are shown, and the colour of their dot."""
_NAMED = {
    "black": "black ink jet onyx schwarz noir",
    "grey": "grey gray silver slate charcoal grau gris",
    "white": "white paper ivory cream natural bone ecru weiß weiss blanc",
    "brown": "brown tan camel khaki chocolate sand beige braun marron",
    "red": "red crimson scarlet burgundy maroon cherry rot rouge",
    "orange": "orange rust coral apricot",
    "yellow": "yellow mustard gold lemon gelb jaune",
    "green": "green olive sage forest mint lime teal grün grun vert",
    "blue": "blue navy indigo sky denim cobalt aqua turquoise blau bleu",
    "purple": "purple violet lilac lavender plum lila violett",
    "pink": "pink rose fuchsia magenta blush rosa",
}
_FAMILY_OF = {word: family for family, words in _NAMED.items() for word in words.split()}
BANDS = (0, 25, 50, 100, 200)
"""Where price bands begin, in whole units of money; what has no cents counts in hundreds."""
_BAND = re.compile(r"(\d{1,7})-(\d{0,7})")


@lru_cache(maxsize=4096)
def key_of(text: str) -> str:
    """Return what a value is called in addresses: its folded words; empty where it has none."""
    return "-".join(words_of(text))[:LONGEST_WORD]


def size_key(text: str) -> str:
    key = key_of(text)
    return _SPELLED_SIZES.get(key, key)


def size_label(key: str, spelled: str) -> str:
    """Return how a size is written: garments' sizes one way, whatever a product's file says."""
    if key in GARMENT_SIZES:
        return key.upper()
    return "One size" if key == "one-size" else spelled


def size_order(key: str) -> tuple[int, int, str]:
    """Return what sorts sizes: garments' first, then by number, then by name."""
    if key in GARMENT_SIZES:
        return 0, GARMENT_SIZES.index(key), key
    number = _NUMBER.search(key)
    return (1, int(number[0]), key) if number else (2, 0, key)


@lru_cache(maxsize=4096)
def colour_key(name: str, swatch: str) -> str:
    """Return the family of a colour, by its name or by its swatch; else its own name's key."""
    named = key_of(name)
    by_name = next(
        (_FAMILY_OF[word] for word in reversed(named.split("-")) if word in _FAMILY_OF), ""
    )
    return by_name or _family_of_swatch(swatch) or named


def colour_order(key: str) -> tuple[int, str]:
    families = list(FAMILIES)
    return (families.index(key) if key in FAMILIES else len(families)), key


def price_key(price: Money) -> str:
    """Return the band in which a price lies, such as 25-50; the last has no end."""
    begins = [band for band in BANDS if band * _unit(price.currency) <= price.minor]
    return band_key(begins[-1] if begins else 0, price.currency)


def band_key(begin: int, currency: str) -> str:
    scale = 1 if decimals(currency) else 100
    later = [band for band in BANDS if band > begin]
    return f"{begin * scale}-{later[0] * scale if later else ''}"


def band_of(key: str, currency: str) -> tuple[Money, Money | None] | None:
    """Return from which price a band goes up to which, the end left out; None for no band."""
    found = _BAND.fullmatch(key)
    if found is None:
        return None
    step = int(10 ** decimals(currency))
    end = Money(int(found[2]) * step, currency) if found[2] else None
    return Money(int(found[1]) * step, currency), end


def price_order(key: str) -> int:
    found = _BAND.fullmatch(key)
    return int(found[1]) if found else 0


def _unit(currency: str) -> int:
    digits = decimals(currency) or 2
    return int(10**digits)


@lru_cache(maxsize=4096)
def _family_of_swatch(swatch: str) -> str:
    try:
        red, green, blue = (int(swatch[at : at + 2], 16) / 255 for at in (1, 3, 5))
    except ValueError:
        return ""
    lightness, chroma, hue = _oklch(red, green, blue)
    if chroma < 0.035:
        return "black" if lightness < 0.4 else "white" if lightness > 0.9 else "grey"
    if lightness < 0.24:
        return "black"
    return _family_of_hue(lightness, chroma, hue)


def _family_of_hue(lightness: float, chroma: float, hue: float) -> str:
    if 35 <= hue < 95 and (chroma < 0.1 or lightness < 0.5):
        return "white" if lightness > 0.9 else "brown"
    if (hue >= 330 or hue < 12) or (hue < 35 and lightness > 0.72):
        return "pink"
    ends = ((38, "red"), (75, "orange"), (112, "yellow"), (190, "green"), (285, "blue"))
    return next((family for end, family in ends if hue < end), "purple")


def _oklch(red: float, green: float, blue: float) -> tuple[float, float, float]:
    """Return lightness, chroma and hue in degrees: https://bottosson.github.io/posts/oklab/."""
    r, g, b = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (red, green, blue)
    )
    long, medium, short = (
        (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3),
        (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3),
        (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3),
    )
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    other = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, math.hypot(a, other), math.degrees(math.atan2(other, a)) % 360
