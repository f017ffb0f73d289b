"""Does what was chosen for what is gone: wait, something else, or money; each unit once.

Readers, staff and the deadline choose through this one verb, under the order's lock, and each row
moves by a conditional statement, so whoever comes second is told.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import update

from store.database import db
from store.errors import ConflictError
from store.inventory import stock
from store.money import Money
from store.orders.cancelling import cancel
from store.orders.lifecycle import note
from store.orders.messages import mail_new_order
from store.orders.models import Order, OrderLine, OrderState
from store.orders.refund_plans import RefundWish, shipping_left, units_left
from store.orders.refunded_goods import cancel_units
from store.orders.refunding import write_refund
from store.orders.returning.exchanging import replacement_for
from store.orders.shortage.messages import mail_chosen, mail_swapped
from store.orders.shortage.models import LIVE, Shortfall, ShortfallState
from store.orders.shortage.offering import Offer, offer_of, worth
from store.orders.shortage.presenting import outcome_words
from store.orders.shortage.standing import is_covered, live_shortfalls, shortfalls_of
from store.services import Services

READER, DEADLINE = "reader", "deadline"


class Choice(StrEnum):
    WAIT = "wait"
    SWAP = "swap"
    REFUND = "refund"


class ChosenAlreadyError(ConflictError):
    """Somebody has chosen already, the time was over, or what was missing is here."""


class SwapSoldOutError(ConflictError):
    """What was chosen instead was bought by somebody else meanwhile, or is not sold any more."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What shall happen with one shortfall; variant_id where something else is taken."""

    shortfall_id: int
    choice: Choice
    variant_id: int | None = None


def choose(
    order: Order, chosen: Collection[Chosen], services: Services, *, actor: str
) -> list[int]:
    """Do what was chosen for a locked order; return the refunds that send_refund asks for next.

    All of it or nothing: raises ChosenAlreadyError, SwapSoldOutError, and what plan_refund raises.
    Flushes only.
    """
    tidy(order, services)
    live = {one.id: one for one in live_shortfalls(order)}
    if not chosen or any(pick.shortfall_id not in live for pick in chosen):
        raise ChosenAlreadyError(f"{order.number}: something of it is decided already")
    if order.state != OrderState.PAID:
        raise ChosenAlreadyError(f"{order.number} is {order.state}")
    picked = {choice: [pick for pick in chosen if pick.choice is choice] for choice in Choice}
    rows = [live[pick.shortfall_id] for pick in chosen]
    refunds = [
        *_swap(order, [(live[p.shortfall_id], p) for p in picked[Choice.SWAP]], services, actor),
        *_refund(order, [live[p.shortfall_id] for p in picked[Choice.REFUND]], services, actor),
    ]
    for pick in picked[Choice.WAIT]:
        _wait(live[pick.shortfall_id], services, actor)
    for one in rows:
        db.session.refresh(one)
    if len(rows) > len(picked[Choice.SWAP]):
        # What is swapped alone is told by the mail of the order that sends it.
        mail_chosen(order, rows, [outcome_words(one) for one in rows], services)
    return refunds


def tidy(order: Order, services: Services) -> None:
    """Make the shortfalls of a locked order agree with what was sent or given back meanwhile."""
    for one in live_shortfalls(order):
        left = one.line.left_to_ship
        if order.payments:
            left = min(left, units_left(order, one.line))
        missing = min(one.quantity, left) if order.state == OrderState.PAID else 0
        if missing < 1:
            one.state, one.chosen_at = ShortfallState.OVER, services.clock.now()
        elif missing < one.quantity:
            one.quantity = missing
    db.session.flush()


def take_arrived(order: Order, services: Services) -> list[Shortfall]:
    """Set aside what the shelf covers by now for a locked order; return what that was."""
    here = [one for one in live_shortfalls(order) if is_covered(one)]
    for one in here:
        _move(one, ShortfallState.ARRIVED, services, actor="store")
        one.line.shortage = max(0, one.line.shortage - one.quantity)
        note(order, "missing_arrived", services.clock, units=one.quantity)
    db.session.flush()
    return here


def _wait(one: Shortfall, services: Services, actor: str) -> None:
    if one.state == ShortfallState.WAITS:
        return
    _move(one, ShortfallState.WAITS, services, actor)
    note(one.order, "missing_waits", services.clock, actor=actor[:80])


def _swap(
    order: Order, picks: Sequence[tuple[Shortfall, Chosen]], services: Services, actor: str
) -> list[int]:
    if not picks:
        return []
    offers = [_offered(one, pick, services) for one, pick in picks]
    gone = [one.line.variant_id for one, _ in picks]
    stock.lock_all(
        [variant for variant in (*gone, *(offer.variant_id for offer in offers)) if variant]
    )
    parts = [
        _line_of(one, offer, position)
        for position, ((one, _), offer) in enumerate(zip(picks, offers, strict=True), start=1)
    ]
    try:
        replacement = replacement_for(order, parts, services)
    except stock.OutOfStockError as sold:
        raise SwapSoldOutError("sold out meanwhile") from sold
    back = sum(offer.back.minor for offer in offers)
    refund_id = _difference(order, back, replacement, services, actor) if back else None
    for one, _pick in picks:
        cancel_units(one.line, one.quantity)
        _move(
            one,
            ShortfallState.SWAPPED,
            services,
            actor,
            replacement_id=replacement.id,
            refund_id=refund_id,
        )
    note(replacement, "fills_in", services.clock, actor=actor[:80], number=order.number)
    note(order, "missing_swapped", services.clock, actor=actor[:80], number=replacement.number)
    mail_new_order(replacement, services)
    mail_swapped(order, replacement, Money(back, order.currency), services)
    return [refund_id] if refund_id is not None else []


def _offered(one: Shortfall, pick: Chosen, services: Services) -> Offer:
    offer = offer_of(one, pick.variant_id or 0, services.clock)
    if offer is None:
        raise SwapSoldOutError(f"variant {pick.variant_id} is not to be had instead")
    return offer


def _difference(
    order: Order, minor: int, replacement: Order, services: Services, actor: str
) -> int:
    reason = f"{replacement.number} costs less"
    wish = RefundWish(amount=Money(minor, order.currency), reason=reason)
    refund = write_refund(order, wish, services, actor=actor[:80])
    db.session.flush()
    return refund.id


def _line_of(one: Shortfall, offer: Offer, position: int) -> OrderLine:
    return OrderLine(
        position=position,
        variant_id=offer.variant_id,
        product_handle=offer.handle,
        title=offer.title,
        combination=offer.combination,
        sku=offer.sku,
        picture_hash=offer.picture.content_hash if offer.picture else "",
        requires_shipping=True,
        quantity=one.quantity,
        unit_price_minor=0,
        total_minor=0,
    )


def _refund(order: Order, rows: Sequence[Shortfall], services: Services, actor: str) -> list[int]:
    if not rows:
        return []
    if not any(worth(one) for one in rows):
        _drop(order, rows, services, actor)
        return []
    wish = RefundWish(
        units={one.order_line_id: one.quantity for one in rows},
        shipping=_is_all(order, rows) and shipping_left(order) > 0,
        reason="gone after it was paid",
    )
    refund = write_refund(order, wish, services, actor=actor[:80])
    db.session.flush()
    for one in rows:
        _move(one, ShortfallState.REFUNDED, services, actor, refund_id=refund.id)
    note(order, "missing_refunded", services.clock, actor=actor[:80], units=_units(rows))
    return [refund.id]


def _drop(order: Order, rows: Sequence[Shortfall], services: Services, actor: str) -> None:
    """Let go of what cost nothing: there is no money to give back."""
    for one in rows:
        cancel_units(one.line, one.quantity)
        _move(one, ShortfallState.REFUNDED, services, actor)
    note(order, "missing_refunded", services.clock, actor=actor[:80], units=_units(rows))
    if not order.payments and not any(line.left_to_ship or line.shipped for line in order.lines):
        cancel(order, services, actor=actor)


def _is_all(order: Order, rows: Sequence[Shortfall]) -> bool:
    """Whether nothing of the order was sent or will be: then the shipping goes back as well."""
    units = {one.order_line_id: one.quantity for one in rows}
    is_sent_otherwise = any(one.state == ShortfallState.SWAPPED for one in shortfalls_of(order))
    return not is_sent_otherwise and all(
        line.requires_shipping and not line.shipped and line.left_to_ship == units.get(line.id, 0)
        for line in order.lines
    )


def _units(rows: Sequence[Shortfall]) -> int:
    return sum(one.quantity for one in rows)


def _move(
    one: Shortfall, to: ShortfallState, services: Services, actor: str, **values: object
) -> None:
    """Move a shortfall in one conditional statement; else ChosenAlreadyError."""
    moved = db.session.scalar(
        update(Shortfall)
        .where(Shortfall.id == one.id, Shortfall.state.in_(LIVE))
        .values(state=to, chosen_at=services.clock.now(), chosen_by=actor[:120], **values)
        .returning(Shortfall.id)
    )
    if moved is None:
        raise ChosenAlreadyError(f"shortfall {one.id} is {one.state}")
