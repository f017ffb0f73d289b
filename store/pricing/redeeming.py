"""Takes and gives back uses of discounts: one conditional statement each, a CHECK behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update

from store.database import db, take_turn
from store.errors import ConflictError
from store.pricing.models import COUNTING, Discount, Redemption, RedemptionState
from store.pricing.totals import Reduction


class DiscountGoneError(ConflictError):
    """A discount that the cart was shown has ended, was stopped, or its last use went elsewhere."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the discount {name!r} cannot be had any more")
        self.name = name


@dataclass(frozen=True, slots=True)
class Claim:
    """Whose uses these are: an order, the cart that it is of, and the reader's hash if known."""

    order_id: int
    holder: int | None
    reader: str
    now: datetime


def take(reductions: Sequence[Reduction], claim: Claim) -> None:
    """Take one use of each for an order that is being placed; raises DiscountGoneError.

    Call it after the stock was taken: whoever lets go of an order goes the same way round.
    """
    for reduction in sorted(reductions, key=lambda reduction: reduction.key):
        _check_reader(reduction, claim)
        if not _take_one(reduction.key, claim.now):
            raise DiscountGoneError(reduction.name)
        db.session.add(
            Redemption(
                discount_id=reduction.key,
                order_id=claim.order_id,
                holder=claim.holder,
                reader=claim.reader,
                name=reduction.name,
                code=reduction.code,
                is_shipping=bool(reduction.shipping),
                amount_minor=reduction.amount.minor,
                at=claim.now,
            )
        )
    db.session.flush()


def keep(uses: Sequence[Redemption]) -> list[Redemption]:
    """Keep the uses of an order that was paid; return those that went to others meanwhile.

    What was given back is taken again if there is room. Else it stays given: the reader paid what
    she was shown.
    """
    beyond = []
    for use in sorted(uses, key=lambda use: use.discount_id):
        if use.state == RedemptionState.RETURNED and not _take_again(use.discount_id):
            use.state = RedemptionState.BEYOND
            beyond.append(use)
        elif use.state != RedemptionState.BEYOND:
            use.state = RedemptionState.KEPT
    db.session.flush()
    return beyond


def give_back(uses: Sequence[Redemption]) -> None:
    """Let others have the uses of an order that can no longer be paid."""
    for use in sorted(uses, key=lambda use: use.discount_id):
        if use.state == RedemptionState.HELD:
            use.state = RedemptionState.RETURNED
            db.session.execute(
                update(Discount)
                .where(Discount.id == use.discount_id)
                .values(taken=Discount.taken - 1)
                .execution_options(synchronize_session=False)
            )
    db.session.flush()


def uses_by_reader(discount_id: int, reader: str, *, but: int | None = None) -> int:
    """Return how many orders of this address have it; the open one of a cart is left out."""
    counted = (
        select(func.count())
        .select_from(Redemption)
        .where(
            Redemption.discount_id == discount_id,
            Redemption.reader == reader,
            Redemption.state.in_(COUNTING),
        )
    )
    if but is not None:
        own = (Redemption.holder == but) & (Redemption.state == RedemptionState.HELD)
        counted = counted.where(own.is_not(True))
    return db.session.scalars(counted).one()


def held_by_cart(cart_id: int) -> frozenset[int]:
    """Return the discounts of which the open order of this cart holds a use."""
    return frozenset(
        db.session.scalars(
            select(Redemption.discount_id).where(
                Redemption.holder == cart_id, Redemption.state == RedemptionState.HELD
            )
        )
    )


def _check_reader(reduction: Reduction, claim: Claim) -> None:
    limit = db.session.scalar(select(Discount.most_per_reader).where(Discount.id == reduction.key))
    if limit is None:
        return
    if not claim.reader:
        raise DiscountGoneError(reduction.name)
    take_turn(f"discount:{reduction.key}:{claim.reader}")
    if uses_by_reader(reduction.key, claim.reader) >= limit:
        raise DiscountGoneError(reduction.name)


def _take_one(discount_id: int, now: datetime) -> bool:
    taken = db.session.scalar(
        update(Discount)
        .where(
            Discount.id == discount_id,
            Discount.is_active,
            Discount.starts_at <= now,
            Discount.ends_at.is_(None) | (Discount.ends_at > now),
            Discount.most_in_all.is_(None) | (Discount.taken < Discount.most_in_all),
        )
        .values(taken=Discount.taken + 1)
        .returning(Discount.id)
        .execution_options(synchronize_session=False)
    )
    return taken is not None


def _take_again(discount_id: int) -> bool:
    taken = db.session.scalar(
        update(Discount)
        .where(
            Discount.id == discount_id,
            Discount.most_in_all.is_(None) | (Discount.taken < Discount.most_in_all),
        )
        .values(taken=Discount.taken + 1)
        .returning(Discount.id)
        .execution_options(synchronize_session=False)
    )
    return taken is not None
