"""Shipping rates as staff change them: the whole table, written down and taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from store.money import Money
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
    return {"rates": [{**asdict(row), "countries": list(row.countries)} for row in written_rows()]}


def _row(told: Mapping[str, Any]) -> RateRow:
    free_over = told["free_over"]
    return RateRow(
        told["zone"],
        tuple(told["countries"]),
        told["name"],
        Money(**told["price"]),
        Money(**free_over) if free_over else None,
        told["min_days"],
        told["max_days"],
    )
