"""Reads the table of shipping rates, cell by cell, as it was typed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _

from store.catalog.importing import cells
from store.catalog.importing.difference import amount
from store.catalog.importing.formats import Field
from store.catalog.importing.notes import RowRefusedError
from store.money import Money
from store.pricing.places import read_regions
from store.pricing.rates import PriceStep, RateKind
from store.pricing.writing_rates import MOST_ROWS, RateRow

NAMES = (
    "zone",
    "countries",
    "regions",
    "name",
    "kind",
    "price",
    "free_over",
    "min_days",
    "max_days",
    "pickup_address",
    "pickup_hours",
)
LONGEST = {"regions": 2_000, "price": 1_000, "countries": 1_500, "pickup_address": 300}
SPARE_ROWS = 3
MOST_DAYS = 365
MOST_STEPS = 20
MOST_DIGITS = 8


@dataclass(slots=True)
class RateCells:
    """One row as it was typed, and what is wrong with each cell."""

    typed: dict[str, str]
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        # What a list offers first stands there untouched.
        return not any(text.strip() for name, text in self.typed.items() if name != "kind")


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
            "one_country": _("Parts are of one country: name it alone."),
            "unknown_region": _(
                "This country has no such part: give codes of states or postcodes."
            ),
            "many_regions": _("That is more than 120 parts: use prefixes such as 08*."),
            "taken_region": _("A part belongs to one zone only."),
            "pickup_free": _("Picking up costs nothing: leave it at 0."),
            "where": _("Say where it is picked up."),
            "rise": _("Write steps that rise, such as 500: 8.95, 2000: 12.95, *: 19.95."),
            "many": _("A pay page offers five ways at most: drop one."),
            "twice": _("This zone has a way of that name: call one of them something else."),
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
        typed = {
            name: posted.get(f"{name}-{place}", "")[: LONGEST.get(name, 300)] for name in NAMES
        }
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
        "regions": ", ".join(row.regions),
        "name": row.name,
        "kind": row.kind.value,
        "price": steps_text(row) if row.steps else amount(row.price),
        "free_over": amount(row.free_over) if row.free_over else "",
        "min_days": str(row.min_days),
        "max_days": str(row.max_days),
        "pickup_address": row.pickup_address,
        "pickup_hours": row.pickup_hours,
    }


def steps_text(row: RateRow) -> str:
    """Write steps as they are typed: 500: 8.95, *: 12.95; bounds are grams, or money by value."""
    return ", ".join(
        f"{_bound_text(step, row.kind, row.price.currency)}: {amount(step.price)}"
        for step in row.steps
    )


def _bound_text(step: PriceStep, kind: RateKind, currency: str) -> str:
    if step.up_to is None:
        return "*"
    return str(step.up_to) if kind is RateKind.WEIGHT else amount(Money(step.up_to, currency))


def _read(row: RateCells, currency: str) -> RateRow | None:
    zone, name = (" ".join(row.typed[cell].split())[:120] for cell in ("zone", "name"))
    for cell, text in (("zone", zone), ("name", name)):
        if not text:
            row.faults[cell] = str(_("Give it a name."))
    kind = _kind(row)
    price, steps = _price(row, kind, currency)
    free_over = _money(row, "free_over", currency)
    is_pickup = kind is RateKind.PICKUP
    days = (0, 0) if is_pickup else (_days(row, "min_days"), _days(row, "max_days"))
    if row.faults or price is None:
        return None
    countries = tuple(dict.fromkeys(row.typed["countries"].upper().replace(",", " ").split()))
    return RateRow(
        zone,
        countries,
        name,
        price,
        None if is_pickup else free_over,
        *days,
        regions=read_regions(countries[0] if countries else "", row.typed["regions"]),
        kind=kind,
        steps=steps,
        pickup_address=_words(row, "pickup_address") if is_pickup else "",
        pickup_hours=_words(row, "pickup_hours") if is_pickup else "",
    )


def _kind(row: RateCells) -> RateKind:
    try:
        return RateKind(row.typed["kind"] or RateKind.FLAT)
    except ValueError:
        row.faults["kind"] = str(_("Choose one of the list."))
        return RateKind.FLAT


def _price(
    row: RateCells, kind: RateKind, currency: str
) -> tuple[Money | None, tuple[PriceStep, ...]]:
    """Return the price of a flat rate, or zero and the steps of one that depends on something."""
    if kind in {RateKind.WEIGHT, RateKind.VALUE}:
        steps = _steps(row, kind, currency)
        return (Money.zero(currency), steps) if steps else (None, ())
    if kind is RateKind.PICKUP and not row.typed["price"].strip():
        return Money.zero(currency), ()
    price = _money(row, "price", currency)
    if price is None and "price" not in row.faults:
        row.faults["price"] = str(_("Say what it costs; 0 is free."))
    return price, ()


def _steps(row: RateCells, kind: RateKind, currency: str) -> tuple[PriceStep, ...]:
    found: list[PriceStep] = []
    for part in re.split(r"[,;\n]", row.typed["price"]):
        if not part.strip():
            continue
        bound, _colon, price = (piece.strip() for piece in part.partition(":"))
        step = _step(bound, price, kind, currency)
        if step is None or len(found) >= MOST_STEPS:
            row.faults["price"] = str(
                _("Write steps such as 500: 8.95, 2000: 12.95, *: 19.95, at most 20 of them.")
            )
            return ()
        found.append(step)
    if not found:
        row.faults["price"] = str(
            _("Write steps such as 500: 8.95, 2000: 12.95, *: 19.95, at most 20 of them.")
        )
    return tuple(found)


def _step(bound: str, price: str, kind: RateKind, currency: str) -> PriceStep | None:
    try:
        paid = cells.price(price, Field.PRICE, currency)
        if paid is None:
            return None
        if bound == "*":
            return PriceStep(None, paid)
        if kind is RateKind.WEIGHT:
            plain = bound.lower().removesuffix("g").strip()
            is_grams = plain.isascii() and plain.isdigit() and len(plain) <= MOST_DIGITS
            return PriceStep(int(plain), paid) if is_grams else None
        value = cells.price(bound, Field.PRICE, currency)
    except RowRefusedError:
        return None
    return PriceStep(value.minor, paid) if value else None


def _words(row: RateCells, cell: str) -> str:
    return " ".join(row.typed[cell].split())[:300]


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
