"""What readers wait for, as staff see and steer it: sales ahead of a delivery, and the queues."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from store.catalog.following import facts_changed
from store.catalog.models import Product, StockPolicy, Variant
from store.database import db
from store.errors import ConflictError, NotFoundError
from store.inventory import stock
from store.inventory.models import QueuePlace, QueueState, StockLevel
from store.orders.ahead.models import SoldAhead
from store.orders.ahead.moving import expect
from store.orders.ahead.served import missing_units
from store.orders.models import OrderLine
from store.services import Services
from store.staff.audit import Actor, Thing, Values, record
from store.staff.models import AuditEntry
from store.waiting.left_carts.models import CartLinkDay

KIND = "ahead"


class UncountedAheadError(ConflictError):
    """Nobody counts this: it is sold without end, and needs no day."""


@dataclass(frozen=True, slots=True)
class AheadTerms:
    """Whether a variant is sold before it is here, from when it leaves, and how many of it."""

    is_ahead: bool
    ships_on: date | None = None
    to_come: int | None = None

    def kept(self) -> dict[str, object]:
        day = self.ships_on.isoformat() if self.ships_on else None
        return {"ahead": self.is_ahead, "ships_on": day, "to_come": self.to_come}


@dataclass(frozen=True, slots=True)
class AheadRow:
    """One variant that is sold ahead, or whose readers still wait for it."""

    variant_id: int
    name: str
    terms: AheadTerms
    on_hand: int
    orders: int
    """Orders that wait for units of it."""
    units: int
    """Units that were paid for and are not here."""

    def is_late(self, today: date) -> bool:
        day = self.terms.ships_on
        return day is not None and day < today and self.units > 0


@dataclass(frozen=True, slots=True)
class QueueRow:
    variant_id: int
    name: str
    waiting: int
    called: int


def ahead_rows() -> Sequence[AheadRow]:
    """Return what is sold ahead, what leaves first on top; what has no day comes last."""
    missing = missing_units()
    lines = db.session.execute(
        select(OrderLine.id, OrderLine.order_id, OrderLine.variant_id).where(
            OrderLine.id.in_(missing)
        )
    ).all()
    orders: dict[int, set[int]] = {}
    units: dict[int, int] = {}
    for line_id, order_id, variant_id in lines:
        if variant_id is None:
            continue
        orders.setdefault(variant_id, set()).add(order_id)
        units[variant_id] = units.get(variant_id, 0) + missing[line_id]
    found = db.session.execute(
        select(Variant, Product.title, StockLevel)
        .join(Product, Product.id == Variant.product_id)
        .join(StockLevel, StockLevel.variant_id == Variant.id)
        .where((Variant.policy == StockPolicy.PREORDER) | Variant.id.in_(units))
        .order_by(StockLevel.comes_on.is_(None), StockLevel.comes_on, Product.title, Variant.id)
    )
    return [
        AheadRow(
            variant.id,
            _name(title, variant.combination),
            _terms(variant, level),
            level.on_hand,
            len(orders.get(variant.id, ())),
            units.get(variant.id, 0),
        )
        for variant, title, level in found
    ]


def queue_rows() -> Sequence[QueueRow]:
    """Return the queues of this moment, the longest on top."""
    counts: dict[int, dict[str, int]] = {}
    rows = db.session.execute(
        select(QueuePlace.variant_id, QueuePlace.state, func.count())
        .where(QueuePlace.state.in_((QueueState.WAITING, QueueState.CALLED)))
        .group_by(QueuePlace.variant_id, QueuePlace.state)
    )
    for variant_id, state, places in rows:
        counts.setdefault(variant_id, {})[state] = places
    names = db.session.execute(
        select(Variant.id, Product.title, Variant.combination)
        .join(Product, Product.id == Variant.product_id)
        .where(Variant.id.in_(counts))
    )
    found = [
        QueueRow(
            variant_id,
            _name(title, combination),
            counts[variant_id].get(QueueState.WAITING, 0),
            counts[variant_id].get(QueueState.CALLED, 0),
        )
        for variant_id, title, combination in names
    ]
    return sorted(found, key=lambda row: (-row.waiting - row.called, row.name))


def late_count(today: date) -> int:
    """Return how many variants are sold ahead for a day that has passed."""
    return sum(row.is_late(today) for row in ahead_rows())


def told_another_day(variant_id: int, day: date | None) -> int:
    """Return how many orders would be told of this day, because they were told another."""
    missing = missing_units()
    rows = db.session.scalars(
        select(OrderLine.order_id)
        .join(SoldAhead, SoldAhead.order_line_id == OrderLine.id)
        .where(
            SoldAhead.variant_id == variant_id,
            SoldAhead.told_on.is_distinct_from(day),
            OrderLine.id.in_(missing),
        )
        .distinct()
    )
    return len(rows.all())


def variant_called(variant_id: int) -> tuple[Variant, str]:
    """Return a variant and its name; raises NotFoundError."""
    variant = db.session.get(Variant, variant_id)
    if variant is None:
        raise NotFoundError(f"no variant {variant_id}")
    return variant, _name(variant.product.title, variant.combination)


def terms_of(variant: Variant) -> AheadTerms:
    return _terms(variant, stock.levels([variant.id]).get(variant.id))


def set_terms(
    variant_id: int, terms: AheadTerms, services: Services, *, actor: Actor, all_variants: bool
) -> int:
    """Sell a variant ahead on these terms, or no longer; return how many variants changed.

    Raises UncountedAheadError. Flushes only; readers who were told another day are told by a
    worker.
    """
    variant, _ = variant_called(variant_id)
    wanted = [one for one in variant.product.variants if all_variants or one.id == variant_id]
    if not variant.tracked:
        raise UncountedAheadError(f"variant {variant_id} is not counted")
    changed = 0
    for one in wanted:
        if one.tracked and terms_of(one) != terms:
            _set(one, terms, services, actor)
            changed += 1
    facts_changed([variant.product_id], services.clock.now())
    return changed


def cart_links(since: date, until: date) -> Sequence[CartLinkDay]:
    """Return how many carts were mailed and came back, by day; days without any are left out."""
    days = select(CartLinkDay).where(CartLinkDay.day >= since, CartLinkDay.day <= until)
    return db.session.scalars(days.order_by(CartLinkDay.day)).all()


class AheadUndo:
    """Puts the terms back; whoever was told of a day is told of the one before again."""

    def current(self, thing_id: str, fields: Sequence[str], entry: AuditEntry) -> Values | None:
        variant = db.session.get(Variant, int(thing_id))
        if variant is None:
            return None
        now: Mapping[str, object] = terms_of(variant).kept()
        return {name: now[name] for name in fields}

    def restore(self, entry: AuditEntry, values: Values, services: Services, actor: Actor) -> None:
        variant, _ = variant_called(int(entry.thing_id))
        before = {**terms_of(variant).kept(), **values}
        day = before["ships_on"]
        terms = AheadTerms(
            bool(before["ahead"]), date.fromisoformat(day) if day else None, before["to_come"]
        )
        _apply(variant, terms, services)
        facts_changed([variant.product_id], services.clock.now())


def _set(variant: Variant, terms: AheadTerms, services: Services, actor: Actor) -> None:
    before = terms_of(variant).kept()
    _apply(variant, terms, services)
    after = terms.kept()
    differs = [name for name in after if after[name] != before[name]]
    record(
        actor,
        "ahead.set",
        Thing(KIND, str(variant.id), _name(variant.product.title, variant.combination)),
        clock=services.clock,
        before={name: before[name] for name in differs},
        after={name: after[name] for name in differs},
    )


def _apply(variant: Variant, terms: AheadTerms, services: Services) -> None:
    policy = StockPolicy.PREORDER if terms.is_ahead else StockPolicy.DENY
    # What is sold again as soon as it is back stays so: it was never a pre-order.
    if terms.is_ahead or variant.policy == StockPolicy.PREORDER:
        variant.policy = policy
        stock.set_policy(variant.id, may_oversell=terms.is_ahead)
    variant.product.updated_at = services.clock.now()
    expect(variant.id, ships_on=terms.ships_on, to_come=terms.to_come, services=services)
    db.session.flush()


def _terms(variant: Variant, level: StockLevel | None) -> AheadTerms:
    return AheadTerms(
        variant.policy == StockPolicy.PREORDER,
        level.comes_on if level else None,
        level.to_come if level else None,
    )


def _name(title: str, combination: str) -> str:
    return f"{title}, {combination}" if combination else title
