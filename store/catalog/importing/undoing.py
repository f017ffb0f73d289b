"""Takes an import back: each product is what it was, unless somebody changed it since."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from sqlalchemy import func, select, update

from store.catalog.describing import draft_of
from store.catalog.drafts import ProductDraft
from store.catalog.filling import VariantInUseError
from store.catalog.importing.difference import Change
from store.catalog.importing.drafts_kept import draft_from
from store.catalog.importing.models import ImportRow, ImportState, RowKind
from store.catalog.importing.runs import import_of, move_on
from store.catalog.models import Product, ProductStatus
from store.catalog.prices.changing import settle_prices
from store.catalog.saving import SkuTakenError, products_by_handle, save_product
from store.clock import Clock
from store.database import db, writing
from store.inventory import stock
from store.inventory.models import MovementKind
from store.jobs.outbox import enqueue
from store.jobs.queue import Job
from store.services import Services

AT_ONCE = 50
LONGEST_CONFLICT = 400


@dataclass(frozen=True, slots=True)
class UndoImport(Job):
    kind: ClassVar[str] = "catalog.undo_import"

    import_id: int


def ask_undo(import_id: int, clock: Clock) -> None:
    """Have a worker take the import back; flushes only. Raises ImportStepRefusedError."""
    move_on(import_id, {ImportState.DONE, ImportState.FAILED}, ImportState.UNDOING)
    enqueue(UndoImport(import_id), clock)


def undo_import(import_id: int, services: Services) -> None:
    """Put back what the import changed, part by part; what was changed since stays and is named."""
    if import_of(import_id).state != ImportState.UNDOING:
        return
    while rows := _left(import_id):
        with writing():
            for row_id in rows:
                _put_back(db.session.get_one(ImportRow, row_id), services)
    with writing():
        move_on(
            import_id,
            {ImportState.UNDOING},
            ImportState.UNDONE,
            finished_at=services.clock.now(),
        )


def conflicts_of(import_id: int) -> Sequence[ImportRow]:
    """Return the products that were not put back, with the reason."""
    return db.session.scalars(
        select(ImportRow)
        .where(ImportRow.import_id == import_id, ImportRow.conflict != "")
        .order_by(ImportRow.id)
    ).all()


def put_back_count(import_id: int) -> int:
    return db.session.scalars(
        select(func.count()).where(ImportRow.import_id == import_id, ImportRow.is_undone)
    ).one()


def _left(import_id: int) -> list[int]:
    # The last written goes back first: a sku that moved finds its old place free.
    return list(
        db.session.scalars(
            select(ImportRow.id)
            .where(
                ImportRow.import_id == import_id,
                ImportRow.kind == RowKind.CHANGE,
                ImportRow.is_undone.is_(False),
                ImportRow.conflict == "",
                ImportRow.is_written,
            )
            .order_by(ImportRow.id.desc())
            .limit(AT_ONCE)
        )
    )


def _put_back(row: ImportRow, services: Services) -> None:
    product = products_by_handle([row.handle]).get(row.handle)
    if product is not None:
        settle_prices([product.id], services.clock)
    conflict = _conflict(row, product)
    if not conflict and product is not None:
        try:
            with db.session.begin_nested():
                _restore_stock(row, product, services)
                _restore(row, product, services)
        except (VariantInUseError, SkuTakenError, stock.NotOnShelfError) as error:
            conflict = str(error)
    outcome: dict[str, Any] = (
        {"conflict": conflict[:LONGEST_CONFLICT]} if conflict else {"is_undone": True}
    )
    db.session.execute(update(ImportRow).where(ImportRow.id == row.id).values(**outcome))


def _conflict(row: ImportRow, product: Product | None) -> str:
    """Return how the product differs from what the import made of it; empty where it does not."""
    if product is None:
        return "it is gone"
    now = draft_of(product)
    left = _with_fetched(draft_from(row.after or {}), now)
    if left == now:
        return ""
    told = Change(row.line, wanted=now, current=left, stock=())
    words = [f"{f.name}: {f.before} → {f.after}" for f in (*told.fields, *told.prices)]
    return "; ".join(words) or "it was changed since"


def _with_fetched(left: ProductDraft, now: ProductDraft) -> ProductDraft:
    """Let pictures be those that were fetched meanwhile: nobody changed anything by that."""
    came = {picture.key: picture for picture in now.pictures if picture.content_hash}
    pictures = tuple(
        replace(picture, content_hash=one.content_hash, width=one.width, height=one.height)
        if not picture.content_hash and (one := came.get(picture.key))
        else picture
        for picture in left.pictures
    )
    return replace(left, pictures=pictures)


def _restore(row: ImportRow, product: Product, services: Services) -> None:
    if row.before is not None:
        save_product(draft_from(row.before), services.clock)
        return
    # What was counted or ordered is never deleted: a product that was new leaves the shop.
    product.status = ProductStatus.ARCHIVED
    save_product(draft_of(product), services.clock)


def _restore_stock(row: ImportRow, product: Product, services: Services) -> None:
    by_combination = {variant.combination: variant.id for variant in product.variants}
    for combination, before, after in (row.detail or {}).get("stock", ()):
        delta = (before or 0) - after
        if delta and combination in by_combination:
            stock.adjust(
                by_combination[combination],
                delta,
                cause=f"import {row.import_id} taken back",
                actor="import",
                clock=services.clock,
                kind=MovementKind.IMPORT,
            )
