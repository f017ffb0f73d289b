"""What staff do to the shelves: deliveries, corrections, stock-takes, each with its audit entry."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from store.catalog.models import Variant
from store.database import db
from store.errors import ConflictError, InvalidError
from store.inventory import stock
from store.inventory.models import MovementKind
from store.inventory.stocktaking import count_many
from store.services import Services
from store.staff.audit import Actor, Thing, Values, record
from store.staff.models import AuditEntry
from store.staff.shelves import Shelf, shelf_of, shelves_of

KIND = "stock"
LONGEST_CAUSE = 80
_LINE = re.compile(r"(?P<sku>.+?)[\s,;]+(?P<quantity>\d{1,6})")


class UncountedError(ConflictError):
    """Nobody counts this variant; say so on its product first."""


class DeliveryRefusedError(InvalidError):
    """Some lines of a delivery cannot be read or known; nothing was received."""

    def __init__(self, faults: Sequence[tuple[int, str]]) -> None:
        super().__init__(f"{len(faults)} lines are wrong")
        self.faults = faults


class CountedMeanwhileError(ConflictError):
    """Something moved since the count was compared: look again before it is written."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One line of a stock-take: what should lie there, and what does."""

    shelf: Shelf
    units: int

    @property
    def difference(self) -> int:
        return self.units - (self.shelf.on_hand or 0)

    @property
    def missing(self) -> int:
        """Promised units that would not lie there."""
        return max(0, (self.shelf.reserved or 0) - self.units)


def move(
    variant_id: int,
    delta: int,
    *,
    kind: MovementKind,
    cause: str,
    note: str,
    actor: Actor,
    services: Services,
) -> None:
    """Add or take units; flushes only. Raises UncountedError, NotOnShelfError, InvalidError."""
    before = _counted(variant_id)
    stock.adjust(
        variant_id,
        delta,
        cause=cause[:LONGEST_CAUSE],
        actor=actor.name,
        clock=services.clock,
        kind=kind,
        note=note,
    )
    _write_down(before, (before.on_hand or 0) + delta, f"stock.{kind}", actor, services)


def count(
    variant_id: int, units: int, *, cause: str, note: str, actor: Actor, services: Services
) -> int:
    """Set one shelf to what was counted; return promised units that do not lie there."""
    before = _counted(variant_id)
    missing = stock.count(
        variant_id,
        units,
        cause=cause[:LONGEST_CAUSE],
        actor=actor.name,
        clock=services.clock,
        note=note,
    )
    _write_down(before, units, "stock.count", actor, services)
    return missing


def deliver(text: str, reference: str, *, actor: Actor, services: Services) -> int:
    """Receive lines such as "SKU-1, 12", all or none; return the units received.

    Raises DeliveryRefusedError with the number and the fault of every line that is wrong.
    """
    wanted = _read_delivery(text)
    for variant_id, units in sorted(wanted.items()):
        move(
            variant_id,
            units,
            kind=MovementKind.RECEIVE,
            cause=reference or "delivery",
            note="",
            actor=actor,
            services=services,
        )
    return sum(wanted.values())


def compare(units: Mapping[int, int]) -> list[Counted]:
    """Return what a count would change, in the order given; unknown variants are left out."""
    known = shelves_of(list(units))
    return [
        Counted(known[variant_id], number)
        for variant_id, number in units.items()
        if variant_id in known and known[variant_id].on_hand is not None
    ]


def take_stock(
    units: Mapping[int, int],
    expected: Mapping[int, int],
    *,
    cause: str,
    actor: Actor,
    services: Services,
) -> int:
    """Set these shelves to what was counted, if each still is as it was compared.

    Returns how many changed. Raises CountedMeanwhileError and writes nothing where one moved.
    """
    compared = compare(units)
    if any(line.shelf.on_hand != expected.get(line.shelf.variant_id) for line in compared):
        raise CountedMeanwhileError("a shelf moved since it was compared")
    changed = [line for line in compared if line.difference]
    count_many(
        {line.shelf.variant_id: line.units for line in changed},
        cause=cause[:LONGEST_CAUSE],
        actor=actor.name,
        clock=services.clock,
        kind=MovementKind.ADJUST,
    )
    for line in changed:
        _write_down(line.shelf, line.units, "stock.count", actor, services)
    return len(changed)


def thing_of(shelf: Shelf) -> Thing:
    return Thing(KIND, str(shelf.variant_id), shelf.name)


class StockUndo:
    """Puts a shelf back by the opposite movement: the ledger forgets nothing."""

    def current(self, thing_id: str, fields: Sequence[str], entry: AuditEntry) -> Values | None:
        shelf = shelves_of([int(thing_id)]).get(int(thing_id))
        return None if shelf is None else {"on_hand": shelf.on_hand}

    def restore(self, entry: AuditEntry, values: Values, services: Services, actor: Actor) -> None:
        after: Mapping[str, Any] = entry.after or {}
        stock.adjust(
            int(entry.thing_id),
            int(values["on_hand"]) - int(after["on_hand"]),
            cause="taken back",
            actor=actor.name,
            clock=services.clock,
        )


def _counted(variant_id: int) -> Shelf:
    is_tracked = db.session.scalar(select(Variant.tracked).where(Variant.id == variant_id))
    shelf = shelf_of(variant_id)
    if not is_tracked:
        raise UncountedError(f"variant {variant_id} is not counted")
    return shelf


def _write_down(before: Shelf, after: int, act: str, actor: Actor, services: Services) -> None:
    record(
        actor,
        act,
        thing_of(before),
        clock=services.clock,
        before={"on_hand": before.on_hand or 0},
        after={"on_hand": after},
    )


def _read_delivery(text: str) -> dict[int, int]:
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
    read = [(number, _LINE.fullmatch(line)) for number, line in lines if line]
    faults = [(number, "unreadable") for number, found in read if found is None]
    found = [(number, match["sku"], int(match["quantity"])) for number, match in read if match]
    known = _variants_by_sku([sku for _, sku, _ in found])
    wanted: dict[int, int] = {}
    for number, sku, quantity in found:
        variant_id, is_tracked = known.get(sku.casefold(), (0, False))
        if not variant_id:
            faults.append((number, "unknown"))
        elif not is_tracked:
            faults.append((number, "uncounted"))
        elif quantity < 1:
            faults.append((number, "nothing"))
        else:
            wanted[variant_id] = wanted.get(variant_id, 0) + quantity
    if not read:
        faults.append((1, "unreadable"))
    if faults:
        raise DeliveryRefusedError(sorted(faults))
    return wanted


def _variants_by_sku(skus: Sequence[str]) -> dict[str, tuple[int, bool]]:
    rows = db.session.execute(
        select(Variant.sku, Variant.id, Variant.tracked).where(Variant.sku.in_(skus))
    )
    return {(sku or "").casefold(): (number, tracked) for sku, number, tracked in rows}
