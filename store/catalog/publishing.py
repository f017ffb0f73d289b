"""Shows products to readers and takes them back."""

from datetime import datetime

from sqlalchemy import BindParameter, ScalarSelect, func, select, union_all

from store.catalog.models import Product, ProductStatus
from store.clock import Clock
from store.database import bump_public_version
from store.errors import InvalidError


class ScheduleRefusedError(InvalidError):
    """A product cannot end before it appears."""


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


def schedule(
    product: Product, clock: Clock, *, appears: datetime | None, ends: datetime | None
) -> None:
    """Set from when until when readers see the product, once it is active; flushes only.

    None appears as soon as it is active, and never ends. Raises ScheduleRefusedError.
    """
    if ends is not None and ends <= (appears or clock.now()):
        raise ScheduleRefusedError("it would end before it appears")
    if appears is None and product.is_active:
        appears = min(product.published_at or clock.now(), clock.now())
    if (product.published_at, product.unpublish_at) == (appears, ends):
        return
    product.published_at, product.unpublish_at = appears, ends
    product.updated_at = clock.now()
    bump_public_version()


def next_publication(now: datetime | BindParameter[datetime]) -> ScalarSelect[datetime | None]:
    """Return the question when the next product appears or ends by itself: pages change then."""
    appears, ends = Product.published_at, Product.unpublish_at
    # What nobody sees may end as well: asked about the status, SQLite would read all that is out.
    moments = union_all(
        select(func.min(appears).label("at")).where(
            Product.status == ProductStatus.ACTIVE, appears > now
        ),
        select(func.min(ends).label("at")).where(ends > now),
    ).subquery()
    return select(func.min(moments.c.at)).scalar_subquery()


def last_publication(now: datetime | BindParameter[datetime]) -> ScalarSelect[datetime | None]:
    """Return the question when a product last appeared or ended by itself."""
    appeared, ended = Product.published_at, Product.unpublish_at
    moments = union_all(
        select(func.max(appeared).label("at")).where(
            Product.status == ProductStatus.ACTIVE, appeared <= now
        ),
        select(func.max(ended).label("at")).where(ended <= now),
    ).subquery()
    return select(func.max(moments.c.at)).scalar_subquery()


def _set_status(product: Product, status: ProductStatus, clock: Clock) -> None:
    product.status = status
    product.updated_at = clock.now()
    bump_public_version()
