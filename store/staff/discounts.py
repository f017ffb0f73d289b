"""Discounts as staff keep them: the list, each edit written down, and the way back."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, select

from store.catalog.models import Collection, Product
from store.clock import Clock
from store.database import db
from store.errors import ConflictError
from store.money import Money
from store.orders.models import Order
from store.pricing.discounts import DiscountKind
from store.pricing.models import COUNTING, Discount, Redemption, RedemptionState, Scope
from store.pricing.writing_discounts import (
    DiscountWanted,
    change_discount,
    discount_of,
    make_discount,
)
from store.services import Services
from store.staff.audit import Actor, Thing, Values, record
from store.staff.changes import money_value
from store.staff.collection_values import product_ids
from store.staff.key_set import Part, part_of
from store.staff.models import AuditEntry
from store.staff.versions import want_unchanged

KIND = "discount"
RECENT = 10


class Look(StrEnum):
    """Which discounts a list shows; what is over has ended, was stopped or is used up."""

    RUNNING = "running"
    COMING = "coming"
    OVER = "over"
    ALL = "all"


def thing_of(discount: Discount) -> Thing:
    return Thing(KIND, str(discount.id), discount.name)


def discounts_in(look: Look, now: datetime, cursor: str) -> Part[Discount]:
    """Return a part of the list, the newest first."""
    wanted = select(Discount).where(*_in(look, now))
    return part_of(wanted, [Discount.id], cursor)


def look_of(discount: Discount, now: datetime) -> Look:
    """Return where a discount stands."""
    is_used_up = discount.most_in_all is not None and discount.taken >= discount.most_in_all
    has_ended = discount.ends_at is not None and discount.ends_at <= now
    if not discount.is_active or has_ended or is_used_up:
        return Look.OVER
    return Look.COMING if discount.starts_at > now else Look.RUNNING


def save_new(wanted: DiscountWanted, actor: Actor, clock: Clock) -> Discount:
    """Write a new discount; raises CodeTakenError. Flushes only."""
    made = make_discount(wanted, clock)
    record(actor, "discount.created", thing_of(made), clock=clock, after=values_of(made))
    return made


def save(
    discount: Discount, wanted: DiscountWanted, opened: str, actor: Actor, clock: Clock
) -> None:
    """Make a locked discount what a form means; flushes only.

    Raises CodeTakenError, LimitBelowUsesError, and EditedMeanwhileError where the discount is not
    what the form was opened on.
    """
    before = values_of(discount)
    want_unchanged(opened, before)
    change_discount(discount, wanted, clock)
    thing = thing_of(discount)
    record(actor, "discount.edited", thing, clock=clock, before=before, after=values_of(discount))


def switch(discount: Discount, actor: Actor, clock: Clock, *, is_active: bool) -> None:
    """Stop a locked discount at once, or let it go on; flushes only."""
    before = values_of(discount)
    discount.is_active, discount.updated_at = is_active, clock.now()
    db.session.flush()
    record(
        actor,
        "discount.resumed" if is_active else "discount.stopped",
        thing_of(discount),
        clock=clock,
        before=before,
        after=values_of(discount),
    )


class DiscountUndo:
    """Puts back what an edit changed; orders that were placed meanwhile keep what they got."""

    def current(self, thing_id: str, fields: Sequence[str], entry: AuditEntry) -> Values | None:
        discount = db.session.get(Discount, int(thing_id))
        if discount is None:
            return None
        values = values_of(discount)
        return {name: values.get(name) for name in fields}

    def restore(self, entry: AuditEntry, values: Values, services: Services, actor: Actor) -> None:
        discount = discount_of(int(entry.thing_id), locked=True)
        change_discount(discount, wanted_from({**values_of(discount), **values}), services.clock)


def values_of(discount: Discount) -> dict[str, Any]:
    """Return a discount as entries keep it."""
    return values_meant(wanted_of(discount))


def values_meant(wanted: DiscountWanted) -> dict[str, Any]:
    """Return what entries would keep of a discount that is wanted."""
    amount, minimum, currency = wanted.amount_minor, wanted.minimum_minor, wanted.currency
    return {
        "name": wanted.name,
        "code": wanted.code,
        "kind": str(wanted.kind),
        "percent": None if wanted.basis_points is None else percent_words(wanted.basis_points),
        "amount": None if amount is None else money_value(Money(amount, currency)),
        "minimum": None if minimum is None else money_value(Money(minimum, currency)),
        "scope": str(wanted.scope),
        "targets": _handles(wanted.scope, wanted.target_ids),
        "combines": wanted.combines,
        "starts_at": wanted.starts_at.isoformat(),
        "ends_at": wanted.ends_at.isoformat() if wanted.ends_at else None,
        "most_in_all": wanted.most_in_all,
        "most_per_reader": wanted.most_per_reader,
        "active": wanted.is_active,
        "currency": currency,
    }


def wanted_of(discount: Discount) -> DiscountWanted:
    return DiscountWanted(
        name=discount.name,
        code=discount.code,
        kind=DiscountKind(discount.kind),
        currency=discount.currency,
        starts_at=discount.starts_at,
        basis_points=discount.basis_points,
        amount_minor=discount.amount_minor,
        minimum_minor=discount.minimum_minor,
        scope=Scope(discount.scope),
        target_ids=tuple(discount.target_ids),
        combines=discount.combines,
        ends_at=discount.ends_at,
        most_in_all=discount.most_in_all,
        most_per_reader=discount.most_per_reader,
        is_active=discount.is_active,
    )


def wanted_from(values: Values) -> DiscountWanted:
    """Return the discount that entries keep; targets that are gone are left out."""
    scope, percent, ends_at = Scope(values["scope"]), values["percent"], values["ends_at"]
    targets = _ids(scope, values["targets"])
    if scope is not Scope.ALL and not targets:
        raise ConflictError("nothing that it was for is left")
    return DiscountWanted(
        name=values["name"],
        code=values["code"],
        kind=DiscountKind(values["kind"]),
        currency=values["currency"],
        starts_at=datetime.fromisoformat(values["starts_at"]),
        basis_points=None if percent is None else int(Decimal(percent) * 100),
        amount_minor=values["amount"]["minor"] if values["amount"] else None,
        minimum_minor=values["minimum"]["minor"] if values["minimum"] else None,
        scope=scope,
        target_ids=tuple(targets),
        combines=values["combines"],
        ends_at=datetime.fromisoformat(ends_at) if ends_at else None,
        most_in_all=values["most_in_all"],
        most_per_reader=values["most_per_reader"],
        is_active=values["active"],
    )


def percent_words(basis_points: int) -> str:
    """Return a percentage as it is written: 10, 12.5."""
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02}".rstrip("0") if rest else str(whole)


def given_by(discount: Discount) -> tuple[int, Money]:
    """Return how many paid orders have it and what it gave them."""
    kept = (RedemptionState.KEPT, RedemptionState.BEYOND)
    number, minor = db.session.execute(
        select(func.count(), func.coalesce(func.sum(Redemption.amount_minor), 0)).where(
            Redemption.discount_id == discount.id, Redemption.state.in_(kept)
        )
    ).one()
    return number, Money(int(minor), discount.currency)


def recent_uses(discount: Discount) -> list[tuple[str, datetime, Money]]:
    """Return the orders that had it last: number, when, and what it gave."""
    rows = db.session.execute(
        select(Order.number, Redemption.at, Redemption.amount_minor)
        .join(Order, Order.id == Redemption.order_id)
        .where(Redemption.discount_id == discount.id, Redemption.state.in_(COUNTING))
        .order_by(Redemption.id.desc())
        .limit(RECENT)
    )
    return [(number, at, Money(minor, discount.currency)) for number, at, minor in rows]


def _in(look: Look, now: datetime) -> list[ColumnElement[bool]]:
    is_used_up = Discount.most_in_all.is_not(None) & (Discount.taken >= Discount.most_in_all)
    has_ended = Discount.ends_at.is_not(None) & (Discount.ends_at <= now)
    is_over = Discount.is_active.is_(False) | has_ended | is_used_up
    match look:
        case Look.ALL:
            return []
        case Look.OVER:
            return [is_over]
        case Look.RUNNING:
            return [~is_over, Discount.starts_at <= now]
        case Look.COMING:
            return [~is_over, Discount.starts_at > now]


def _handles(scope: Scope, target_ids: Sequence[int]) -> list[str]:
    if scope is Scope.ALL:
        return []
    model = Product if scope is Scope.PRODUCTS else Collection
    rows = db.session.execute(select(model.id, model.handle).where(model.id.in_(target_ids)))
    handles = {row.id: row.handle for row in rows}
    return [handles[number] for number in target_ids if number in handles]


def _ids(scope: Scope, handles: Sequence[str]) -> list[int]:
    if scope is Scope.ALL:
        return []
    if scope is Scope.PRODUCTS:
        return product_ids(handles)
    rows = db.session.execute(
        select(Collection.handle, Collection.id).where(Collection.handle.in_(handles))
    )
    ids = {row.handle: row.id for row in rows}
    return [ids[handle] for handle in handles if handle in ids]
