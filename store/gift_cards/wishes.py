"""To whom units of gift cards go that are still in a cart, or in an order that is not paid."""

from collections.abc import Sequence

from sqlalchemy import delete, select

from store.database import db
from store.gift_cards.issuing import Addressee
from store.gift_cards.models import Addressed, CartGift, OrderGift


def gifts_of(line_ids: Sequence[int]) -> dict[int, tuple[Addressee, ...]]:
    """Return to whom units of these lines of a cart go, by line, in the order of asking."""
    if not line_ids:
        return {}
    rows = db.session.scalars(
        select(CartGift).where(CartGift.cart_line_id.in_(line_ids)).order_by(CartGift.id)
    )
    found: dict[int, tuple[Addressee, ...]] = {}
    for row in rows:
        found[row.cart_line_id] = (*found.get(row.cart_line_id, ()), Addressee.of(row))
    return found


def address_units(line_id: int, gift: Addressee, units: int) -> None:
    """Have so many units of a line of a cart go to somebody; flushes only."""
    rows = [CartGift(cart_line_id=line_id) for _ in range(units)]
    for row in rows:
        _write(row, gift)
    db.session.add_all(rows)
    db.session.flush()


def keep_at_most(line_id: int, units: int) -> None:
    """Forget the last gifts of a line that has fewer units than gifts now; flushes only."""
    _forget(_gift_ids(line_id)[units:])


def keep_last(line_id: int, units: int) -> None:
    """Forget all gifts of a line but the last ones; flushes only."""
    found = _gift_ids(line_id)
    _forget(found[: max(0, len(found) - units)])


def forget_gift(line_id: int, place: int) -> bool:
    """Forget the gift at this place among those of a line, from 1; say whether there was one."""
    found = _gift_ids(line_id)
    if not 1 <= place <= len(found):
        return False
    _forget([found[place - 1]])
    return True


def write_gifts(order_line_id: int, gifts: Sequence[Addressee]) -> None:
    """Write down to whom units of an order's line go; flushes only."""
    for gift in gifts:
        row = OrderGift(order_line_id=order_line_id)
        _write(row, gift)
        db.session.add(row)
    db.session.flush()


def forget_wishes(order_line_ids: Sequence[int]) -> None:
    """Forget to whom units of these lines of orders would go; flushes only."""
    db.session.execute(
        delete(OrderGift)
        .where(OrderGift.order_line_id.in_(order_line_ids))
        .execution_options(synchronize_session=False)
    )


def _gift_ids(line_id: int) -> Sequence[int]:
    return db.session.scalars(
        select(CartGift.id).where(CartGift.cart_line_id == line_id).order_by(CartGift.id)
    ).all()


def _forget(gift_ids: Sequence[int]) -> None:
    db.session.execute(
        delete(CartGift)
        .where(CartGift.id.in_(gift_ids))
        .execution_options(synchronize_session=False)
    )


def _write(row: Addressed, gift: Addressee) -> None:
    row.recipient, row.recipient_name = gift.recipient, gift.recipient_name
    row.giver, row.message, row.send_at = gift.giver, gift.message, gift.send_at
