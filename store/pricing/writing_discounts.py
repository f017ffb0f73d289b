"""Writes discounts as staff mean them; what was redeemed keeps what it was given."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from store.clock import Clock
from store.database import db
from store.errors import ConflictError, NotFoundError
from store.pricing.discounts import DiscountKind
from store.pricing.models import Discount, Scope
from store.pricing.offers import code_key


class NoSuchDiscountError(NotFoundError):
    """No discount has this number."""


class CodeTakenError(ConflictError):
    """Another discount has this code, in whatever case."""


class LimitBelowUsesError(ConflictError):
    """More orders have the discount than it would be for."""

    def __init__(self, taken: int) -> None:
        super().__init__(f"{taken} orders have it")
        self.taken = taken


@dataclass(frozen=True, slots=True)
class DiscountWanted:
    """A discount as somebody means it; amounts in minor units of the currency."""

    name: str
    code: str
    """Empty where it needs none."""
    kind: DiscountKind
    currency: str
    starts_at: datetime
    basis_points: int | None = None
    amount_minor: int | None = None
    minimum_minor: int | None = None
    scope: Scope = Scope.ALL
    target_ids: tuple[int, ...] = ()
    combines: bool = False
    ends_at: datetime | None = None
    most_in_all: int | None = None
    most_per_reader: int | None = None
    is_active: bool = True


def discount_of(discount_id: int, *, locked: bool = False) -> Discount:
    """Return a discount as it stands; locked until the open transaction ends where it is asked."""
    wanted = select(Discount).where(Discount.id == discount_id)
    if locked:
        wanted = wanted.with_for_update()
    found = db.session.scalar(wanted.execution_options(populate_existing=True))
    if found is None:
        raise NoSuchDiscountError(f"no discount {discount_id}")
    return found


def make_discount(wanted: DiscountWanted, clock: Clock) -> Discount:
    """Write a new one; raises CodeTakenError. Flushes only."""
    made = Discount(created_at=clock.now(), taken=0)
    _fill(made, wanted, clock)
    return made


def change_discount(discount: Discount, wanted: DiscountWanted, clock: Clock) -> None:
    """Make a locked discount what is wanted; raises CodeTakenError, LimitBelowUsesError."""
    if wanted.most_in_all is not None and wanted.most_in_all < discount.taken:
        raise LimitBelowUsesError(discount.taken)
    _fill(discount, wanted, clock)


def _fill(discount: Discount, wanted: DiscountWanted, clock: Clock) -> None:
    key = code_key(wanted.code) or None
    with db.session.no_autoflush:
        owner = (
            db.session.scalar(select(Discount.id).where(Discount.code_key == key)) if key else None
        )
    if owner is not None and owner != discount.id:
        raise CodeTakenError(wanted.code)
    discount.name, discount.code, discount.code_key = wanted.name, wanted.code, key
    discount.kind, discount.currency = wanted.kind, wanted.currency
    discount.basis_points, discount.amount_minor = wanted.basis_points, wanted.amount_minor
    discount.minimum_minor = wanted.minimum_minor
    discount.scope, discount.target_ids = wanted.scope, list(wanted.target_ids)
    discount.combines, discount.is_active = wanted.combines, wanted.is_active
    discount.starts_at, discount.ends_at = wanted.starts_at, wanted.ends_at
    discount.most_in_all, discount.most_per_reader = wanted.most_in_all, wanted.most_per_reader
    discount.updated_at = clock.now()
    db.session.add(discount)
    db.session.flush()
