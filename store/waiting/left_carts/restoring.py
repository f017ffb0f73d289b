"""Puts what lies in one cart into another, as its reader asks by the link: nothing is lost."""

from dataclasses import dataclass

from sqlalchemy import select

from store.cart.basket import MOST_LINES, MOST_OF_ONE, touch
from store.cart.models import Cart, CartLine
from store.catalog.queries import UnknownVariantError, sellable_variant
from store.clock import Clock
from store.database import db
from store.services import Services
from store.waiting.left_carts.mailing import count
from store.waiting.left_carts.models import CartLink


@dataclass(frozen=True, slots=True)
class Restored:
    """How many different things are in the cart again, and how many are not sold any more."""

    things: int
    gone: int


def restore(link: CartLink, into: Cart, services: Services) -> Restored:
    """Merge the cart of a link into this one; done twice it is done once. Flushes only.

    Of what lies in both the larger number stays: whoever put it in twice wants no double. Prices
    are those of now, and the page says what they were when she saw them.
    """
    kept = db.session.get_one(Cart, link.cart_id)
    touch(into, services.clock)
    if link.restored_at is None:
        link.restored_at = services.clock.now()
        count(services, restored=1)
    if kept.id == into.id:
        return Restored(len(kept.lines), 0)
    was_empty = not into.lines
    restored = _merge_lines(kept, into, services.clock)
    _merge_choices(kept, into, was_empty=was_empty)
    db.session.flush()
    db.session.expire(into, ["lines"])
    return restored


def _merge_lines(kept: Cart, into: Cart, clock: Clock) -> Restored:
    own = {
        line.variant_id: line
        for line in db.session.scalars(select(CartLine).where(CartLine.cart_id == into.id))
    }
    things, gone = 0, 0
    for line in kept.lines:
        if not _is_sold(line, into, clock):
            gone += 1
        elif line.variant_id in own:
            same = own[line.variant_id]
            same.quantity = min(MOST_OF_ONE, max(same.quantity, line.quantity))
            things += 1
        elif len(own) < MOST_LINES:
            own[line.variant_id] = _copy(line, into, clock)
            things += 1
    return Restored(things, gone)


def _is_sold(line: CartLine, into: Cart, clock: Clock) -> bool:
    try:
        sellable_variant(line.variant_id, currency=into.currency, now=clock.now())
    except UnknownVariantError:
        return False
    return True


def _copy(line: CartLine, into: Cart, clock: Clock) -> CartLine:
    copied = CartLine(
        cart_id=into.id,
        variant_id=line.variant_id,
        quantity=line.quantity,
        seen_price_minor=line.seen_price_minor,
        seen_currency=line.seen_currency,
        added_at=clock.now(),
    )
    db.session.add(copied)
    return copied


def _merge_choices(kept: Cart, into: Cart, *, was_empty: bool) -> None:
    """Keep what was chosen on this device; an empty cart takes over what was chosen there."""
    if was_empty:
        into.destination, into.region = kept.destination, kept.region
        into.postcode, into.shipping_name = kept.postcode, kept.shipping_name
    if not into.note and not into.is_gift:
        into.note, into.is_gift = kept.note, kept.is_gift
    if not into.discount_code:
        into.discount_code, into.discount_email = kept.discount_code, kept.discount_email
    into.article = into.article or kept.article
