"""How the tax of an order stands on its papers: by rate, and the part of it that went back."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Self

from store.money import allocate_minor
from store.orders.models import Order, Refund
from store.pricing.tax import TaxRate, rate_for
from store.settings import Settings


@dataclass(frozen=True, slots=True)
class TaxLine:
    """One rate: the amounts that it was on, with it where prices include it, and what it came to.

    In minor units; 9.975 % is 997 basis points and 50 hundredths of one.
    """

    name: str
    basis_points: int
    taxed: int
    tax: int
    hundredths: int = 0

    @property
    def rate(self) -> TaxRate:
        return TaxRate(self.name, self.basis_points, self.hundredths)

    def to_json(self) -> dict[str, object]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, object]) -> Self:
        numbers = {name: int(str(kept[name])) for name in ("basis_points", "taxed", "tax")}
        # Papers of long ago know no fractions of a basis point.
        return cls(
            name=str(kept["name"]), hundredths=int(str(kept.get("hundredths", 0))), **numbers
        )


def tax_lines(order: Order, settings: Settings) -> list[TaxLine]:
    """Return the taxes of an order by rate; what they were on adds up to what was bought."""
    whole = order.subtotal_minor - order.discount_minor + order.shipping_minor
    lines = _kept(order) or _of_old(order, settings)
    left = whole - sum(line.taxed for line in lines)
    if left > 0 or not lines:
        name = lines[0].name if lines else rate_for(order.destination, settings).name
        lines.append(TaxLine(name, 0, left, 0))
    return lines


def tax_of_refund(order: Order, refund: Refund, before: Sequence[tuple[int, int]]) -> int:
    """Return how much of a refund is tax, after these amounts and taxes had gone back before it.

    Lines and shipping give back their own tax, anything else the order's in proportion; whoever
    gets back the last cent gets the rest of the tax with it, so that all papers sum to nothing.
    What is kept is never less than the tax that is still in it.
    """
    gone, gone_tax = sum(amount for amount, _ in before), sum(tax for _, tax in before)
    left = order.tax_minor - gone_tax
    kept = order.total_minor - gone - refund.amount_minor
    if kept <= 0:
        return max(left, 0)
    by_id = {line.id: line for line in order.lines}
    parts = [(by_id[part.order_line_id], part.amount_minor) for part in refund.lines]
    tax = sum(_share(line.tax_minor, amount, line.paid_minor) for line, amount in parts)
    tax += _share(order.shipping_tax_minor, refund.shipping_minor, order.shipping_paid_minor)
    named = sum(amount for _, amount in parts) + refund.shipping_minor
    tax += _share(order.tax_minor, refund.amount_minor - named, order.total_minor)
    return min(max(tax, left - kept, 0), left, refund.amount_minor)


def rates_of_refund(
    order: Order, refund: Refund, tax: int, taxed: Sequence[TaxLine], before: Sequence[TaxLine]
) -> list[TaxLine]:
    """Split the tax of a refund by the rates of its order, after these had gone back before it.

    Lines give back at their own rate, the rest in proportion; no rate gives more than it took.
    """
    gone = {rate: sum(line.tax for line in before if line.rate == rate) for rate in _rates(before)}
    left = [max(line.tax - gone.get(line.rate, 0), 0) for line in taxed]
    shares = allocate_minor(tax, _weights(order, refund, tax, taxed)) if taxed else []
    if any(share > most for share, most in zip(shares, left, strict=True)):
        shares = allocate_minor(tax, left)
    return [
        TaxLine(line.name, line.basis_points, 0, share, line.hundredths)
        for line, share in zip(taxed, shares, strict=True)
        if share
    ]


def _rates(lines: Sequence[TaxLine]) -> set[TaxRate]:
    return {line.rate for line in lines}


def _weights(order: Order, refund: Refund, tax: int, taxed: Sequence[TaxLine]) -> list[int]:
    """Return how much of a refund's tax is of which rate: what no line names, as the order's."""
    by_id = {line.id: line for line in order.lines}
    named = [0 for _ in taxed]
    for part in refund.lines:
        line = by_id[part.order_line_id]
        rate = TaxRate.of_millionths(line.tax_name, line.tax_millionths)
        own = _share(line.tax_minor, part.amount_minor, line.paid_minor)
        named = [n + (own if one.rate == rate else 0) for n, one in zip(named, taxed, strict=True)]
    rest, whole = max(tax - sum(named), 0), sum(line.tax for line in taxed)
    return [n * whole + rest * line.tax for n, line in zip(named, taxed, strict=True)]


def _kept(order: Order) -> list[TaxLine]:
    """Return what the order kept of its tax when it was placed or paid."""
    found = []
    for told in order.tax_lines or ():
        rate = TaxRate.of_millionths(told["name"], told["millionths"])
        taxed = told["base"] + (told["tax"] if order.tax_included else 0)
        found.append(
            TaxLine(rate.name, rate.basis_points, taxed, told["tax"], hundredths=rate.hundredths)
        )
    return found


def _of_old(order: Order, settings: Settings) -> list[TaxLine]:
    """Return the tax of an order that kept no rates: the amounts of then, by the rate of now."""
    if not order.tax_minor:
        return []
    rate = rate_for(order.destination, settings)
    return [TaxLine(rate.name, rate.basis_points, _taxed(order), order.tax_minor, rate.hundredths)]


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
