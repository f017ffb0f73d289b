"""How the tax of an order stands on its papers: by rate, and the part of it that went back."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Self

from store.money import allocate_minor
from store.orders.models import Order, Refund
from store.pricing.tax import rate_for
from store.settings import Settings


@dataclass(frozen=True, slots=True)
class TaxLine:
    """One rate: the amounts that it was on, with it where prices include it, and what it came to.

    In minor units.
    """

    name: str
    basis_points: int
    taxed: int
    tax: int

    def to_json(self) -> dict[str, object]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, object]) -> Self:
        numbers = {name: int(str(kept[name])) for name in ("basis_points", "taxed", "tax")}
        return cls(name=str(kept["name"]), **numbers)


def tax_lines(order: Order, settings: Settings) -> list[TaxLine]:
    """Return the taxes of an order by rate; what they were on adds up to what was bought."""
    rate = rate_for(order.destination, settings)
    whole = order.subtotal_minor - order.discount_minor + order.shipping_minor
    if not order.tax_minor:
        return [TaxLine(rate.name, 0, whole, 0)]
    # The rate of today is not what an older order was reckoned by; the amounts of then are.
    taxed = _taxed(order)
    lines = [TaxLine(rate.name, rate.basis_points, taxed, order.tax_minor)]
    if whole > taxed:
        lines.append(TaxLine(rate.name, 0, whole - taxed, 0))
    return lines


def tax_of_refund(order: Order, refund: Refund, before: Sequence[tuple[int, int]]) -> int:
    """Return how much of a refund is tax, after these amounts and taxes had gone back before it.

    Lines and shipping give back their own tax, anything else the order's in proportion; whoever
    gets back the last cent gets the rest of the tax with it, so that all papers sum to nothing.
    """
    gone, gone_tax = sum(amount for amount, _ in before), sum(tax for _, tax in before)
    left = order.tax_minor - gone_tax
    if gone + refund.amount_minor >= order.total_minor:
        return max(left, 0)
    by_id = {line.id: line for line in order.lines}
    parts = [(part.order_line_id, part.amount_minor) for part in refund.lines]
    tax = sum(
        _share(by_id[line_id].tax_minor, amount, by_id[line_id].total_minor)
        for line_id, amount in parts
    )
    of_shipping = order.tax_minor - sum(line.tax_minor for line in order.lines)
    tax += _share(of_shipping, refund.shipping_minor, order.shipping_minor)
    named = sum(amount for _, amount in parts) + refund.shipping_minor
    tax += _share(order.tax_minor, refund.amount_minor - named, order.total_minor)
    return min(max(tax, 0), left, refund.amount_minor)


def _share(tax: int, amount: int, whole: int) -> int:
    """Return the tax in a part of an amount, half a minor unit up."""
    return (2 * tax * amount + whole) // (2 * whole) if whole > 0 and amount > 0 else 0


def _taxed(order: Order) -> int:
    goods = [line.total_minor for line in order.lines]
    of_taxed = sum(line.total_minor for line in order.lines if line.tax_minor)
    if not sum(goods):
        return order.shipping_minor
    shipping = allocate_minor(order.shipping_minor, [of_taxed, sum(goods) - of_taxed])[0]
    return of_taxed + shipping
