"""Takes a file into the shop: read, compared, and written in the caller's one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from store.catalog.creating import SavedProduct
from store.catalog.importing.difference import Change, Difference
from store.catalog.importing.holding import Packed
from store.catalog.importing.notes import Notes
from store.catalog.importing.planning import Plan, parts_of, plan_import
from store.catalog.importing.recognising import Reading, read_sheets
from store.catalog.importing.sheets import ProductSheet
from store.catalog.models import Product
from store.catalog.prices.changing import settle_prices
from store.catalog.saving import save_products
from store.clock import Clock
from store.database import db, look_up_by_keys
from store.errors import ConflictError
from store.inventory.models import MovementKind
from store.inventory.stocktaking import count_many

LONGEST_CAUSE = 80


class ShopChangedError(ConflictError):
    """Somebody changed the products between the comparison and the writing."""


@dataclass(slots=True)
class Import:
    """A file that was read and compared: what it would do, and what is to be said of it.

    The sheets are those of products that change, and all is packed: a large file has more of both
    than fit into memory, and whole products are made of them only when they are written.
    """

    format: str
    sheets: Packed[ProductSheet]
    differences: Packed[Difference]
    notes: Notes
    new: int = 0
    unchanged: int = 0


def prepare(content: bytes, currency: str, now: datetime) -> Import:
    """Read a file and compare it with the shop; nothing is written.

    Raises FileRefusedError when it is no product file as a whole.
    """
    notes = Notes()
    return compare(read_sheets(content, currency, notes), notes, now)


def compare(reading: Reading, notes: Notes, now: datetime) -> Import:
    """Compare what was read with the shop of this moment; nothing is written."""
    prepared = Import(reading.format, Packed(), Packed(), notes)
    tally = _Tally()
    look_up_by_keys()
    for part in parts_of(reading.sheets):
        plan = plan_import(part, notes, now)
        prepared.unchanged += plan.unchanged
        prepared.new += sum(change.is_new for change in plan.changes)
        changing = {change.wanted.handle for change in plan.changes}
        prepared.sheets.extend(sheet for sheet in part if sheet.handle in changing)
        prepared.differences.extend(change.outline() for change in plan.changes)
        for change in plan.changes:
            tally.add(change)
    tally.remark(notes)
    for remark in reading.remarks:
        notes.remark(remark)
    return prepared


def apply(
    prepared: Import,
    *,
    source: str,
    clock: Clock,
    on_progress: Callable[[int], None] = lambda _count: None,
) -> None:
    """Write what was prepared, in the open writing scope; stock moves with the kind import."""
    for part in parts_of(prepared.sheets):
        apply_part(prepared, part, source=source, clock=clock)
        # What is written is let go, or a large file would end as one heap of products.
        db.session.expunge_all()
        on_progress(len(part))


def apply_part(
    prepared: Import, part: Sequence[ProductSheet], *, source: str, clock: Clock
) -> Sequence[Change]:
    """Write some of its products, in the open writing scope; parts_of says which go together.

    Returns what changed. They are compared once more under the lock, so that no sale and no edit
    in between is undone. Raises ShopChangedError where something would be refused now that was not
    before.
    """
    notes = Notes()
    look_up_by_keys()
    # Before they are compared: what the file does not say of a price stays as readers see it.
    handles = [sheet.handle for sheet in part]
    settle_prices(db.session.scalars(select(Product.id).where(Product.handle.in_(handles))), clock)
    plan = plan_import(part, notes, clock.now())
    if not set(notes.refusals) <= set(prepared.notes.refusals):
        raise ShopChangedError("products were changed meanwhile; run the import again")
    saved = save_products([one.wanted for one in plan.changes], clock)
    _count_stock(plan, saved, cause=f"import {source}"[:LONGEST_CAUSE], clock=clock)
    return plan.changes


def _count_stock(plan: Plan, saved: Sequence[SavedProduct], *, cause: str, clock: Clock) -> None:
    counts: dict[int, int] = {}
    for change, one in zip(plan.changes, saved, strict=True):
        counts.update((one.variant_ids[moved.combination], moved.after) for moved in change.stock)
    count_many(counts, cause=cause, actor="import", clock=clock, kind=MovementKind.IMPORT)


@dataclass(slots=True)
class _Tally:
    """Counts what a report says of all products together."""

    awaited: int = 0
    uncounted: int = 0

    def add(self, change: Change) -> None:
        self.awaited += sum(not picture.content_hash for picture in change.wanted.pictures)
        if change.is_new:
            self.uncounted += sum(not variant.tracked for variant in change.wanted.variants)

    def remark(self, notes: Notes) -> None:
        if self.awaited:
            notes.remark(
                f"{self.awaited} pictures are kept as addresses: pages show none of them yet"
            )
        if self.uncounted:
            notes.remark(
                f"{self.uncounted} new variants are not counted: the file tells no stock of them"
            )
