"""Prints what an import does, in lines that a person reads and a script can end with."""

from collections.abc import Iterable, Iterator

from store.catalog.importing.applying import Import
from store.catalog.importing.difference import Difference, FieldChange, amount
from store.catalog.importing.notes import Note

LONGEST_VALUE = 60
LONGEST_LINE = 240


def difference_lines(prepared: Import) -> Iterator[str]:
    """Return the difference: new, changed, prices and stock apart, then what was refused."""
    told = prepared.differences
    yield f"format: {prepared.format}"
    yield from _section("New", (_new(one) for one in told if one.is_new))
    yield from _section("Changed", (line for one in told for line in _told(one, one.fields)))
    yield from _section("Prices", (line for one in told for line in _told(one, one.prices)))
    yield from _section("Stock", (line for one in told for line in _stock(one)))
    yield from _section("Warnings", _noted(prepared.notes.warnings))
    yield from _section("Refused", _noted(prepared.notes.refusals))
    yield from _section("Remarks", prepared.notes.remarks)


def summary(prepared: Import) -> str:
    """Return the last line; new, changed and unchanged count products, refused counts rows."""
    return summary_line(
        new=prepared.new,
        changed=len(prepared.differences) - prepared.new,
        unchanged=prepared.unchanged,
        warnings=len(prepared.notes.warnings),
        refused=len(prepared.notes.refusals),
    )


def summary_line(**counts: int) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.items())


def printable(text: str, longest: int = LONGEST_LINE) -> str:
    """Return text of a file without what a terminal would obey, and not without end."""
    shown = "".join(char if char.isprintable() else " " for char in text)
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    for place, line in enumerate(lines):
        if place == 0:
            yield ""
            yield f"{title}:"
        yield f"  {printable(line)}"


def _new(one: Difference) -> str:
    low, high = amount(one.lowest), amount(one.highest)
    span = low if low == high else f"{low} to {high}"
    variants = f"{one.variants} variants" if one.variants > 1 else "1 variant"
    return (
        f"{one.handle}: {_short(one.title)}, {one.status}, {variants}, {span} {one.lowest.currency}"
    )


def _told(one: Difference, differences: Iterable[FieldChange]) -> Iterator[str]:
    for told in differences:
        yield f"{one.handle}: {told.name}: {_short(told.before)} → {_short(told.after)}"


def _stock(one: Difference) -> Iterator[str]:
    for moved in one.stock:
        before = "not counted" if moved.before is None else str(moved.before)
        name = f", {moved.combination}" if moved.combination else ""
        yield f"{one.handle}{name}: {before} → {moved.after}"


def _noted(notes: Iterable[Note]) -> list[str]:
    return [f"line {note.line}: {note.text}" for note in sorted(notes)]


def _short(text: str) -> str:
    return printable(text, LONGEST_VALUE)
