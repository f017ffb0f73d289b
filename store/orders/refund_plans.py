"""Works out what a refund gives back before anybody is asked: money line by line, and goods."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from store.errors import ConflictError, InvalidError
from store.inventory import stock
from store.money import Money, allocate_minor, smallest_charge_step
from store.orders.disputing.standing import refund_is_barred
from store.orders.models import Order, OrderLine, OrderState, Refund, RefundLine, RefundStatus

REFUNDABLE = frozenset({OrderState.PAID, OrderState.PARKED})


class OverRefundError(ConflictError):
    """More would go back than was paid and has not gone back yet."""


class StaleRefundError(ConflictError):
    """Money went back since whoever asks has looked: she may mean the very same."""


class UndecidedError(ConflictError):
    """An order that waits for a person is taken or given back whole, not unit by unit."""


class DisputedError(ConflictError):
    """The bank has the money, or may take it: Stripe refuses to give it back a second time."""


@dataclass(frozen=True, slots=True)
class RefundWish:
    """What to give back: units of lines, whole lines, shipping, or else everything that is left.

    An amount takes the place of what these come to. `returns` puts what had been shipped back on
    the shelf; `leaves_goods` says that they were dealt with before. `seen` is what had gone back,
    in minor units, when this was decided; None asks for no look.
    """

    amount: Money | None = None
    line_ids: tuple[int, ...] = ()
    units: Mapping[int, int] = field(default_factory=dict)
    shipping: bool = False
    reason: str = ""
    returns: bool = False
    leaves_goods: bool = False
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """Units of a line whose money goes back, and what becomes of them."""

    line: OrderLine
    quantity: int
    amount_minor: int
    cancels: int
    """Units that will not be sent."""
    returns: int
    """Units that had been sent and lie on the shelf again."""

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.line.order.currency)


@dataclass(frozen=True, slots=True)
class RefundPlan:
    amount: Money
    shipping: Money
    lines: tuple[PlannedLine, ...]
    """What is named, with its money."""
    goods: tuple[PlannedLine, ...]
    """Everything whose goods are touched: more than `lines` where the whole order goes back."""
    is_everything: bool


def plan_refund(order: Order, wish: RefundWish) -> RefundPlan:
    """Return what the wish comes to; raises ConflictError, OverRefundError, InvalidError."""
    if order.state not in REFUNDABLE:
        raise ConflictError(f"an order that is {order.state} has nothing to give back")
    if wish.seen is not None and wish.seen != gone_back(order):
        raise StaleRefundError("money went back since this was decided")
    lines = [_planned(order, line, units, wish) for line, units in _named(order, wish)]
    shipping = _shipping(order, wish)
    amount = _amount(order, wish, sum(part.amount_minor for part in lines) + shipping)
    left = left_to_give(order)
    if amount > left:
        raise OverRefundError(f"{amount} is more than is left of what was paid")
    is_everything = amount == left
    return RefundPlan(
        amount=Money(amount, order.currency),
        shipping=Money(min(shipping, amount), order.currency),
        lines=tuple(_sharing(lines, amount - min(shipping, amount))),
        goods=tuple(_all_goods(order, lines, wish, is_everything=is_everything)),
        is_everything=is_everything,
    )


def want_undisputed(order: Order) -> None:
    """Raise DisputedError where a dispute stands in the way: Stripe would refuse the refund."""
    if refund_is_barred(order):
        raise DisputedError(f"the payment of {order.number} is disputed")


def gone_back(order: Order) -> int:
    """Return what was given back, or is on its way, in minor units."""
    return sum(payment.refunded_minor for payment in order.payments)


def left_to_give(order: Order) -> int:
    """Return what was paid, less what went back and what banks took for good."""
    kept = sum(payment.amount_minor - payment.lost_minor for payment in order.payments)
    return kept - gone_back(order)


def asked_of_stripe(order: Order) -> int:
    """Return what Stripe knows to have gone back: not what was paid by hand or to gift cards."""
    asked = (refund for refund in live_refunds(order) if refund.means == "stripe")
    return sum(refund.by_service.minor for refund in asked)


def adds_up(order: Order) -> bool:
    """Say whether what counts as gone back is what the refunds of an order come to."""
    return gone_back(order) == sum(refund.amount_minor for refund in live_refunds(order))


def shipping_left(order: Order) -> int:
    """Return how much of the shipping no refund has named yet, in minor units."""
    return order.shipping_paid_minor - sum(refund.shipping_minor for refund in live_refunds(order))


def units_left(order: Order, line: OrderLine) -> int:
    """Return the units of a line whose money nobody asked back yet."""
    return line.quantity - sum(part.quantity for part in _parts(order, line))


def live_refunds(order: Order) -> list[Refund]:
    """Return the refunds that gave money back, or still may."""
    return [refund for refund in order.refunds if RefundStatus(refund.status).gives_back]


def share_of(order: Order, line: OrderLine, units: int) -> int:
    """Return what some units of the line cost; all of them together cost the line, to the cent."""
    left = line.paid_minor - sum(part.amount_minor for part in _parts(order, line))
    others = units_left(order, line) - units
    return allocate_minor(max(left, 0), [units, others])[0]


def fate_of(order: Order, line: OrderLine, units: int, *, returns: bool) -> tuple[int, int]:
    """Return how many of these units will not be sent, and how many come back to the shelf."""
    back = min(units, returnable(order, line)) if returns else 0
    return min(units - back, line.left_to_ship), back


def returnable(order: Order, line: OrderLine) -> int:
    """Return the units that were sent and have not come back."""
    if line.variant_id is None:
        return 0
    return max(0, line.shipped - stock.returned(line.variant_id, cause=f"order {order.number}"))


def _parts(order: Order, line: OrderLine) -> list[RefundLine]:
    live = live_refunds(order)
    return [part for refund in live for part in refund.lines if part.order_line_id == line.id]


def _named(order: Order, wish: RefundWish) -> list[tuple[OrderLine, int]]:
    by_id = {line.id: line for line in order.lines}
    if (set(wish.line_ids) | set(wish.units)) - set(by_id):
        raise InvalidError("a line to refund is not of this order")
    whole = {line_id: units_left(order, by_id[line_id]) for line_id in wish.line_ids}
    named = {**whole, **wish.units}
    for line_id, units in named.items():
        _check_units(order, by_id[line_id], units, is_whole=line_id not in wish.units)
    return [(by_id[line_id], units) for line_id, units in named.items()]


def _check_units(order: Order, line: OrderLine, units: int, *, is_whole: bool) -> None:
    if units < 1 and not is_whole:
        raise InvalidError("a refund names at least one unit")
    if units < 1 or units > units_left(order, line):
        raise OverRefundError("a line was refunded before")
    if order.state == OrderState.PARKED and units < line.quantity:
        raise UndecidedError("decide about the order before some of its units")


def _planned(order: Order, line: OrderLine, units: int, wish: RefundWish) -> PlannedLine:
    is_settled = wish.leaves_goods
    fate = (0, 0) if is_settled else fate_of(order, line, units, returns=wish.returns)
    cancels, returns = fate
    return PlannedLine(line, units, share_of(order, line, units), cancels, returns)


def _shipping(order: Order, wish: RefundWish) -> int:
    if not wish.shipping:
        return 0
    left = shipping_left(order)
    if left < 1:
        raise OverRefundError("nothing of the shipping is left to give back")
    return left


def _amount(order: Order, wish: RefundWish, named: int) -> int:
    if wish.amount is not None:
        if wish.amount.currency != order.currency or wish.amount.minor < 1:
            raise InvalidError("a refund is above zero and in the currency of the order")
        if wish.amount.minor % smallest_charge_step(order.currency):
            raise InvalidError("Stripe moves this currency in steps of ten")
        return wish.amount.minor
    is_named = bool(wish.line_ids or wish.units or wish.shipping)
    amount = named if is_named else left_to_give(order)
    if amount < 1:
        raise OverRefundError("nothing is left to give back")
    return amount


def _sharing(lines: list[PlannedLine], amount: int) -> list[PlannedLine]:
    """Return the lines with their parts of an amount that is not what they come to."""
    if not lines or amount == sum(part.amount_minor for part in lines):
        return lines
    shares = allocate_minor(amount, [part.amount_minor for part in lines])
    return [
        PlannedLine(part.line, part.quantity, share, part.cancels, part.returns)
        for part, share in zip(lines, shares, strict=True)
    ]


def _all_goods(
    order: Order, lines: list[PlannedLine], wish: RefundWish, *, is_everything: bool
) -> list[PlannedLine]:
    """Return what becomes of all goods: whose money is wholly back gets nothing more sent."""
    if not is_everything and (lines or not wish.returns):
        return lines
    named = {part.line.id: part for part in lines}
    found = []
    for line in order.lines:
        part = named.get(line.id)
        cancels = line.left_to_ship if is_everything else 0
        if part is not None:
            returns = part.returns
        else:
            returns = returnable(order, line) if wish.returns and not lines else 0
        if cancels or returns:
            quantity = part.quantity if part else cancels + returns
            found.append(PlannedLine(line, quantity, 0, cancels, returns))
    return found
