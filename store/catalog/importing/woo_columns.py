"""Recognises the header of a WooCommerce export; units and numbers of attributes stand in it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from store.catalog.importing.formats import KNOWN_FORMATS, reduced


class WooField(StrEnum):
    """A column that the store reads; the value is how WooCommerce and our messages call it."""

    ID = "ID"
    TYPE = "Type"
    SKU = "SKU"
    BARCODE = "GTIN, UPC, EAN, or ISBN"
    NAME = "Name"
    PUBLISHED = "Published"
    VISIBILITY = "Visibility in catalog"
    SHORT = "Short description"
    BODY = "Description"
    SALE_STARTS = "Date sale price starts"
    SALE_ENDS = "Date sale price ends"
    TAX_STATUS = "Tax status"
    TAX_CLASS = "Tax class"
    IN_STOCK = "In stock?"
    STOCK = "Stock"
    BACKORDERS = "Backorders allowed?"
    WEIGHT = "Weight"
    SALE_PRICE = "Sale price"
    REGULAR_PRICE = "Regular price"
    CATEGORIES = "Categories"
    TAGS = "Tags"
    BRANDS = "Brands"
    IMAGES = "Images"
    PARENT = "Parent"


GRAMS: Mapping[str, Decimal] = {
    "g": Decimal(1),
    "kg": Decimal(1000),
    "lb": Decimal("453.59237"),
    "lbs": Decimal("453.59237"),
    "oz": Decimal("28.349523125"),
}
_WEIGHT = re.compile(r"weight \((\w+)\)")
_ATTRIBUTE = re.compile(r"attribute (\d+) (name|value\(s\)|visible|global|default)")
_NEEDED = ({WooField.TYPE, WooField.NAME, WooField.REGULAR_PRICE}, {WooField.TYPE, WooField.PARENT})


@dataclass(frozen=True, slots=True)
class WooColumns:
    """Where each known column stands, and which stand there that the store does not keep."""

    format: str
    places: Mapping[WooField, int]
    weight_unit: Decimal | None
    """Grams; None where the header names no unit that we know."""
    attributes: tuple[tuple[int, int], ...]
    """Where the name and the values of each attribute stand."""
    width: int
    others: Mapping[str, int]
    repeated: tuple[str, ...]

    @property
    def counts_stock(self) -> bool:
        return WooField.STOCK in self.places


def woo_columns(header: Sequence[str]) -> WooColumns | None:
    """Return the meaning of each column; None when this is no WooCommerce export."""
    names = [" ".join(cell.casefold().split()) for cell in header]
    reduced_names = [reduced(name) for name in names]
    places = {
        field: reduced_names.index(name)
        for field in WooField
        if (name := reduced(field)) in reduced_names
    }
    # Without a unit it is left alone: the same figure would be another weight.
    places.pop(WooField.WEIGHT, None)
    weight, unit = _weight(names)
    if weight is not None:
        places[WooField.WEIGHT] = weight
    if not any(needed <= places.keys() for needed in _NEEDED):
        return None
    parts = {name: at for at, name in enumerate(names) if _ATTRIBUTE.fullmatch(name)}
    taken = {*places.values(), *parts.values()}
    return WooColumns(
        format=KNOWN_FORMATS[-1],
        places=places,
        weight_unit=unit,
        attributes=tuple(_attributes(parts)),
        width=len(header),
        others={cell.strip(): at for at, cell in enumerate(header) if at not in taken},
        repeated=tuple(field for field, at in places.items() if names.count(names[at]) > 1),
    )


def _weight(names: Sequence[str]) -> tuple[int | None, Decimal | None]:
    for place, name in enumerate(names):
        if (found := _WEIGHT.fullmatch(name)) and found[1] in GRAMS:
            return place, GRAMS[found[1]]
    return None, None


def _attributes(parts: Mapping[str, int]) -> list[tuple[int, int]]:
    numbers = sorted({int(name.split()[1]) for name in parts})
    pairs = [
        (parts.get(f"attribute {n} name"), parts.get(f"attribute {n} value(s)")) for n in numbers
    ]
    return [(name, values) for name, values in pairs if name is not None and values is not None]
