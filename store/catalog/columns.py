"""What a draft says of the columns of a product and all that is its own, new and known alike."""

from datetime import datetime

from store.catalog.drafts import PictureDraft, ProductDraft, VariantDraft
from store.catalog.models import ProductStatus


def product_columns(
    draft: ProductDraft, published_at: datetime | None, now: datetime
) -> dict[str, object]:
    """Return what the product is to say from now on; published_at is what it said before."""
    is_first_seen = draft.status == ProductStatus.ACTIVE and published_at is None
    told: dict[str, object] = {
        "title": draft.title,
        "body": draft.body,
        "status": draft.status,
        "product_type": draft.product_type,
        "vendor": draft.vendor,
        "seo_title": draft.seo_title,
        "seo_description": draft.seo_description,
        "published_at": draft.published_at or (now if is_first_seen else published_at),
        "updated_at": now,
    }
    return told if draft.tax_class is None else told | {"tax_class": draft.tax_class}


def picture_columns(draft: PictureDraft) -> dict[str, object]:
    """Return what a picture is to say; what was fetched of it stays where the draft has none."""
    if not draft.content_hash:
        return {"alt": draft.alt}
    return {
        "alt": draft.alt,
        "content_hash": draft.content_hash,
        "width": draft.width,
        "height": draft.height,
    }


def price_columns(draft: VariantDraft) -> dict[str, object]:
    """Return what it costs by itself; whoever writes it keeps it in the history as well."""
    return {
        "price_minor": draft.price.minor,
        "currency": draft.price.currency,
        "compare_at_minor": draft.compare_at.minor if draft.compare_at else None,
    }


def variant_columns(draft: VariantDraft) -> dict[str, object]:
    """Return all that a variant is to say but its place and its price."""
    choice = draft.choice
    return {
        "combination": draft.combination,
        "sku": draft.sku,
        "barcode": draft.barcode,
        "weight_grams": draft.weight_grams,
        "requires_shipping": draft.requires_shipping,
        "taxable": draft.taxable,
        "tracked": draft.tracked,
        "policy": draft.policy,
        "is_gift_card": draft.is_gift_card,
        "least_minor": choice.least.minor if choice else None,
        "most_minor": choice.most.minor if choice else None,
        "suggested": [amount.minor for amount in choice.suggested] if choice else [],
    }
