"""Products as a file that Shopify reads and our own import takes back unchanged."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice, zip_longest

from sqlalchemy import select

from store.catalog.choosing_prices import PriceChoice
from store.catalog.describing import draft_of, with_due_prices
from store.catalog.drafts import PictureDraft, ProductDraft, VariantDraft
from store.catalog.importing.difference import amount
from store.catalog.importing.formats import OPTION_NAMES, OPTION_VALUES, Field
from store.catalog.models import Product, ProductStatus, StockPolicy
from store.catalog.prices.changing import due_prices
from store.catalog.saving import products_by_handle
from store.database import db
from store.inventory import stock
from store.inventory.models import StockLevel
from store.media.renditions import WIDTHS, rendition_name
from store.settings import Settings
from store.web.markdown import rendered_markdown

AT_ONCE = 200
BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = tuple(Field)


def export(settings: Settings, now: datetime) -> Iterator[str]:
    """Return the file line by line: a header, then a row a variant or a further picture.

    A cell that a spreadsheet would compute begins with an apostrophe; our import takes it off.
    """
    yield _line({field: str(field) for field in COLUMNS})
    handles = iter(db.session.scalars(select(Product.handle).order_by(Product.id)).all())
    while batch := list(islice(handles, AT_ONCE)):
        known = products_by_handle(batch)
        due = due_prices([product.id for product in known.values()], now)
        levels = stock.levels([v.id for p in known.values() for v in p.variants])
        for handle in batch:
            product = known[handle]
            draft = with_due_prices(draft_of(product), due)
            for row in _rows(draft, _units(product, levels), settings):
                yield _line(row)
        # One by one: whoever asked for the file is in this session as well.
        for product in known.values():
            db.session.expunge(product)


def _units(product: Product, levels: Mapping[int, StockLevel]) -> dict[str, int]:
    counted = (variant for variant in product.variants if variant.id in levels)
    return {variant.combination: levels[variant.id].on_hand for variant in counted}


def _rows(
    draft: ProductDraft, units: Mapping[str, int], settings: Settings
) -> Iterator[dict[Field, str]]:
    pairs = zip_longest(draft.variants, draft.pictures)
    for place, (variant, picture) in enumerate(pairs):
        row = {Field.HANDLE: draft.handle}
        if place == 0:
            row |= _product_cells(draft)
        if variant is not None:
            row |= _variant_cells(draft, variant, units, settings)
        if picture is not None:
            row |= {
                Field.IMAGE_SRC: _address(picture, settings),
                Field.IMAGE_POSITION: str(place + 1),
                Field.IMAGE_ALT: picture.alt,
            }
        yield row


def _product_cells(draft: ProductDraft) -> dict[Field, str]:
    names = zip(OPTION_NAMES, draft.options, strict=False)
    return {
        Field.TITLE: draft.title,
        Field.BODY: str(rendered_markdown(draft.body)),
        Field.VENDOR: draft.vendor,
        Field.TYPE: draft.product_type,
        Field.TAGS: ", ".join(draft.tags),
        Field.PUBLISHED: _truth(draft.status is ProductStatus.ACTIVE),
        Field.STATUS: str(draft.status),
        Field.SEO_TITLE: draft.seo_title,
        Field.SEO_DESCRIPTION: draft.seo_description,
        Field.TAX_CLASS: str(draft.tax_class or ""),
    } | ({field: option.name for field, option in names} or {Field.OPTION1_NAME: "Title"})


def _variant_cells(
    draft: ProductDraft, variant: VariantDraft, units: Mapping[str, int], settings: Settings
) -> dict[Field, str]:
    values = dict(zip(OPTION_VALUES, variant.values, strict=False))
    pictures = {picture.key: picture for picture in draft.pictures}
    shown = [_address(pictures[key], settings) for key in variant.pictures[:1]]
    return {
        Field.SKU: variant.sku or "",
        Field.BARCODE: variant.barcode,
        Field.PRICE: amount(variant.price),
        Field.COMPARE_AT: amount(variant.compare_at) if variant.compare_at else "",
        Field.GRAMS: str(variant.weight_grams),
        Field.TRACKER: "shopify" if variant.tracked else "",
        Field.QUANTITY: str(units.get(variant.combination, "")) if variant.tracked else "",
        Field.POLICY: "deny" if variant.policy is StockPolicy.DENY else "continue",
        Field.REQUIRES_SHIPPING: _truth(variant.requires_shipping),
        Field.TAXABLE: _truth(variant.taxable),
        Field.VARIANT_IMAGE: shown[0] if shown else "",
        Field.GIFT_CARD: _truth(variant.is_gift_card),
        **_chosen_cells(variant.choice),
    } | (values or {Field.OPTION1_VALUE: "Default Title"})


def _chosen_cells(choice: PriceChoice | None) -> dict[Field, str]:
    if choice is None:
        return {}
    return {
        Field.CHOSEN_FROM: amount(choice.least),
        Field.CHOSEN_TO: amount(choice.most),
        Field.CHOSEN_SUGGESTED: " ".join(map(amount, choice.suggested)),
    }


def _address(picture: PictureDraft, settings: Settings) -> str:
    if picture.source_url:
        return picture.source_url
    name = rendition_name(picture.content_hash, WIDTHS[-1], "webp")
    return f"{settings.public_url}/media/{name}"


def _truth(value: bool) -> str:  # noqa: FBT001 - a cell is one value
    return "TRUE" if value else "FALSE"


def _line(row: Mapping[Field, str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(safe_cells([row.get(field, "") for field in COLUMNS]))
    return written.getvalue()


def safe_cells(cells: Sequence[str]) -> list[str]:
    """Return cells that no spreadsheet takes for a formula."""
    return [f"'{cell}" if cell.startswith(BEGINS_FORMULA) else cell for cell in cells]
