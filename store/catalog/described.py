"""Reads many products as drafts, column by column: whoever only compares needs no object a row."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Row, Select, select

from store.catalog.describing import described, described_variant
from store.catalog.drafts import ProductDraft, VariantDraft
from store.catalog.models import (
    Image,
    Option,
    OptionValue,
    Product,
    ProductTag,
    Variant,
    variant_image,
    variant_option_value,
)
from store.database import db

_BATCH = 500
_Row = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Described:
    """A product that stands in the shop, by its number and in the words of a draft."""

    product_id: int
    published_at: datetime | None
    draft: ProductDraft

    @property
    def variant_ids(self) -> list[int]:
        return [variant.variant_id or 0 for variant in self.draft.variants]


def described_by_handle(handles: Iterable[str]) -> dict[str, Described]:
    """Return those of these products that exist, each as draft_of would describe it."""
    found: dict[str, Described] = {}
    remaining = iter(handles)
    while batch := list(islice(remaining, _BATCH)):
        for one in _described(batch):
            found[one.draft.handle] = one
    return found


def _described(handles: Sequence[str]) -> Iterator[Described]:
    products = db.session.execute(_PRODUCTS.where(Product.handle.in_(handles))).all()
    if not products:
        return
    ids = [row.id for row in products]
    tags = _grouped(_TAGS.where(ProductTag.product_id.in_(ids)))
    options = _grouped(_OPTIONS.where(Option.product_id.in_(ids)))
    values = _grouped(_VALUES.where(Option.product_id.in_(ids)))
    images = _grouped(_IMAGES.where(Image.product_id.in_(ids)))
    variants = _variants(ids)
    for product in products:
        yield Described(
            product.id,
            product.published_at,
            described(
                product,
                tags=[row.tag for row in tags[product.id]],
                options=[(option.name, values[option.id]) for option in options[product.id]],
                variants=variants[product.id],
                images=images[product.id],
            ),
        )


def _variants(product_ids: Sequence[int]) -> Mapping[int, list[VariantDraft]]:
    rows = db.session.execute(_VARIANTS.where(Variant.product_id.in_(product_ids))).all()
    # By their own numbers, and not by their products': PostgreSQL would turn that join around.
    ids = [row.id for row in rows]
    chosen = _grouped(_CHOSEN.where(variant_option_value.c.variant_id.in_(ids)))
    shown = _grouped(_SHOWN.where(variant_image.c.variant_id.in_(ids)))
    drafts: dict[int, list[VariantDraft]] = defaultdict(list)
    for row in rows:
        drafts[row.product_id].append(
            described_variant(
                row,
                (value.value for value in chosen[row.id]),
                (image.source_url or image.content_hash for image in shown[row.id]),
            )
        )
    return drafts


def _grouped(statement: Select[*tuple[Any, ...]]) -> Mapping[int, list[_Row]]:
    """Return rows by their first column, in their order."""
    grouped: dict[int, list[_Row]] = defaultdict(list)
    for row in db.session.execute(statement):
        grouped[row[0]].append(row)
    return grouped


_PRODUCTS = select(
    Product.id,
    Product.handle,
    Product.title,
    Product.body,
    Product.status,
    Product.published_at,
    Product.product_type,
    Product.vendor,
    Product.seo_title,
    Product.seo_description,
    Product.tax_class,
)
_TAGS = select(ProductTag.product_id, ProductTag.tag)
_OPTIONS = select(Option.product_id, Option.id, Option.name).order_by(Option.position)
_VALUES = (
    select(OptionValue.option_id, OptionValue.value, OptionValue.swatch)
    .join(Option, Option.id == OptionValue.option_id)
    .order_by(OptionValue.position)
)
_IMAGES = select(
    Image.product_id,
    Image.alt,
    Image.content_hash,
    Image.source_url,
    Image.width,
    Image.height,
).order_by(Image.position)
_VARIANTS = select(
    Variant.id,
    Variant.product_id,
    Variant.price_minor,
    Variant.currency,
    Variant.compare_at_minor,
    Variant.sku,
    Variant.barcode,
    Variant.weight_grams,
    Variant.requires_shipping,
    Variant.taxable,
    Variant.tracked,
    Variant.policy,
    Variant.is_gift_card,
    Variant.least_minor,
    Variant.most_minor,
    Variant.suggested,
).order_by(Variant.position)
_CHOSEN = (
    select(variant_option_value.c.variant_id, OptionValue.value)
    .join(OptionValue, OptionValue.id == variant_option_value.c.option_value_id)
    .join(Option, Option.id == OptionValue.option_id)
    .order_by(Option.position)
)
_SHOWN = (
    select(variant_image.c.variant_id, Image.source_url, Image.content_hash)
    .join(Image, Image.id == variant_image.c.image_id)
    .order_by(Image.position)
)
