"""What staff decide of the block under stories: every rule as one line, written down and undone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import select

from store.catalog.models import Product
from store.clock import Clock
from store.database import db
from store.services import Services
from store.staff.audit import Actor, Thing, Values, record
from store.staff.models import AuditEntry
from store.widget import rules
from store.widget.models import Block, Pin, QuietTopic, Scope, Synonym, WidgetSwitch

KIND = "story_rule"
SWITCH_KIND = "widget_switch"
SEPARATOR = " | "


class RuleKind(StrEnum):
    PIN = "pin"
    BLOCK = "block"
    QUIET = "quiet"
    SYNONYM = "synonym"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its kind and what it is made of, such as scope, key and handle of a pin."""

    kind: RuleKind
    parts: tuple[str, ...]

    @property
    def line(self) -> str:
        return SEPARATOR.join((self.kind, *self.parts))

    @property
    def thing(self) -> Thing:
        return Thing(KIND, sha256(self.line.encode()).hexdigest(), self.line)

    @classmethod
    def from_line(cls, line: str) -> "Rule":
        kind, *parts = line.split(SEPARATOR)
        return cls(RuleKind(kind), tuple(parts))


@dataclass(frozen=True, slots=True)
class RuleBook:
    """Every rule that stands, kind by kind, the newest first."""

    pins: tuple[Rule, ...]
    blocks: tuple[Rule, ...]
    quiet_topics: tuple[Rule, ...]
    synonyms: tuple[Rule, ...]
    is_silent: bool
    switched_by: str


def rule_book() -> RuleBook:
    switch = db.session.scalar(select(WidgetSwitch))
    return RuleBook(
        pins=_placed(Pin, RuleKind.PIN),
        blocks=_placed(Block, RuleKind.BLOCK),
        quiet_topics=tuple(
            Rule(RuleKind.QUIET, (words,))
            for words in db.session.scalars(select(QuietTopic.words).order_by(QuietTopic.id.desc()))
        ),
        synonyms=tuple(
            Rule(RuleKind.SYNONYM, (word, means))
            for word, means in db.session.execute(
                select(Synonym.word, Synonym.means).order_by(Synonym.id.desc())
            )
        ),
        is_silent=bool(switch and switch.is_silent),
        switched_by=switch.actor if switch else "",
    )


def add(rule: Rule, actor: Actor, clock: Clock) -> None:
    """Let a rule stand; flushes only. Raises NoSuchProductError, NoSuchPlaceError."""
    _ADD[rule.kind](rule.parts, clock)
    record(
        actor,
        "story_rule.added",
        rule.thing,
        clock=clock,
        before={"rule": ""},
        after={"rule": rule.line},
    )


def remove(rule: Rule, actor: Actor, clock: Clock) -> None:
    """Take a rule away; one that is gone already leaves no entry. Flushes only."""
    if _REMOVE[rule.kind](rule.parts):
        record(
            actor,
            "story_rule.removed",
            rule.thing,
            clock=clock,
            before={"rule": rule.line},
            after={"rule": ""},
        )


def switch(actor: Actor, clock: Clock, *, is_silent: bool) -> None:
    """Silence every widget, or end the silence; flushes only."""
    before = rules.is_silent()
    (rules.silence if is_silent else rules.speak)(actor.name, clock)
    record(
        actor,
        "widget.silenced" if is_silent else "widget.speaks",
        Thing(SWITCH_KIND, "1"),
        clock=clock,
        before={"is_silent": before},
        after={"is_silent": is_silent},
    )


class RuleUndo:
    """Puts back a rule that was removed, or takes away one that was added."""

    def current(self, thing_id: str, fields: Sequence[str], entry: AuditEntry) -> Values | None:
        lines = {rule.line for rule in _every(rule_book())}
        written = (entry.after or {}).get("rule") or (entry.before or {}).get("rule", "")
        return {"rule": written if written in lines else ""}

    def restore(self, entry: AuditEntry, values: Values, services: Services, actor: Actor) -> None:
        if values["rule"]:
            rule = Rule.from_line(values["rule"])
            _ADD[rule.kind](rule.parts, services.clock)
        else:
            rule = Rule.from_line((entry.after or {})["rule"])
            _REMOVE[rule.kind](rule.parts)


class SwitchUndo:
    def current(self, thing_id: str, fields: Sequence[str], entry: AuditEntry) -> Values | None:
        return {"is_silent": rules.is_silent()}

    def restore(self, entry: AuditEntry, values: Values, services: Services, actor: Actor) -> None:
        (rules.silence if values["is_silent"] else rules.speak)(actor.name, services.clock)


def _every(book: RuleBook) -> tuple[Rule, ...]:
    return (*book.pins, *book.blocks, *book.quiet_topics, *book.synonyms)


def _placed(model: type[Pin | Block], kind: RuleKind) -> tuple[Rule, ...]:
    rows = db.session.execute(
        select(model.scope, model.key, Product.handle)
        .join(Product, Product.id == model.product_id)
        .order_by(model.id.desc())
    )
    return tuple(Rule(kind, (scope, key, handle)) for scope, key, handle in rows)


def _pin(parts: Sequence[str], clock: Clock) -> None:
    scope, key, handle = parts
    rules.pin(Scope(scope), key, handle, clock)


def _block(parts: Sequence[str], clock: Clock) -> None:
    scope, key, handle = parts
    rules.block(Scope(scope), key, handle, clock)


def _unpin(parts: Sequence[str]) -> bool:
    scope, key, handle = parts
    return rules.unpin(Scope(scope), key, handle)


def _unblock(parts: Sequence[str]) -> bool:
    scope, key, handle = parts
    return rules.unblock(Scope(scope), key, handle)


_ADD: Mapping[RuleKind, Callable[[Sequence[str], Clock], None]] = {
    RuleKind.PIN: _pin,
    RuleKind.BLOCK: _block,
    RuleKind.QUIET: lambda parts, clock: rules.add_quiet_topic(parts[0], clock),
    RuleKind.SYNONYM: lambda parts, clock: rules.add_synonym(parts[0], parts[1], clock),
}
_REMOVE: Mapping[RuleKind, Callable[[Sequence[str]], bool]] = {
    RuleKind.PIN: _unpin,
    RuleKind.BLOCK: _unblock,
    RuleKind.QUIET: lambda parts: rules.remove_quiet_topic(parts[0]),
    RuleKind.SYNONYM: lambda parts: rules.remove_synonym(parts[0], parts[1]),
}
