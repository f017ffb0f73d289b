"""Gives products and collections another address; the old ones go on leading to them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, select

from store.catalog.handles import LONGEST_HANDLE, RESERVED, slugify
from store.catalog.models import (
    Collection,
    FormerCollectionHandle,
    FormerHandle,
    Product,
    ProductStatus,
)
from store.clock import Clock
from store.database import bump_public_version, db
from store.errors import ConflictError, InvalidError


class HandleTakenError(ConflictError):
    """Another product has this address."""


class HandleRefusedError(InvalidError):
    """An address is made of lower-case letters, digits and hyphens."""


class HandleReservedError(HandleRefusedError):
    """The shop itself answers at this address, so a product there could never be seen."""


def give_handle(product: Product, handle: str, clock: Clock) -> None:
    """Move the product to another address; flushes only.

    Raises HandleRefusedError, HandleReservedError and HandleTakenError.
    """
    if handle == product.handle:
        return
    if not handle or slugify(handle) != handle:
        raise HandleRefusedError(f"{handle[:LONGEST_HANDLE]!r} is no address")
    if handle in RESERVED:
        raise HandleReservedError(f"{handle} is an address of the shop itself")
    if is_taken(handle, but_by=product.id):
        raise HandleTakenError(handle)
    # Whoever had the new address before moves on; a product that comes back needs no way.
    db.session.execute(
        delete(FormerHandle).where(FormerHandle.handle.in_((handle, product.handle)))
    )
    db.session.add(FormerHandle(handle=product.handle, product_id=product.id, since=clock.now()))
    product.handle = handle
    product.updated_at = clock.now()
    db.session.flush()
    bump_public_version()


def take_over(handles: Sequence[str]) -> None:
    """Let products that are made have these addresses: what had them before is led to no more."""
    db.session.execute(delete(FormerHandle).where(FormerHandle.handle.in_(handles)))


def give_collection_handle(collection: Collection, handle: str, clock: Clock) -> None:
    """Move a collection to a free address; the old ones lead there. Flushes only."""
    if handle == collection.handle:
        return
    former = FormerCollectionHandle
    db.session.execute(delete(former).where(former.handle.in_((handle, collection.handle))))
    db.session.add(former(handle=collection.handle, collection_id=collection.id, since=clock.now()))
    collection.handle = handle
    db.session.flush()
    bump_public_version()


def take_over_collection(handle: str) -> None:
    """Let a collection that is made have this address: what had it before is led to no more."""
    former = FormerCollectionHandle
    db.session.execute(delete(former).where(former.handle == handle))


def collection_after(handle: str) -> str | None:
    """Return where the collection of an old address stands now; None if readers do not see it."""
    former = FormerCollectionHandle
    return db.session.scalar(
        select(Collection.handle)
        .join(former, former.collection_id == Collection.id)
        .where(former.handle == handle, Collection.is_published)
    )


def is_taken(handle: str, *, but_by: int | None = None) -> bool:
    owner = db.session.scalar(select(Product.id).where(Product.handle == handle))
    return owner is not None and owner != but_by


def free_handle(title: str) -> str:
    """Return an address made of a title that no product has yet."""
    wanted = slugify(title, LONGEST_HANDLE - 5) or "product"
    number, handle = 1, wanted
    while handle in RESERVED or is_taken(handle):
        number += 1
        handle = f"{wanted}-{number}"
    return handle


def moved_from(handles: Iterable[str]) -> dict[str, str]:
    """Return where the products stand now that had these addresses before, whoever sees them."""
    rows = db.session.execute(
        select(FormerHandle.handle, Product.handle)
        .join(Product, Product.id == FormerHandle.product_id)
        .where(FormerHandle.handle.in_(list(handles)))
    )
    return dict(rows.all())


def address_after(handle: str, *, now: datetime) -> str | None:
    """Return where the product of an old address stands now; None if readers never saw it."""
    return db.session.scalar(
        select(Product.handle)
        .join(FormerHandle, FormerHandle.product_id == Product.id)
        .where(
            FormerHandle.handle == handle,
            Product.status != ProductStatus.DRAFT,
            Product.published_at <= now,
        )
    )
