"""Tells those who wait that they can buy: once each, in order, and no more than there is for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, update

from store.catalog.models import Product, StockPolicy, Variant
from store.catalog.rows import is_public
from store.database import db, take_turn, writing
from store.inventory.models import StockLevel
from store.newsletter.back_in_stock.messages import mail_back
from store.newsletter.back_in_stock.models import RequestState, StockRequest
from store.newsletter.models import Suppression, SuppressionReason
from store.services import Services

AT_ONCE = 200
HEAD_START = timedelta(days=1)
"""How long what is there is left to those who were told, before the next in line are."""
TOLD_KEPT = timedelta(days=2)
"""Longer than the head start, which counts these rows."""


@dataclass(frozen=True, slots=True)
class _Told:
    """One who was just taken out of the line, with the address that her row no longer holds."""

    request_id: int
    email: str


@dataclass(frozen=True, slots=True)
class _Supply:
    """What there is of a variant; units is None where nobody counts them.

    Limited is what cannot be sold beyond them.
    """

    units: int | None
    is_limited: bool
    is_ahead: bool = False
    """Whether what can be bought is not here yet."""

    @property
    def is_on_shelf(self) -> bool:
        return self.units is None or (self.units > 0 and not self.is_ahead)


def tell_who_waits(services: Services) -> int:
    """Mail those whose turn has come; return how many. Opens a transaction for each variant.

    Turns come with units on the shelf, and at once for all where it is sold without any.
    """
    now = services.clock.now()
    returned = db.session.scalars(_returned(now)).all()
    db.session.rollback()
    return sum(_tell_of(variant_id, services) for variant_id in returned)


def _tell_of(variant_id: int, services: Services) -> int:
    with writing():
        # Two workers that see the same delivery tell its units one after the other.
        take_turn(f"back in stock {variant_id}")
        now = services.clock.now()
        supply = _supply_of(variant_id)
        told = _take_out_of_line(variant_id, _portion(variant_id, supply, now), now)
        for one in told:
            request = db.session.get_one(StockRequest, one.request_id)
            mail_back(request, one.email, services, is_on_shelf=supply.is_on_shelf)
        return len(told)


def _returned(now: datetime) -> Select[int]:
    return (
        select(StockRequest.variant_id)
        .join(Variant, Variant.id == StockRequest.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .join(StockLevel, StockLevel.variant_id == Variant.id, isouter=True)
        .where(StockRequest.state == RequestState.WAITING, is_public(now), _is_there())
        .distinct()
        .order_by(StockRequest.variant_id)
    )


def _is_there() -> ColumnElement[bool]:
    return or_(
        Variant.tracked.is_(False),
        and_(
            Variant.policy != StockPolicy.DENY,
            # What may be sold ahead can be sold out as well, where it is counted.
            or_(StockLevel.to_come.is_(None), _free() + StockLevel.to_come > 0),
        ),
        _free() > 0,
    )


def _free() -> ColumnElement[int]:
    return StockLevel.on_hand - StockLevel.reserved


def _supply_of(variant_id: int) -> _Supply:
    found = db.session.execute(
        select(Variant.tracked, Variant.policy, _free(), StockLevel.to_come)
        .select_from(Variant)
        .join(StockLevel, StockLevel.variant_id == Variant.id, isouter=True)
        .where(Variant.id == variant_id)
    ).one_or_none()
    if found is None:
        return _Supply(units=0, is_limited=True)
    is_tracked, policy, available, to_come = found
    if not is_tracked:
        return _Supply(units=None, is_limited=False)
    ahead = 0 if policy == StockPolicy.DENY else to_come
    return _Supply(
        max(0, available or 0) if ahead is None else (available or 0) + ahead,
        is_limited=ahead is not None,
        is_ahead=(available or 0) <= 0,
    )


def _portion(variant_id: int, supply: _Supply, now: datetime) -> int:
    """Return how many may be told now: the units there, less those told of them lately."""
    if not supply.is_limited:
        return AT_ONCE
    lately = select(func.count()).where(
        StockRequest.variant_id == variant_id,
        StockRequest.state == RequestState.TOLD,
        StockRequest.told_at > now - HEAD_START,
    )
    return min(AT_ONCE, (supply.units or 0) - (db.session.scalar(lately) or 0))


def _take_out_of_line(variant_id: int, portion: int, now: datetime) -> Sequence[_Told]:
    if portion <= 0:
        return ()
    silent = select(Suppression.email_hash).where(Suppression.reason != SuppressionReason.ERASED)
    waiting = StockRequest.state == RequestState.WAITING
    first = db.session.execute(
        select(StockRequest.id, StockRequest.email)
        .where(StockRequest.variant_id == variant_id, waiting)
        .where(StockRequest.email_hash.not_in(silent))
        .order_by(StockRequest.asked_at, StockRequest.id)
        .limit(portion)
    ).all()
    emails = {row.id: row.email for row in first}
    # In one statement with its guard: who left meanwhile, or was told, is not among them.
    moved = db.session.scalars(
        update(StockRequest)
        .where(StockRequest.id.in_(emails), waiting)
        .values(state=RequestState.TOLD, told_at=now, email="", ends_at=now + TOLD_KEPT)
        .returning(StockRequest.id)
        .execution_options(synchronize_session=False)
    ).all()
    db.session.expire_all()
    return [_Told(number, emails[number]) for number in emails if number in set(moved)]
