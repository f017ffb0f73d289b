"""Describes a product as it stands in the words of a draft: the way back from filling."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Row

from store.catalog.choosing_prices import PriceChoice
from store.catalog.drafts import (
    OptionDraft,
    PictureDraft,
    ProductDraft,
    ValueDraft,
    VariantDraft,
    settled,
)
from store.catalog.models import (
    Image,
    OptionValue,
    Product,
    ProductStatus,
    StockPolicy,
    TaxClass,
    Variant,
)
from store.catalog.prices.changing import DuePrice
from store.money import Money


def draft_of(product: Product) -> ProductDraft:
    """Return the draft that, saved, changes nothing; it leaves collections and dates alone."""
    return described(
        product,
        tags=product.tags,
        options=[(option.name, option.values) for option in product.options],
        variants=[_variant(variant, product) for variant in product.variants],
        images=product.images,
    )


def described(
    product: Product | Row[*tuple[Any, ...]],
    *,
    tags: Iterable[str],
    options: Iterable[tuple[str, Iterable[OptionValue | Row[*tuple[Any, ...]]]]],
    variants: Iterable[VariantDraft],
    images: Iterable[Image | Row[*tuple[Any, ...]]],
) -> ProductDraft:
    """Return the draft of a product, read as an object or as a row of its columns."""
    return ProductDraft(
        handle=product.handle,
        title=product.title,
        body=product.body,
        status=ProductStatus(product.status),
        product_type=product.product_type,
        vendor=product.vendor,
        seo_title=product.seo_title,
        seo_description=product.seo_description,
        tags=tuple(sorted(tags)),
        tax_class=TaxClass(product.tax_class),
        options=tuple(
            OptionDraft(name, tuple(ValueDraft(value.value, value.swatch) for value in values))
            for name, values in options
        ),
        variants=tuple(variants),
        pictures=tuple(_picture(image) for image in images),
    )


def described_variant(
    variant: Variant | Row[*tuple[Any, ...]], values: Iterable[str], pictures: Iterable[str]
) -> VariantDraft:
    """Return the draft of a variant; pictures are keys of its product's own."""
    before = variant.compare_at_minor
    return settled(
        VariantDraft(
            variant_id=variant.id,
            price=Money(variant.price_minor, variant.currency),
            values=tuple(values),
            compare_at=None if before is None else Money(before, variant.currency),
            sku=variant.sku,
            barcode=variant.barcode,
            weight_grams=variant.weight_grams,
            requires_shipping=variant.requires_shipping,
            taxable=variant.taxable,
            tracked=variant.tracked,
            policy=StockPolicy(variant.policy),
            pictures=tuple(pictures),
            is_gift_card=variant.is_gift_card,
            choice=PriceChoice.of(
                variant.least_minor, variant.most_minor, variant.suggested, variant.currency
            ),
        )
    )


def with_due_prices(draft: ProductDraft, due: Mapping[int, DuePrice]) -> ProductDraft:
    """Return the draft as settling its prices would make it."""
    if not due:
        return draft
    return replace(draft, variants=tuple(_with_due_price(v, due) for v in draft.variants))


def _with_due_price(variant: VariantDraft, due: Mapping[int, DuePrice]) -> VariantDraft:
    if variant.variant_id is None or (own := due.get(variant.variant_id)) is None:
        return variant
    return settled(replace(variant, price=own.price, compare_at=own.compare_at))


def _variant(variant: Variant, product: Product) -> VariantDraft:
    places = {option.id: option.position for option in product.options}
    values = sorted(variant.option_values, key=lambda value: places[value.option_id])
    return described_variant(
        variant,
        (value.value for value in values),
        (image.source_url or image.content_hash for image in variant.images),
    )


def _picture(image: Image | Row[*tuple[Any, ...]]) -> PictureDraft:
    return PictureDraft(
        alt=image.alt,
        content_hash=image.content_hash,
        source_url=image.source_url,
        width=image.width,
        height=image.height,
    )
