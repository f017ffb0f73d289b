"""How the goods are counted, weighed and numbered: variants from options, with a believable stock."""

from collections.abc import Callable, Mapping, Sequence
from itertools import product as combinations
from zlib import crc32

from store.sandbox.catalogue.dyes import Dye
from store.sandbox.catalogue.records import DemoOption, DemoVariant

VENDOR = "Gay Nation"
SIZES = ("XS", "S", "M", "L", "XL", "2XL", "3XL")
SHOE_SIZES = ("AU 4–7", "AU 8–11", "AU 12–14")
POPULAR = {"S": 9, "M": 16, "L": 15, "XL": 9, "AU 8–11": 14}  # extra units of the sizes that sell

TEE_CARE = """
- 200 gsm combed cotton, side seams, straight fit
- Water-based ink, screen-printed in Marrickville
- Cold wash inside out, dry in the shade, iron around the joke"""
FLEECE_CARE = """
- 350 gsm cotton-rich fleece, brushed inside
- Ribbed cuffs and hem that return to their post
- Cold wash inside out, lay flat to dry"""
CAP_CARE = """
- Six panels of washed cotton twill, one size, 54–62 cm
- Flat embroidery, cotton strap, brass buckle
- Sponge clean; sweat is a badge of work"""
MUG_CARE = """
- Holds 350 ml
- Glazed stoneware, printed under the glaze
- Dishwasher and microwave safe"""
PRINT_CARE = """
- Pigment ink on 250 gsm matt cotton paper
- Frames are pine with an acrylic pane, ready to hang
- Unframed sheets travel rolled in a tube"""
SOCK_CARE = """
- 78% combed cotton, 20% polyamide, 2% elastane
- Cushioned sole, hand-linked toe
- Warm wash, with the other one if possible"""

Sized = Callable[[tuple[str, ...]], int]


def colours(dyes: Sequence[Dye]) -> DemoOption:
    return DemoOption("Colour", tuple(dye.name for dye in dyes), tuple(dye.base for dye in dyes))


def plain(name: str, *values: str) -> DemoOption:
    """An option without swatches."""
    return DemoOption(name, values, (None,) * len(values))


def variants(
    code: str,
    options: Sequence[DemoOption],
    price: int | Sized,
    *,
    weight: int | Sized,
    compare: int | None = None,
    absent: Sequence[tuple[str, ...]] = (),
    stock: Mapping[tuple[str, ...], int] | None = None,
    barcodes: bool = False,
) -> tuple[DemoVariant, ...]:
    """Every combination that is made, in option order; `stock` overrules the usual count."""
    made = [values for values in combinations(*(o.values for o in options)) if values not in absent]
    return tuple(
        DemoVariant(
            option_values=values,
            sku="-".join(("GN", code, *(_short(value) for value in values))),
            price_minor=price(values) if callable(price) else price,
            compare_at_minor=compare,
            weight_grams=weight(values) if callable(weight) else weight,
            stock=(stock or {}).get(values, _usual(code, values)),
            barcode=_barcode(code, values) if barcodes else None,
        )
        for values in made
    )


def by_size(smallest: int, step: int) -> Sized:
    """Grams that grow with the size, wherever it stands among the values."""

    def weight(values: tuple[str, ...]) -> int:
        size = next(value for value in values if value in SIZES)
        return smallest + step * SIZES.index(size)

    return weight


def _usual(code: str, values: tuple[str, ...]) -> int:
    """The same count on every machine: 5 to 26, more of what sells."""
    spread = crc32("/".join((code, *values)).encode()) % 13
    return 5 + spread + max((POPULAR.get(value, 0) for value in values), default=8)


def _short(value: str) -> str:
    if value in SIZES:
        return value
    if value in SHOE_SIZES:
        return value[3:].replace("–", "")
    return "".join(letter for letter in value.upper() if letter.isalnum())[:5]


def _barcode(code: str, values: tuple[str, ...]) -> str:
    """An EAN-13 from the range that shops may give out themselves (it starts with 2)."""
    digits = f"20{crc32('|'.join((code, *values)).encode()) % 10**10:010d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-total % 10}"
