"""Every write of staff leaves who, when, before and after; what can be taken back is, once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import select

from store.clock import Clock
from store.database import db
from store.errors import ConflictError, NotFoundError
from store.services import Services
from store.staff import door_log
from store.staff.models import AuditEntry, StaffUser

Values = Mapping[str, Any]
"""What a thing looked like, as JSON: texts, numbers, lists; money as minor units."""
LONGEST_LABEL = 255


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it; by name where it was no person, such as a command."""

    id: int | None
    name: str

    @classmethod
    def of(cls, user: StaffUser) -> "Actor":
        return cls(user.id, user.name)


@dataclass(frozen=True, slots=True)
class Thing:
    """What was changed: a kind such as "product", its id, and what it is called."""

    kind: str
    id: str
    label: str = ""


class Undoable(Protocol):
    """How a kind of thing is looked at and put back; kinds without one cannot be undone."""

    def current(self, thing_id: str, fields: Sequence[str], entry: AuditEntry) -> Values | None:
        """Return these fields as they are now, in the form that entries keep; None: it is gone."""

    def restore(self, entry: AuditEntry, values: Values, services: Services, actor: Actor) -> None:
        """Give the thing these values again; flushes only."""


class NoSuchEntryError(NotFoundError):
    """No entry has this number."""


class NotUndoableError(ConflictError):
    """This kind of act is not taken back by a button, or it was taken back before."""


class ChangedSinceError(ConflictError):
    """The thing is not what the entry made of it: taking back would undo somebody else's work."""

    def __init__(self, expected: Values, found: Values | None) -> None:
        super().__init__("the value has changed since")
        self.expected, self.found = expected, found


def record(
    actor: Actor,
    act: str,
    thing: Thing,
    *,
    clock: Clock,
    before: Values | None = None,
    after: Values | None = None,
    undoes: AuditEntry | None = None,
) -> AuditEntry | None:
    """Write down one act in the open transaction; an edit that changed nothing leaves nothing.

    Of two whole pictures only the fields that differ are kept.
    """
    if before is not None and after is not None:
        before, after = differing(before, after)
        if not before and not after:
            return None
    entry = AuditEntry(
        at=clock.now(),
        actor_id=actor.id,
        actor_name=actor.name,
        act=act,
        kind=thing.kind,
        thing_id=thing.id,
        label=thing.label[:LONGEST_LABEL],
        before=dict(before) if before is not None else None,
        after=dict(after) if after is not None else None,
        undoes_id=undoes.id if undoes else None,
    )
    db.session.add(entry)
    db.session.flush()
    door_log.noted(actor.id, act, thing.kind, thing.id, after or {})
    return entry


def differing(before: Values, after: Values) -> tuple[Values, Values]:
    """Return both with the fields only that are not the same in them."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return (
        {name: before[name] for name in names if name in before},
        {name: after[name] for name in names if name in after},
    )


def history(thing: Thing, *, limit: int = 50) -> Sequence[AuditEntry]:
    """Return what was done to a thing, the newest first."""
    return db.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.kind == thing.kind, AuditEntry.thing_id == thing.id)
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    ).all()


def undone_ids(entries: Sequence[AuditEntry]) -> frozenset[int]:
    """Return which of these were taken back."""
    ids = [entry.id for entry in entries]
    found = db.session.scalars(select(AuditEntry.undoes_id).where(AuditEntry.undoes_id.in_(ids)))
    return frozenset(number for number in found if number is not None)


class Undoing:
    """Takes entries back; the kinds that can be are named where the application is joined."""

    def __init__(self, kinds: Mapping[str, Undoable]) -> None:
        self._kinds = kinds

    def can_undo(self, entry: AuditEntry) -> bool:
        return entry.kind in self._kinds and entry.before is not None and entry.after is not None

    def undo(self, entry_id: int, actor: Actor, services: Services) -> AuditEntry:
        """Put back what the entry changed, inside the open writing scope.

        Raises NoSuchEntryError, NotUndoableError, and ChangedSinceError where the thing is no
        longer what the entry made of it.
        """
        entry = db.session.get(AuditEntry, entry_id)
        if entry is None:
            raise NoSuchEntryError(f"no entry {entry_id}")
        if not self.can_undo(entry) or undone_ids([entry]):
            raise NotUndoableError(f"entry {entry_id} cannot be taken back")
        before, after = dict(entry.before or {}), dict(entry.after or {})
        kind = self._kinds[entry.kind]
        found = kind.current(entry.thing_id, sorted({*before, *after}), entry)
        if found is None or any(found.get(name) != after.get(name) for name in after):
            raise ChangedSinceError(after, found)
        kind.restore(entry, before, services, actor)
        undo = record(
            actor,
            f"{entry.act}.undone",
            Thing(entry.kind, entry.thing_id, entry.label),
            clock=services.clock,
            before=after,
            after=before,
            undoes=entry,
        )
        assert undo is not None
        return undo
