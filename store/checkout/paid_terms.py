"""Takes over what only the pay page knows: the way to send it that was chosen, and Stripe's tax."""

from collections.abc import Sequence

from store.money import allocate_minor
from store.orders.models import Order
from store.payments.gateway import Amounts, PaySession


def take_terms(order: Order, session: PaySession) -> None:
    """Write them on an order whose payment came or is coming; they are compared afterwards."""
    _take_choice(order, session)
    if order.tax_source == "stripe":
        _take_tax(order, session)


def _take_choice(order: Order, session: PaySession) -> None:
    if session.choice is None or session.choice >= len(order.choices):
        return
    chosen = order.choices[session.choice]
    order.shipping_name = str(chosen["name"])
    order.shipping_minor, order.tax_minor = chosen["shipping"], chosen["tax"]
    order.total_minor, order.tax_lines = chosen["total"], chosen["tax_lines"]
    for line, tax in zip(order.lines, chosen["line_taxes"], strict=True):
        line.tax_minor = tax


def _take_tax(order: Order, session: PaySession) -> None:
    """Take Stripe's tax in the place of our estimate; the rest of the order is as it was."""
    tax = session.amounts.tax
    net = order.subtotal_minor - order.discount_minor + order.shipping_minor
    order.tax_minor = tax
    order.total_minor = net if order.tax_included else net + tax
    order.tax_lines = [
        {
            "name": one.name,
            "millionths": one.millionths,
            "base": one.base_minor,
            "tax": one.tax_minor,
        }
        for one in session.taxes
    ]
    rate = session.taxes[0] if len(session.taxes) == 1 else None
    for line, part in zip(order.lines, _of_lines(order, session), strict=True):
        line.tax_minor = part
        line.tax_name = rate.name[:60] if rate and part else ""
        line.tax_millionths = rate.millionths if rate and part else 0


def _of_lines(order: Order, session: PaySession) -> Sequence[int]:
    """Return the tax of each line; shared out where Stripe told only some of them."""
    told = session.line_taxes
    if told is not None and len(told) == len(order.lines):
        return told
    weights = [line.total_minor for line in order.lines]
    *parts, _of_shipping = allocate_minor(session.amounts.tax, [*weights, order.shipping_minor])
    return parts


def charged(order: Order) -> Amounts:
    """Return the order part by part as the pay page tells it.

    Tax that we add to shipping is in its price there; tax inside prices is ours to reckon, and
    Stripe is told of none unless it reckons it. What gift cards pay is taken off there: off the
    goods and their tax first, and off shipping what is left of it.
    """
    tax, shipping = _tax_and_shipping(order)
    on_goods = min(order.on_cards_minor, order.total_minor - order.shipping_paid_minor)
    return Amounts(
        subtotal=order.subtotal_minor,
        discount=order.discount_minor + on_goods,
        shipping=shipping - (order.on_cards_minor - on_goods),
        tax=tax,
        total=order.charged_minor,
    )


def _tax_and_shipping(order: Order) -> tuple[int, int]:
    if order.tax_source == "stripe":
        return order.tax_minor, order.shipping_minor
    if order.tax_included:
        return 0, order.shipping_minor
    return sum(line.tax_minor for line in order.lines), order.shipping_paid_minor
