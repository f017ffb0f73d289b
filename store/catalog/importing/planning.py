"""Compares a file with the shop: what is new, what would change, and what cannot be."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from store.catalog.described import Described, described_by_handle
from store.catalog.describing import with_due_prices
from store.catalog.drafts import DraftRefusedError, ProductDraft, all_skus, check
from store.catalog.filling import variants_with_history
from store.catalog.handles import RESERVED
from store.catalog.importing.difference import Change, StockChange, pairs_of
from store.catalog.importing.formats import Field
from store.catalog.importing.notes import Notes, RowRefusedError
from store.catalog.importing.overlay import overlay
from store.catalog.importing.sheets import ProductSheet
from store.catalog.prices.changing import DuePrice, due_prices
from store.catalog.renaming import moved_from
from store.catalog.saving import owners_of
from store.inventory import stock
from store.inventory.models import StockLevel

ROWS_AT_ONCE = 400
"""How many products and variants are compared and written at once: as many are held in memory."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What one part of an import would do; unchanged counts products."""

    changes: tuple[Change, ...]
    unchanged: int


@dataclass(frozen=True, slots=True)
class _Shop:
    """The products that a part is compared with, their stock, and prices that are to be settled."""

    known: Mapping[str, Described]
    levels: Mapping[int, StockLevel]
    due: Mapping[int, DuePrice]
    moved: Mapping[str, str]
    """Where products stand now, by addresses that they had before."""


@dataclass(frozen=True, slots=True)
class _Meeting:
    """One product as the file says and as the shop has it."""

    sheet: ProductSheet
    wanted: ProductDraft
    current: ProductDraft | None
    lines: Mapping[int, str]
    levels: Mapping[str, StockLevel]


def parts_of(
    sheets: Iterable[ProductSheet], rows_at_once: int = ROWS_AT_ONCE
) -> Iterator[list[ProductSheet]]:
    """Return the products in parts that can be compared and written one without the other.

    Those between which skus move, or which want the same, are the first part, whatever its size.
    """
    together = _entangled(sheets)
    if together:
        yield [sheet for sheet in sheets if sheet.handle in together]
    part, rows = list[ProductSheet](), 0
    for sheet in sheets:
        if sheet.handle in together:
            continue
        rows += 1 + len(sheet.variants)
        if part and rows > rows_at_once:
            yield part
            part, rows = [], 1 + len(sheet.variants)
        part.append(sheet)
    if part:
        yield part


def _entangled(sheets: Iterable[ProductSheet]) -> set[str]:
    handles: set[str] = set()
    claimed: dict[str, str] = {}
    together: set[str] = set()
    for sheet in sheets:
        handles.add(sheet.handle)
        for variant in sheet.variants:
            if sku := variant.said.get("sku"):
                first = claimed.setdefault(sku, sheet.handle)
                if first != sheet.handle:
                    together |= {first, sheet.handle}
    for owner in owners_of(claimed):
        claimant = claimed[owner.sku]
        if owner.handle != claimant and owner.handle in handles:
            together |= {owner.handle, claimant}
    return together


def plan_import(sheets: Sequence[ProductSheet], notes: Notes, now: datetime) -> Plan:
    """Compare the products of one part; refusals and warnings are added to the notes."""
    known = described_by_handle(sheet.handle for sheet in sheets)
    meetings = list(_meetings(sheets, _shop_of(sheets, known, now), notes))
    meetings = _with_single_skus(meetings, notes)
    changes = []
    for meeting in meetings:
        moved = tuple(_stock_changes(meeting, notes))
        if meeting.wanted != meeting.current or moved:
            changes.append(Change(meeting.sheet.line, meeting.wanted, meeting.current, moved))
    return Plan(tuple(changes), len(meetings) - len(changes))


def _shop_of(
    sheets: Sequence[ProductSheet], known: Mapping[str, Described], now: datetime
) -> _Shop:
    levels = stock.levels([number for one in known.values() for number in one.variant_ids])
    # A file is compared before anything may be written, and with what readers see all the same.
    due = due_prices([one.product_id for one in known.values()], now)
    moved = moved_from(sheet.handle for sheet in sheets if sheet.handle not in known)
    return _Shop(known, levels, due, moved)


def _meetings(sheets: Sequence[ProductSheet], shop: _Shop, notes: Notes) -> Iterator[_Meeting]:
    for sheet in sheets:
        try:
            yield _meeting(sheet, shop, notes)
        except (RowRefusedError, DraftRefusedError) as refusal:
            _refuse(sheet, str(refusal), notes)


def _meeting(sheet: ProductSheet, shop: _Shop, notes: Notes) -> _Meeting:
    known = shop.known.get(sheet.handle)
    if known is None and sheet.handle in RESERVED:
        raise RowRefusedError(
            f"{sheet.handle!r} is an address of the shop itself: give the product another handle"
        )
    current = None if known is None else with_due_prices(known.draft, shop.due)
    wanted, lines = overlay(sheet, current, notes)
    check(wanted)
    if known is None and sheet.handle in shop.moved:
        notes.warn(
            sheet.line,
            f"{sheet.handle!r} leads to {shop.moved[sheet.handle]!r} until now:"
            " a product of its own is made there",
        )
    if current is None:
        return _Meeting(sheet, wanted, current, lines, {})
    _refuse_losses(current, wanted)
    counted = {
        variant.combination: level
        for variant in current.variants
        if (level := shop.levels.get(variant.variant_id or 0))
    }
    return _Meeting(sheet, wanted, current, lines, counted)


def _refuse_losses(current: ProductDraft, wanted: ProductDraft) -> None:
    staying = {before.combination for before, _ in pairs_of(current, wanted) if before}
    leaving = {
        variant.variant_id or 0: variant.combination
        for variant in current.variants
        if variant.combination not in staying
    }
    if leaving and (needed := variants_with_history(list(leaving))):
        name = leaving[min(needed)] or "its variant"
        raise RowRefusedError(
            f"its options differ from the shop's, where {name} has a stock history"
        )


def _refuse(sheet: ProductSheet, reason: str, notes: Notes) -> None:
    refused = {note.line for note in notes.refusals[-len(sheet.lines) :]}
    for line in sheet.lines:
        if line not in refused:
            notes.refuse(line, reason)


def _with_single_skus(meetings: Sequence[_Meeting], notes: Notes) -> list[_Meeting]:
    """Leave each sku to one variant: to the one that has it, else to the first that asks."""
    claims: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for meeting in meetings:
        for variant in meeting.wanted.variants:
            if variant.sku:
                claims[variant.sku].append((meeting.wanted.handle, variant.combination))
    winners = {sku: places[0] for sku, places in claims.items()}
    handles = {meeting.wanted.handle for meeting in meetings}
    for owner in owners_of(claims):
        place = (owner.handle, owner.combination)
        if place in claims[owner.sku] or owner.handle not in handles:
            winners[owner.sku] = place
    contested = {sku for sku, places in claims.items() if places != [winners[sku]]}
    return [_without(contested, winners, meeting, notes) for meeting in meetings]


def _without(
    contested: set[str],
    winners: Mapping[str, tuple[str, str]],
    meeting: _Meeting,
    notes: Notes,
) -> _Meeting:
    handle = meeting.wanted.handle
    if contested.isdisjoint(all_skus([meeting.wanted])):
        return meeting
    lines = {combination: line for line, combination in meeting.lines.items()}
    variants = []
    for variant in meeting.wanted.variants:
        sku = variant.sku or ""
        if sku in contested and winners[sku] != (handle, variant.combination):
            other = " / ".join(part for part in winners[sku] if part)
            line = lines.get(variant.combination, meeting.sheet.line)
            notes.warn(line, f"{Field.SKU} {sku} belongs to {other}: left out")
            variants.append(replace(variant, sku=None))
        else:
            variants.append(variant)
    return replace(meeting, wanted=replace(meeting.wanted, variants=tuple(variants)))


def _stock_changes(meeting: _Meeting, notes: Notes) -> Iterator[StockChange]:
    if all(row.quantity is None for row in meeting.sheet.variants):
        return
    wanted = {variant.combination: variant for variant in meeting.wanted.variants}
    before = dict[str, StockLevel]()
    if meeting.current is not None:
        for old, new in pairs_of(meeting.current, meeting.wanted):
            if old is not None and old.combination in meeting.levels:
                before[new.combination] = meeting.levels[old.combination]
    for row in meeting.sheet.variants:
        combination = meeting.lines.get(row.line)
        if row.quantity is None or combination is None or not wanted[combination].tracked:
            continue
        level = before.get(combination)
        if row.quantity != (level.on_hand if level else 0):
            yield StockChange(combination, level.on_hand if level else None, row.quantity)
        if level and row.quantity < level.reserved and row.quantity != level.on_hand:
            notes.warn(
                row.line,
                f"{Field.QUANTITY} {row.quantity} is less than the {level.reserved} promised",
            )
