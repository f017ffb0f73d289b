"""Shipping rates as staff change them: the whole table, written down and taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from store.money import Money
from store.pricing.rates import PriceStep, RateKind
from store.pricing.writing_rates import RateRow, write_rates, written_rows
from store.services import Services
from store.staff.audit import Actor, Thing, Values, record
from store.staff.models import AuditEntry

KIND = "shipping_rates"
THING = Thing(KIND, "1")


def save_rates(rows: Sequence[RateRow], actor: Actor, services: Services) -> None:
    """Put this table in the place of the old one; flushes only. Raises RatesRefusedError."""
    before = _table()
    write_rates(rows)
    record(actor, "rates.written", THING, clock=services.clock, before=before, after=_table())


class RatesUndo:
    def current(self, thing_id: str, fields: Sequence[str], entry: AuditEntry) -> Values | None:
        return _table()

    def restore(self, entry: AuditEntry, values: Values, services: Services, actor: Actor) -> None:
        write_rates([_row(told) for told in values["rates"]])


def _table() -> dict[str, Any]:
    """Return the table that staff wrote; no rows where the one that ships counts."""
    return {"rates": [_told(row) for row in written_rows()]}


def _told(row: RateRow) -> dict[str, Any]:
    told = asdict(row)
    steps = [[step.up_to, step.price.minor] for step in row.steps]
    lists = {"countries": list(row.countries), "regions": list(row.regions), "steps": steps}
    return told | lists | {"kind": row.kind.value}


def _row(told: Mapping[str, Any]) -> RateRow:
    """Return a row as an entry keeps it; entries of long ago know flat rates of countries only."""
    free_over, price = told["free_over"], Money(**told["price"])
    steps = told.get("steps", [])
    return RateRow(
        told["zone"],
        tuple(told["countries"]),
        told["name"],
        price,
        Money(**free_over) if free_over else None,
        told["min_days"],
        told["max_days"],
        tuple(told.get("regions", ())),
        RateKind(told.get("kind", RateKind.FLAT)),
        tuple(PriceStep(up_to, Money(minor, price.currency)) for up_to, minor in steps),
        told.get("pickup_address", ""),
        told.get("pickup_hours", ""),
    )
