"""Product files to measure imports by: always the same rows, as two shops would write them."""

import csv
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.filling import COLOURS, KINDS, PLACES, SIZES, STUFFS
from store.catalog.importing.formats import Field
from store.catalog.importing.woo_columns import WooField

ROWS = 10_000
LEFT_OUT = (Field.GIFT_CARD, Field.OPTION3_NAME, Field.OPTION3_VALUE)
WEIGHT = f"{WooField.WEIGHT} (kg)"
ATTRIBUTES = ("Size", "Colour")
BESIDE = (
    "Is featured?",
    "Low stock amount",
    "Sold individually?",
    "Length (cm)",
    "Width (cm)",
    "Height (cm)",
    "Allow customer reviews?",
    "Purchase note",
    "Shipping class",
    "Position",
)
"""Some of what WooCommerce writes as well, and what no shop of ours keeps."""

Cells = dict[str, str]


@dataclass(frozen=True, slots=True)
class ProductFile:
    """So many rows of one format."""

    shape: str
    columns: Sequence[str]
    price: str
    """The column with the price."""
    rows_of_one: int
    product: Callable[[int, int, random.Random], Iterator[Cells]]
    """Return the rows of a product, by its number and how many they are to be."""

    def write(self, path: Path) -> None:
        chance = random.Random(2026)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, self.columns)
            writer.writeheader()
            for number in range(ROWS // self.rows_of_one):
                writer.writerows(self.product(number, self.rows_of_one, chance))

    def raise_prices(self, path: Path) -> None:
        """Write the file again with each price dearer."""
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, self.columns)
            writer.writeheader()
            writer.writerows(row | {self.price: _dearer(row[self.price])} for row in rows)


def _dearer(price: str) -> str:
    return f"1{price}" if price else ""


def _of_shopify(number: int, rows: int, chance: random.Random) -> Iterator[Cells]:
    """Return rows below a legacy header: descriptions in HTML, two pictures each."""
    kind, stuff = chance.choice(KINDS), chance.choice(STUFFS)
    handle = f"{kind}-{rows}-{number}"
    for place, (size, colour) in enumerate(_combinations(rows)):
        first = _told_of_shopify(number, kind, stuff, chance) if place == 0 else {}
        options = _options(size, colour) if rows > 1 else {}
        yield {
            Field.HANDLE: handle,
            Field.SKU: f"{handle}-{place}",
            Field.PRICE: _price(chance),
            Field.GRAMS: "226.796185",
            Field.TRACKER: "shopify",
            Field.QUANTITY: str(chance.randrange(1, 200)),
            Field.POLICY: "deny",
            Field.REQUIRES_SHIPPING: "TRUE",
            Field.TAXABLE: "true",
            Field.IMAGE_SRC: _picture(handle, place),
            Field.IMAGE_POSITION: str(place + 1),
            Field.VARIANT_IMAGE: _picture(handle, 0),
        } | (first | options)


def _told_of_shopify(number: int, kind: str, stuff: str, chance: random.Random) -> Cells:
    place = chance.choice(PLACES)
    return {
        Field.TITLE: f"The {place} {kind}, number {number}",
        Field.BODY: _body(kind, stuff, place),
        Field.VENDOR: "The press room",
        Field.TYPE: kind.capitalize(),
        Field.TAGS: f"{kind}, {place}, {stuff}",
        Field.PUBLISHED: "TRUE",
        Field.STATUS: "active",
        Field.OPTION1_NAME: "Title",
        Field.OPTION1_VALUE: "Default Title",
    }


def _options(size: str, colour: str) -> Cells:
    return {
        Field.OPTION1_NAME: "Size",
        Field.OPTION1_VALUE: size,
        Field.OPTION2_NAME: "Colour",
        Field.OPTION2_VALUE: colour,
    }


def _of_woocommerce(number: int, rows: int, chance: random.Random) -> Iterator[Cells]:
    """Return the product and behind it its variations, or one that is sold as it stands."""
    kind, stuff, place = chance.choice(KINDS), chance.choice(STUFFS), chance.choice(PLACES)
    sku, name = f"{kind}-{rows}-{number}", f"The {place} {kind}, number {rows}-{number}"
    sold = _combinations(rows - 1)
    told: Cells = {
        WooField.ID: str(number * rows + 1),
        WooField.TYPE: "variable" if sold else "simple",
        WooField.SKU: sku,
        WooField.NAME: name,
        WooField.VISIBILITY: "visible",
        WooField.SHORT: f"<p>A {kind} of {stuff}.</p>",
        WooField.BODY: _body(kind, stuff, place),
        WooField.CATEGORIES: f"Shop > {kind.capitalize()}, {place}",
        WooField.TAGS: f"{kind}, {place}, {stuff}",
        WooField.IMAGES: f"{_picture(sku, 0)}, {_picture(sku, 1)}",
        WooField.BRANDS: "The press room",
    }
    if sold:
        told |= _attributes(*(", ".join(dict.fromkeys(one)) for one in zip(*sold, strict=True)))
    yield _stock_of_woocommerce(chance) | told
    for at, (size, colour) in enumerate(sold, start=1):
        yield (
            _stock_of_woocommerce(chance)
            | _attributes(size, colour)
            | {
                WooField.ID: str(number * rows + 1 + at),
                WooField.TYPE: "variation",
                WooField.SKU: f"{sku}-{at}",
                WooField.NAME: f"{name} - {size}, {colour}",
                WooField.VISIBILITY: "visible",
                WooField.IMAGES: _picture(sku, at),
                WooField.PARENT: sku,
            }
        )


def _stock_of_woocommerce(chance: random.Random) -> Cells:
    return {
        WooField.PUBLISHED: "1",
        WooField.TAX_STATUS: "taxable",
        WooField.IN_STOCK: "1",
        WooField.STOCK: str(chance.randrange(1, 200)),
        WooField.BACKORDERS: "0",
        WEIGHT: "0.226",
        WooField.REGULAR_PRICE: _price(chance),
        "Allow customer reviews?": "1",
        "Is featured?": "0",
        "Sold individually?": "0",
        "Position": "0",
    }


def _attributes(*values: str) -> Cells:
    cells: Cells = {}
    for at, (name, value) in enumerate(zip(ATTRIBUTES, values, strict=True), start=1):
        cells |= {f"Attribute {at} name": name, f"Attribute {at} value(s)": value}
        cells |= {f"Attribute {at} visible": "1", f"Attribute {at} global": "1"}
    return cells


def _combinations(number: int) -> list[tuple[str, str]]:
    return [(size, colour) for size in SIZES for colour, _ in COLOURS][:number]


def _price(chance: random.Random) -> str:
    return f"{chance.randrange(1_500, 9_500, 50) / 100:.2f}"


def _picture(name: str, place: int) -> str:
    return f"https://pictures.example.org/{name}-{place}.jpg"


def _body(kind: str, stuff: str, place: str) -> str:
    return (
        f"<p>A {kind} of {stuff}, printed in {place}.</p>\n<p>Drawn by hand, set in the type of"
        " the old Saturday paper and <strong>proofed twice</strong>.</p>"
        f"<ul><li>Made of {stuff}</li><li>Packed in card</li></ul>"
    )


_SHOPIFY = (tuple(field for field in Field if field not in LEFT_OUT), Field.PRICE)
_WOOCOMMERCE = (
    (
        *(field for field in WooField if field is not WooField.WEIGHT),
        WEIGHT,
        *BESIDE,
        *_attributes("", ""),
    ),
    WooField.REGULAR_PRICE,
)
FILES = (
    ProductFile("Shopify, five variants to a product", *_SHOPIFY, 5, _of_shopify),
    ProductFile("Shopify, one variant to a product", *_SHOPIFY, 1, _of_shopify),
    ProductFile("WooCommerce, five variations to a product", *_WOOCOMMERCE, 6, _of_woocommerce),
    ProductFile("WooCommerce, products without variations", *_WOOCOMMERCE, 1, _of_woocommerce),
)
