"""Recognises the header of a product file, whatever its generation, case and spelling."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from store.catalog.importing.notes import FileRefusedError


class Field(StrEnum):
    """What a column means to the store; the value is how messages call it."""

    HANDLE = "Handle"
    TITLE = "Title"
    BODY = "Body (HTML)"
    VENDOR = "Vendor"
    TYPE = "Type"
    TAGS = "Tags"
    PUBLISHED = "Published"
    STATUS = "Status"
    OPTION1_NAME = "Option1 Name"
    OPTION1_VALUE = "Option1 Value"
    OPTION2_NAME = "Option2 Name"
    OPTION2_VALUE = "Option2 Value"
    OPTION3_NAME = "Option3 Name"
    OPTION3_VALUE = "Option3 Value"
    SKU = "Variant SKU"
    BARCODE = "Variant Barcode"
    PRICE = "Variant Price"
    COMPARE_AT = "Variant Compare At Price"
    GRAMS = "Variant Grams"
    TRACKER = "Variant Inventory Tracker"
    QUANTITY = "Variant Inventory Qty"
    POLICY = "Variant Inventory Policy"
    REQUIRES_SHIPPING = "Variant Requires Shipping"
    TAXABLE = "Variant Taxable"
    VARIANT_IMAGE = "Variant Image"
    IMAGE_SRC = "Image Src"
    IMAGE_POSITION = "Image Position"
    IMAGE_ALT = "Image Alt Text"
    GIFT_CARD = "Gift Card"
    SEO_TITLE = "SEO Title"
    SEO_DESCRIPTION = "SEO Description"
    CHOSEN_FROM = "Chosen Price From"
    CHOSEN_TO = "Chosen Price To"
    CHOSEN_SUGGESTED = "Chosen Price Suggested"
    TAX_CLASS = "Tax Class"


OPTION_NAMES = (Field.OPTION1_NAME, Field.OPTION2_NAME, Field.OPTION3_NAME)
OPTION_VALUES = (Field.OPTION1_VALUE, Field.OPTION2_VALUE, Field.OPTION3_VALUE)

# Beside its own name, reduced to letters and digits: other generations and hands.
_ALSO_CALLED: Mapping[Field, str] = {
    Field.HANDLE: "urlhandle producthandle",
    Field.TITLE: "producttitle",
    Field.BODY: "body description bodyhtmldescription descriptionhtml",
    Field.TYPE: "producttype customproducttype",
    Field.PUBLISHED: "publishedononlinestore",
    Field.SKU: "sku",
    Field.BARCODE: "barcode",
    Field.PRICE: "price",
    Field.COMPARE_AT: "compareatprice",
    Field.GRAMS: "variantweightgrams weightvaluegrams weightgrams grams",
    Field.TRACKER: "inventorytracker",
    Field.QUANTITY: "variantinventoryquantity inventoryquantity inventoryqty",
    Field.POLICY: "inventorypolicy continuesellingwhenoutofstock",
    Field.REQUIRES_SHIPPING: "requiresshipping",
    Field.TAXABLE: "chargetax taxable",
    Field.VARIANT_IMAGE: "variantimageurl variantimagesrc",
    Field.IMAGE_SRC: "productimageurl imageurl productimagesrc",
    Field.IMAGE_ALT: "imagealt productimagealttext",
}
KNOWN_FORMATS = (
    "Shopify product export, legacy header (Handle, Title, Body (HTML), …, Variant Price, …)",
    "Shopify product export, legacy header with Status and markets",
    "Shopify product export, new header (Title, URL handle, Description, …, Price, …)",
    "WooCommerce product export (ID, Type, SKU, Name, Published, …, Regular price, …)",
)
_LEAST_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each known column stands, and which stand there that the store does not keep."""

    format: str
    places: Mapping[Field, int]
    width: int
    others: Mapping[str, int]
    repeated: tuple[str, ...]

    def __contains__(self, field: Field) -> bool:
        return field in self.places

    @property
    def counts_stock(self) -> bool:
        return Field.QUANTITY in self.places


def recognise(header: Sequence[str]) -> Columns:
    """Return the meaning of each column, or say which formats are known."""
    names = [reduced(cell) for cell in header]
    places: dict[Field, int] = {}
    for field in Field:
        spellings = (reduced(field), *_ALSO_CALLED.get(field, "").split())
        place = next((names.index(name) for name in spellings if name in names), None)
        if place is not None:
            places[field] = place
    if not _is_product_file(places):
        raise FileRefusedError(
            f"the first line is not the header of a known product export\n{known_formats()}"
        )
    taken = set(places.values())
    return Columns(
        format=_generation(places, names),
        places=places,
        width=len(header),
        others={cell.strip(): at for at, cell in enumerate(header) if at not in taken},
        repeated=tuple(field for field, at in places.items() if names.count(names[at]) > 1),
    )


def known_formats() -> str:
    return "\n".join(
        ["known formats, as CSV with commas:", *(f"  {line}" for line in KNOWN_FORMATS)]
    )


def reduced(name: str) -> str:
    """Return letters and digits alone: hands and plugins write columns in many ways."""
    return re.sub(r"[^a-z0-9]+", "", name.casefold())


def _is_product_file(places: Mapping[Field, int]) -> bool:
    return Field.HANDLE in places and len(places) >= _LEAST_COLUMNS


def _generation(places: Mapping[Field, int], names: Sequence[str]) -> str:
    if "urlhandle" in names or names[places.get(Field.PRICE, 0)] == "price":
        return KNOWN_FORMATS[2]
    return KNOWN_FORMATS[1 if Field.STATUS in places else 0]
