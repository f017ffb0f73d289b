"""Reads the table of shipping rates, cell by cell, as it was typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _

from store.catalog.importing import cells
from store.catalog.importing.difference import amount
from store.catalog.importing.formats import Field
from store.catalog.importing.notes import RowRefusedError
from store.money import Money
from store.pricing.writing_rates import MOST_ROWS, RateRow

NAMES = ("zone", "countries", "name", "price", "free_over", "min_days", "max_days")
SPARE_ROWS = 3
MOST_DAYS = 365


@dataclass(slots=True)
class RateCells:
    """One row as it was typed, and what is wrong with each cell."""

    typed: dict[str, str]
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        return not any(text.strip() for text in self.typed.values())


@dataclass(slots=True)
class RateTable:
    """The whole form; `rows` are those that were filled in."""

    cells: list[RateCells]
    rows: list[RateRow] = field(default_factory=list)

    @property
    def has_faults(self) -> bool:
        return any(row.faults for row in self.cells)

    @property
    def filled(self) -> list[RateCells]:
        return [row for row in self.cells if not row.is_blank]

    def refuse(self, faults: Sequence[tuple[int, str, str]]) -> None:
        words = {
            "unknown": _("Give codes of two letters that parcels go to, or * for the rest."),
            "differ": _("Rows of one zone have the same countries."),
            "taken": _("A country belongs to one zone only."),
            "order": _("This is less than the first number of days."),
            "step": _("Stripe moves this currency in steps of ten."),
        }
        for place, name, reason in faults:
            self.filled[place].faults[name] = str(words[reason])


def table_of(rows: Sequence[RateRow]) -> RateTable:
    """Return the form of a table that stands, with room for more."""
    shown = [RateCells(_typed(row)) for row in rows]
    spare = [RateCells(dict.fromkeys(NAMES, "")) for _ in range(SPARE_ROWS)]
    return RateTable([*shown, *spare][:MOST_ROWS], list(rows))


def read_table(posted: Mapping[str, str], currency: str) -> RateTable:
    """Return what was typed; faulty cells keep their text."""
    table = RateTable([])
    for place in range(MOST_ROWS):
        typed = {name: posted.get(f"{name}-{place}", "")[:200] for name in NAMES}
        if f"zone-{place}" in posted:
            table.cells.append(RateCells(typed))
    for row in table.filled:
        read = _read(row, currency)
        if read is not None:
            table.rows.append(read)
    return table


def _typed(row: RateRow) -> dict[str, str]:
    return {
        "zone": row.zone,
        "countries": " ".join(row.countries),
        "name": row.name,
        "price": amount(row.price),
        "free_over": amount(row.free_over) if row.free_over else "",
        "min_days": str(row.min_days),
        "max_days": str(row.max_days),
    }


def _read(row: RateCells, currency: str) -> RateRow | None:
    zone, name = (" ".join(row.typed[cell].split())[:120] for cell in ("zone", "name"))
    for cell, text in (("zone", zone), ("name", name)):
        if not text:
            row.faults[cell] = str(_("Give it a name."))
    price = _money(row, "price", currency)
    if price is None and "price" not in row.faults:
        row.faults["price"] = str(_("Say what it costs; 0 is free."))
    free_over = _money(row, "free_over", currency)
    days = [_days(row, cell) for cell in ("min_days", "max_days")]
    if row.faults or price is None:
        return None
    countries = tuple(dict.fromkeys(row.typed["countries"].upper().replace(",", " ").split()))
    return RateRow(zone, countries, name, price, free_over, *days)


def _money(row: RateCells, cell: str, currency: str) -> Money | None:
    try:
        return cells.price(row.typed[cell], Field.PRICE, currency)
    except RowRefusedError:
        row.faults[cell] = str(_("Write an amount such as 8.95."))
        return None


def _days(row: RateCells, cell: str) -> int:
    text = row.typed[cell].strip()
    if text.isascii() and text.isdigit() and int(text[:5]) <= MOST_DAYS:
        return int(text)
    row.faults[cell] = str(_("Working days, as a number."))
    return 0
