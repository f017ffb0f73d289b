"""The tax of an order by rate, as receipts print it."""

from collections.abc import Sequence
from dataclasses import dataclass

from store.money import Money
from store.orders.models import Order
from store.pricing.tax import TaxRate


@dataclass(frozen=True, slots=True)
class ShownTax:
    """One rate; base is without the tax. Orders of long ago do not say what theirs was called."""

    name: str
    label: str
    base: Money | None
    tax: Money


def taxes_of(order: Order) -> Sequence[ShownTax]:
    """Return what was taken by each rate; those at nothing are named beside others only."""
    if not order.tax_lines:
        return [ShownTax("", "", None, order.tax)] if order.tax_minor else []
    return [
        ShownTax(
            name=told["name"],
            label=TaxRate.of_millionths(told["name"], told["millionths"]).label,
            base=Money(told["base"], order.currency),
            tax=Money(told["tax"], order.currency),
        )
        for told in order.tax_lines
        if told["tax"] or order.tax_minor
    ]
