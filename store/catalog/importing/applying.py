"""Takes a file into the shop: read, compared, and written in the caller's one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from store.catalog.importing.difference import Change
from store.catalog.importing.formats import Columns, Field, recognise
from store.catalog.importing.notes import FileRefusedError, Notes
from store.catalog.importing.planning import Plan, plan_import
from store.catalog.importing.reading import Row, read_rows
from store.catalog.importing.sheets import ProductSheet
from store.catalog.importing.shopify import product_sheets
from store.catalog.models import Product
from store.catalog.saving import save_products
from store.clock import Clock
from store.errors import ConflictError
from store.inventory.models import MovementKind
from store.inventory.stocktaking import count_many

LONGEST_CAUSE = 80


class ShopChangedError(ConflictError):
    """Somebody changed the products between the comparison and the writing."""


@dataclass(frozen=True, slots=True)
class Import:
    """A file that was read: what it says, what it would do, and what is to be said of it."""

    columns: Columns
    sheets: tuple[ProductSheet, ...]
    plan: Plan
    notes: Notes


@dataclass(frozen=True, slots=True)
class Written:
    """One product that an import wrote: what was planned, and the product as it stands now."""

    change: Change
    product: Product


def prepare(content: bytes, currency: str) -> Import:
    """Read a file and compare it with the shop; nothing is written.

    Raises FileRefusedError when it is no product file as a whole.
    """
    header, *rows = read_rows(content)
    columns = recognise(header.cells)
    if not rows:
        raise FileRefusedError("the file has a header and no products")
    notes = Notes()
    sheets = product_sheets(rows, columns, currency, notes)
    plan = plan_import(sheets, notes)
    _remark(columns, rows, plan, notes)
    return Import(columns, tuple(sheets), plan, notes)


def apply(
    prepared: Import,
    *,
    source: str,
    clock: Clock,
    on_progress: Callable[[int], None] = lambda _count: None,
) -> list[Written]:
    """Write what was prepared, in the open writing scope; stock moves with the kind import."""
    changing = {change.wanted.handle for change in prepared.plan.changes}
    # Compared once more under the lock, so that no sale and no edit in between is undone.
    notes = Notes()
    plan = plan_import([sheet for sheet in prepared.sheets if sheet.handle in changing], notes)
    if not set(notes.refusals) <= set(prepared.notes.refusals):
        raise ShopChangedError("products were changed meanwhile; run the import again")
    products = save_products([change.wanted for change in plan.changes], clock, on_progress)
    _count_stock(plan, products, cause=f"import {source}"[:LONGEST_CAUSE], clock=clock)
    return [Written(*pair) for pair in zip(plan.changes, products, strict=True)]


def _count_stock(plan: Plan, products: Sequence[Product], *, cause: str, clock: Clock) -> None:
    counts: dict[int, int] = {}
    for change, product in zip(plan.changes, products, strict=True):
        ids = {variant.combination: variant.id for variant in product.variants}
        counts.update((ids[moved.combination], moved.after) for moved in change.stock)
    count_many(counts, cause=cause, actor="import", clock=clock, kind=MovementKind.IMPORT)


def _remark(columns: Columns, rows: Sequence[Row], plan: Plan, notes: Notes) -> None:
    filled = [
        name or f"column {place + 1}"
        for name, place in columns.others.items()
        if any(len(row.cells) > place and row.cells[place].strip() for row in rows)
    ]
    if filled:
        notes.remark(f"columns that the store does not keep: {', '.join(filled)}")
    if columns.repeated:
        notes.remark(
            f"of columns with the same name the first counts: {', '.join(columns.repeated)}"
        )
    awaited = sum(not p.content_hash for change in plan.changes for p in change.wanted.pictures)
    if awaited:
        notes.remark(f"{awaited} pictures are kept as addresses: pages show none of them yet")
    counted = [v for change in plan.changes if change.is_new for v in change.wanted.variants]
    uncounted = sum(not variant.tracked for variant in counted)
    if uncounted:
        notes.remark(f"{uncounted} new variants are not counted: no {Field.TRACKER}")
    if Field.QUANTITY not in columns:
        notes.remark(
            f"the file has no {Field.QUANTITY}: stock stays as it is, new variants have none"
        )
