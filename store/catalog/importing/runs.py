"""Imports that staff watch: read, compared, written in parts by a worker, and taken back.

A command writes a file in one transaction; here a worker writes a hundred products at a time, so
that readers go on buying meanwhile ([0015]). Whatever stops it half-way, it goes on where it was.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import ClassVar

import structlog
from sqlalchemy import delete, insert, update

from store.catalog.described import described_by_handle
from store.catalog.drafts import DraftRefusedError, ProductDraft
from store.catalog.importing.applying import Import, apply_part, prepare
from store.catalog.importing.difference import Change, Difference, FieldChange
from store.catalog.importing.drafts_kept import kept
from store.catalog.importing.models import ImportRow, ImportState, ProductImport, RowKind
from store.catalog.importing.notes import FileRefusedError, Note
from store.catalog.importing.planning import parts_of
from store.clock import Clock
from store.database import db, take_turn, writing
from store.errors import ConflictError, NotFoundError, StoreError
from store.jobs.outbox import enqueue, is_under_way
from store.jobs.queue import Job
from store.services import Services

ROWS_AT_ONCE = 300
"""How many products and variants are written at once: in between, others have their turn."""
KEPT = timedelta(days=90)
"""How long an import can be looked at and taken back."""
LONGEST_TEXT = 1000
LONGEST_FAULT = 2000

log = structlog.get_logger(__name__)


class NoSuchImportError(NotFoundError):
    """No import has this number."""


class AlreadyFetchingError(ConflictError):
    """A worker fetches the pictures of this import, or is about to."""


class ImportStepRefusedError(ConflictError):
    """The import stands where this step cannot be taken."""


@dataclass(frozen=True, slots=True)
class ReadImport(Job):
    kind: ClassVar[str] = "catalog.read_import"

    import_id: int


@dataclass(frozen=True, slots=True)
class WriteImport(Job):
    kind: ClassVar[str] = "catalog.write_import"

    import_id: int


@dataclass(frozen=True, slots=True)
class FetchImportPictures(Job):
    kind: ClassVar[str] = "catalog.fetch_import_pictures"

    import_id: int


def begin(
    name: str, content: bytes, *, actor: str, clock: Clock, wants_pictures: bool = False
) -> ProductImport:
    """Keep a file and have a worker read it; flushes only."""
    run = ProductImport(
        name=name[:200],
        content=content,
        state=ImportState.READING,
        actor=actor,
        created_at=clock.now(),
        remarks=[],
        wants_pictures=wants_pictures,
    )
    db.session.add(run)
    db.session.flush()
    enqueue(ReadImport(run.id), clock)
    return run


def import_of(import_id: int) -> ProductImport:
    run = db.session.get(ProductImport, import_id)
    if run is None:
        raise NoSuchImportError(f"no import {import_id}")
    return run


def confirm(import_id: int, clock: Clock) -> None:
    """Have a worker write what was compared; flushes only. Raises ImportStepRefusedError."""
    move_on(import_id, {ImportState.READY}, ImportState.WRITING)
    enqueue(WriteImport(import_id), clock)


def fetch_later(import_id: int, clock: Clock) -> None:
    """Have a worker fetch the pictures that are still waited for; flushes only.

    Raises ImportStepRefusedError where nothing was written, and AlreadyFetchingError.
    """
    if import_of(import_id).state not in {ImportState.DONE, ImportState.FAILED}:
        raise ImportStepRefusedError(f"import {import_id} is not written")
    take_turn(f"pictures of import {import_id}")
    if is_fetching(import_id):
        raise AlreadyFetchingError(f"pictures of import {import_id} are being fetched")
    enqueue(FetchImportPictures(import_id), clock)


def is_fetching(import_id: int) -> bool:
    return is_under_way(FetchImportPictures(import_id))


def discard(import_id: int) -> None:
    """Forget a file that was not written; flushes only."""
    move_on(
        import_id,
        {ImportState.READING, ImportState.READY},
        ImportState.DISCARDED,
        content=b"",
    )


def move_on(
    import_id: int, before: Iterable[ImportState], after: ImportState, **values: object
) -> None:
    """Take one step in one conditional statement; raises ImportStepRefusedError."""
    moved = db.session.scalar(
        update(ProductImport)
        .where(ProductImport.id == import_id, ProductImport.state.in_(list(before)))
        .values(state=after, **values)
        .returning(ProductImport.id)
    )
    if moved is None:
        raise ImportStepRefusedError(f"import {import_id} cannot become {after}")


def read_import(import_id: int, services: Services) -> None:
    """Compare the file with the shop and keep the difference; done twice it is done once."""
    run = import_of(import_id)
    if run.state != ImportState.READING:
        return
    try:
        prepared = prepare(run.content, services.settings.currency, services.clock.now())
    except FileRefusedError as refused:
        fault = str(refused)[:LONGEST_FAULT]
        with writing():
            move_on(import_id, {ImportState.READING}, ImportState.REFUSED, fault=fault, content=b"")
        return
    with writing():
        move_on(import_id, {ImportState.READING}, ImportState.READY, **_summary(prepared))
        for part in _parts(_rows(import_id, prepared)):
            db.session.execute(insert(ImportRow), part)


def write_import(import_id: int, services: Services) -> None:
    """Write what is left of an import, part by part; the last part ends it."""
    run = import_of(import_id)
    if run.state != ImportState.WRITING:
        return
    name, wants_pictures = run.name, run.wants_pictures
    prepared = prepare(run.content, services.settings.currency, services.clock.now())
    try:
        for part in parts_of(prepared.sheets, ROWS_AT_ONCE):
            with writing():
                _write(import_id, apply_part(prepared, part, source=name, clock=services.clock))
    except (ConflictError, DraftRefusedError) as error:
        log.warning("import_failed", import_id=import_id, error=type(error).__name__)
        _fail(import_id, error, services)
        return
    with writing():
        move_on(
            import_id,
            {ImportState.WRITING},
            ImportState.DONE,
            content=b"",
            finished_at=services.clock.now(),
        )
        if wants_pictures:
            fetch_later(import_id, services.clock)


def _fail(import_id: int, error: StoreError, services: Services) -> None:
    with writing():
        move_on(
            import_id,
            {ImportState.WRITING},
            ImportState.FAILED,
            content=b"",
            fault=str(error)[:LONGEST_FAULT],
            finished_at=services.clock.now(),
        )


def _write(import_id: int, written: Sequence[Change]) -> None:
    standing = described_by_handle(change.wanted.handle for change in written)
    for change in written:
        _keep(import_id, change, standing[change.wanted.handle].draft)
    db.session.execute(
        update(ProductImport)
        .where(ProductImport.id == import_id)
        .values(written=ProductImport.written + len(written))
    )


def _keep(import_id: int, change: Change, after: ProductDraft) -> None:
    """Keep the whole product before and after, so that it can be put back."""
    db.session.execute(
        update(ImportRow)
        .where(
            ImportRow.import_id == import_id,
            ImportRow.kind == RowKind.CHANGE,
            ImportRow.handle == change.wanted.handle,
        )
        .values(
            before=kept(change.current) if change.current else None,
            after=kept(after),
            is_new=change.is_new,
            detail=_detail(change.outline()),
            is_written=True,
        )
    )


def _summary(prepared: Import) -> dict[str, object]:
    return {
        "format": prepared.format[:200],
        "total": len(prepared.differences),
        "unchanged": prepared.unchanged,
        "warnings": len(prepared.notes.warnings),
        "refusals": len(prepared.notes.refusals),
        "remarks": list(prepared.notes.remarks),
    }


def _rows(import_id: int, prepared: Import) -> Iterable[dict[str, object]]:
    for told in prepared.differences:
        yield {
            "import_id": import_id,
            "kind": RowKind.CHANGE,
            "line": told.line,
            "text": "",
            "handle": told.handle,
            "title": told.title,
            "is_new": told.is_new,
            "detail": _detail(told),
            "is_written": False,
            "is_undone": False,
            "conflict": "",
        }
    yield from _notes(import_id, RowKind.WARNING, prepared.notes.warnings)
    yield from _notes(import_id, RowKind.REFUSAL, prepared.notes.refusals)


def _notes(import_id: int, kind: RowKind, notes: Iterable[Note]) -> Iterable[dict[str, object]]:
    for note in sorted(notes):
        yield {
            "import_id": import_id,
            "kind": kind,
            "line": note.line,
            "text": note.text[:LONGEST_TEXT],
            "handle": "",
            "title": "",
            "is_new": False,
            "detail": None,
            "is_written": False,
            "is_undone": False,
            "conflict": "",
        }


def _detail(told: Difference) -> dict[str, object]:
    return {
        "status": told.status,
        "variants": told.variants,
        "fields": [_told(field) for field in told.fields],
        "prices": [_told(field) for field in told.prices],
        "stock": [[moved.combination, moved.before, moved.after] for moved in told.stock],
    }


def _told(field: FieldChange) -> list[str]:
    return [field.name, field.before[:200], field.after[:200]]


def _parts(rows: Iterable[dict[str, object]]) -> Iterable[list[dict[str, object]]]:
    remaining = iter(rows)
    while part := list(islice(remaining, 500)):
        yield part


def forget_imports(clock: Clock) -> None:
    """Delete imports that nobody will take back any more, with all that they kept."""
    with writing():
        db.session.execute(
            delete(ProductImport).where(ProductImport.created_at < clock.now() - KEPT)
        )
