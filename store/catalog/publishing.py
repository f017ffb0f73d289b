"""Shows products to readers and takes them back."""

from datetime import datetime

from sqlalchemy import ScalarSelect, func, select

from store.catalog.models import Product, ProductStatus
from store.clock import Clock
from store.database import bump_public_version


def publish(product: Product, clock: Clock) -> None:
    """Sell the product from now on, or from the later moment that it was given."""
    if product.published_at is None:
        product.published_at = clock.now()
    _set_status(product, ProductStatus.ACTIVE, clock)


def archive(product: Product, clock: Clock) -> None:
    """Stop selling the product for good; its orders and its address stay."""
    _set_status(product, ProductStatus.ARCHIVED, clock)


def draft(product: Product, clock: Clock) -> None:
    """Take the product from the shop to work on it."""
    _set_status(product, ProductStatus.DRAFT, clock)


def next_publication(now: datetime) -> ScalarSelect[datetime | None]:
    """Return the question when the next product appears by itself; pages are rendered anew then."""
    return (
        select(func.min(Product.published_at))
        .where(Product.status == ProductStatus.ACTIVE, Product.published_at > now)
        .scalar_subquery()
    )


def _set_status(product: Product, status: ProductStatus, clock: Clock) -> None:
    product.status = status
    product.updated_at = clock.now()
    bump_public_version()
