"""The files of a product at the desk: taken in, replaced, taken off sale, each with its trace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from store.catalog.files.keeping import (
    StoredFile,
    add_file,
    files_of,
    remove_file,
    replace_file,
    sell_again,
)
from store.catalog.files.models import ProductFile
from store.catalog.files.presenting import kind_words, size_words
from store.catalog.models import Product, Variant
from store.database import db
from store.errors import NotFoundError
from store.orders.downloads.models import Download
from store.orders.downloads.telling import tell_later
from store.services import Services
from store.staff.audit import Actor, Thing, Values, history, record
from store.staff.models import AuditEntry
from store.staff.product_values import thing_of as product_thing
from store.staff.product_values import values_of

KIND = "product_file"
EDITED = "product.edited"
MOST_CHANGES = 10


class NoSuchFileError(NotFoundError):
    """The product has no such file on sale."""


@dataclass(frozen=True, slots=True)
class SoldFile:
    """One file as the page lists it: orders are those that paid for it, taken every press."""

    file: ProductFile
    kind: str
    size: str
    orders: int
    taken: int


def thing_of(file: ProductFile) -> Thing:
    return Thing(KIND, str(file.id), file.name)


def file_of(product: Product, file_id: int) -> ProductFile:
    """Return a file that is sold with a variant of this product; raises NoSuchFileError."""
    file = db.session.get(ProductFile, file_id)
    variants = {variant.id for variant in product.variants}
    if file is None or file.variant_id not in variants or file.removed_at is not None:
        raise NoSuchFileError(f"product {product.id} has no file {file_id}")
    return file


def variant_of(product: Product, variant_id: int) -> Variant:
    """Return the variant of this number, or the only one there is; raises NoSuchFileError."""
    if len(product.variants) == 1:
        return product.variants[0]
    for variant in product.variants:
        if variant.id == variant_id:
            return variant
    raise NoSuchFileError(f"product {product.id} has no variant {variant_id}")


def names_of_files(product: Product) -> list[str]:
    """Return what the files on sale are called, variant by variant."""
    by_variant = files_of([variant.id for variant in product.variants])
    return [file.name for files in by_variant.values() for file in files]


def sold_files(product: Product) -> Mapping[int, Sequence[SoldFile]]:
    """Return the files on sale with how often they were bought and fetched, by variant."""
    variants = [variant.id for variant in product.variants]
    counted = (
        select(Download.file_id, func.count().label("orders"), func.sum(Download.used).label("n"))
        .group_by(Download.file_id)
        .subquery()
    )
    rows = db.session.execute(
        select(ProductFile, func.coalesce(counted.c.orders, 0), func.coalesce(counted.c.n, 0))
        .outerjoin(counted, counted.c.file_id == ProductFile.id)
        .where(ProductFile.variant_id.in_(variants), ProductFile.removed_at.is_(None))
        .order_by(ProductFile.position, ProductFile.id)
    )
    found: dict[int, list[SoldFile]] = {}
    for file, orders, taken in rows:
        sold = SoldFile(file, kind_words(file), size_words(file.size_bytes), orders, int(taken))
        found.setdefault(file.variant_id or 0, []).append(sold)
    return found


def changes_of(product: Product) -> Sequence[AuditEntry]:
    """Return what was done to the files of a product, the newest first."""
    variants = [variant.id for variant in product.variants]
    files = db.session.scalars(select(ProductFile).where(ProductFile.variant_id.in_(variants)))
    entries = [e for file in files for e in history(thing_of(file), limit=MOST_CHANGES)]
    return sorted(entries, key=lambda entry: entry.id, reverse=True)[:MOST_CHANGES]


def add(variant: Variant, stored: StoredFile, *, actor: Actor, services: Services) -> ProductFile:
    """Put a stored file on sale with a variant; flushes only. Raises TooManyFilesError."""
    product, clock = variant.product, services.clock
    before = values_of(product)
    file = add_file(variant, stored, clock)
    told = {"name": file.name, "edition": file.edition}
    record(actor, "product_file.added", thing_of(file), clock=clock, after=told)
    # The first file of a variant changes what the variant is.
    after = values_of(product)
    record(actor, EDITED, product_thing(product), clock=clock, before=before, after=after)
    return file


def replace(
    file: ProductFile, stored: StoredFile, *, tells: bool, actor: Actor, services: Services
) -> bool:
    """Give a file a new edition, and have its buyers told where that is wished; flushes only.

    Return whether it is another. Raises FileGoneError.
    """
    before = {"name": file.name, "edition": file.edition}
    if not replace_file(file, stored, services.clock):
        return False
    after = {"name": file.name, "edition": file.edition, "told": tells}
    thing, clock = thing_of(file), services.clock
    record(actor, "product_file.replaced", thing, clock=clock, before=before, after=after)
    if tells:
        tell_later(file, services)
    return True


def remove(file: ProductFile, *, actor: Actor, services: Services) -> None:
    """Take a file off sale; flushes only."""
    remove_file(file, services.clock)
    record(
        actor,
        "product_file.removed",
        thing_of(file),
        clock=services.clock,
        before={"sold": True},
        after={"sold": False},
    )


class FileUndo:
    """Puts a file back on sale; another edition is taken back by nobody, because it was read."""

    def current(self, thing_id: str, fields: Sequence[str], entry: AuditEntry) -> Values | None:
        file = db.session.get(ProductFile, int(thing_id))
        if file is None or file.variant_id is None or "sold" not in fields:
            return None
        return {"sold": file.removed_at is None}

    def restore(self, entry: AuditEntry, values: Values, services: Services, actor: Actor) -> None:
        file = db.session.get_one(ProductFile, int(entry.thing_id))
        if values["sold"]:
            sell_again(file)
        else:
            remove_file(file, services.clock)
