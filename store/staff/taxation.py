"""How tax is reckoned, as staff change it: the whole of it, written down and taken back."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from store.pricing.tax import Taxes, kept_taxes, read_taxes
from store.pricing.writing_taxes import write_taxes, written_taxes
from store.services import Services
from store.staff.audit import Actor, Thing, Values, record
from store.staff.models import AuditEntry

KIND = "taxes"
THING = Thing(KIND, "1")


def save_taxes(taxes: Taxes | None, actor: Actor, services: Services) -> None:
    """Reckon by these from now on, None by the settings; flushes only. Raises TaxesRefusedError."""
    before = _told()
    write_taxes(taxes, services.clock, home=services.settings.country)
    record(actor, "taxes.written", THING, clock=services.clock, before=before, after=_told())


class TaxUndo:
    def current(self, thing_id: str, fields: Sequence[str], entry: AuditEntry) -> Values | None:
        return _told()

    def restore(self, entry: AuditEntry, values: Values, services: Services, actor: Actor) -> None:
        told = cast("Mapping[str, Any] | None", values["tax"])
        write_taxes(
            read_taxes(told) if told else None, services.clock, home=services.settings.country
        )


def _told() -> dict[str, Any]:
    """Return what staff wrote; nothing where the settings count."""
    written = written_taxes()
    return {"tax": kept_taxes(written) if written else None}
