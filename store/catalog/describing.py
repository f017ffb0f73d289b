"""Describes a product as it stands in the words of a draft: the way back from filling."""

from collections.abc import Mapping
from dataclasses import replace

from store.catalog.choosing_prices import PriceChoice
from store.catalog.drafts import (
    OptionDraft,
    PictureDraft,
    ProductDraft,
    ValueDraft,
    VariantDraft,
    settled,
)
from store.catalog.models import Image, Product, ProductStatus, StockPolicy, TaxClass, Variant
from store.catalog.prices.changing import DuePrice


def draft_of(product: Product) -> ProductDraft:
    """Return the draft that, saved, changes nothing; it leaves collections and dates alone."""
    return ProductDraft(
        handle=product.handle,
        title=product.title,
        body=product.body,
        status=ProductStatus(product.status),
        product_type=product.product_type,
        vendor=product.vendor,
        seo_title=product.seo_title,
        seo_description=product.seo_description,
        tags=tuple(sorted(product.tags)),
        tax_class=TaxClass(product.tax_class),
        options=tuple(
            OptionDraft(
                option.name, tuple(ValueDraft(value.value, value.swatch) for value in option.values)
            )
            for option in product.options
        ),
        variants=tuple(_variant(variant, product) for variant in product.variants),
        pictures=tuple(_picture(image) for image in product.images),
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
    described = VariantDraft(
        variant_id=variant.id,
        price=variant.price,
        values=tuple(value.value for value in values),
        compare_at=variant.compare_at,
        sku=variant.sku,
        barcode=variant.barcode,
        weight_grams=variant.weight_grams,
        requires_shipping=variant.requires_shipping,
        taxable=variant.taxable,
        tracked=variant.tracked,
        policy=StockPolicy(variant.policy),
        pictures=tuple(_picture(image).key for image in variant.images),
        is_gift_card=variant.is_gift_card,
        choice=PriceChoice.of_variant(variant),
    )
    return settled(described)


def _picture(image: Image) -> PictureDraft:
    return PictureDraft(
        alt=image.alt,
        content_hash=image.content_hash,
        source_url=image.source_url,
        width=image.width,
        height=image.height,
    )
