"""Prints what an import does, in lines that a person reads and a script can end with."""

from collections.abc import Iterable, Iterator, Sequence

from store.catalog.importing.applying import Import
from store.catalog.importing.difference import Change, FieldChange, amount
from store.catalog.importing.notes import Note

LONGEST_VALUE = 60
LONGEST_LINE = 240


def difference_lines(prepared: Import) -> Iterator[str]:
    """Return the difference: new, changed, prices and stock apart, then what was refused."""
    changes = prepared.plan.changes
    yield f"format: {prepared.columns.format}"
    yield from _section("New", [_new(change) for change in changes if change.is_new])
    yield from _section(
        "Changed", [line for change in changes for line in _told(change, change.fields)]
    )
    yield from _section(
        "Prices", [line for change in changes for line in _told(change, change.prices)]
    )
    yield from _section("Stock", [line for change in changes for line in _stock(change)])
    yield from _section("Warnings", _noted(prepared.notes.warnings))
    yield from _section("Refused", _noted(prepared.notes.refusals))
    yield from _section("Remarks", prepared.notes.remarks)


def summary(prepared: Import) -> str:
    """Return the last line; new, changed and unchanged count products, refused counts rows."""
    new = sum(change.is_new for change in prepared.plan.changes)
    return summary_line(
        new=new,
        changed=len(prepared.plan.changes) - new,
        unchanged=prepared.plan.unchanged,
        warnings=len(prepared.notes.warnings),
        refused=len(prepared.notes.refusals),
    )


def summary_line(**counts: int) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.items())


def printable(text: str, longest: int = LONGEST_LINE) -> str:
    """Return text of a file without what a terminal would obey, and not without end."""
    shown = "".join(char if char.isprintable() else " " for char in text)
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"


def _section(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield f"{title}:"
        yield from (f"  {printable(line)}" for line in lines)


def _new(change: Change) -> str:
    wanted, prices = change.wanted, [variant.price for variant in change.wanted.variants]
    lowest, highest = min(prices), max(prices)
    span = amount(lowest) if lowest == highest else f"{amount(lowest)} to {amount(highest)}"
    variants = f"{len(prices)} variants" if len(prices) > 1 else "1 variant"
    return (
        f"{wanted.handle}: {_short(wanted.title)}, {wanted.status}, {variants},"
        f" {span} {lowest.currency}"
    )


def _told(change: Change, differences: Iterable[FieldChange]) -> Iterator[str]:
    for told in differences:
        yield f"{change.wanted.handle}: {told.name}: {_short(told.before)} → {_short(told.after)}"


def _stock(change: Change) -> Iterator[str]:
    for moved in change.stock:
        before = "not counted" if moved.before is None else str(moved.before)
        name = f", {moved.combination}" if moved.combination else ""
        yield f"{change.wanted.handle}{name}: {before} → {moved.after}"


def _noted(notes: Iterable[Note]) -> list[str]:
    return [f"line {note.line}: {note.text}" for note in sorted(notes)]


def _short(text: str) -> str:
    return printable(text, LONGEST_VALUE)
