"""What a cart or an order comes to, with every step of the sum: lines in, totals out."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from store.money import Money, smallest_charge_step
from store.pricing.tax import TaxRate, included


@dataclass(frozen=True, slots=True)
class PricedLine:
    """So many of one thing; key is whatever the caller finds the line by."""

    key: int
    unit_price: Money
    quantity: int
    is_taxable: bool = True


@dataclass(frozen=True, slots=True)
class LineTotal:
    """One line reckoned: subtotal is before its part of the discount, tax is inside total."""

    key: int
    unit_price: Money
    quantity: int
    subtotal: Money
    discount: Money
    tax: Money
    total: Money


@dataclass(frozen=True, slots=True)
class Reduction:
    """What one discount takes off: a part of each line, in the order of the lines, or shipping."""

    key: int
    name: str
    code: str
    parts: tuple[Money, ...]
    shipping: Money

    @property
    def goods(self) -> Money:
        return sum(self.parts, start=Money.zero(self.shipping.currency))

    @property
    def amount(self) -> Money:
        return self.goods + self.shipping


class StepKind(StrEnum):
    LINE = "line"
    DISCOUNT = "discount"
    SHIPPING = "shipping"
    TOTAL = "total"
    TAX_INCLUDED = "tax_included"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the explanation: all before the total add up to it; included tax is in it."""

    kind: StepKind
    amount: Money
    line: LineTotal | None = None
    reduction: Reduction | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """Subtotal less discount plus shipping is the total; tax is inside it and adds nothing.

    Discount is what comes off the goods, and shipping is what is left to pay of it.
    """

    lines: tuple[LineTotal, ...]
    subtotal: Money
    discount: Money
    shipping: Money
    shipping_tax: Money
    tax: Money
    tax_rate: TaxRate
    total: Money
    reductions: tuple[Reduction, ...] = ()

    @property
    def shipping_before(self) -> Money:
        """Shipping as it is without a discount on it."""
        return sum((r.shipping for r in self.reductions), start=self.shipping)

    @property
    def explanation(self) -> tuple[Step, ...]:
        """Every step from the lines to the total, then what of it is tax."""
        steps = [Step(StepKind.LINE, line.subtotal, line) for line in self.lines]
        of_goods = [r for r in self.reductions if r.goods]
        steps += [Step(StepKind.DISCOUNT, -r.goods, reduction=r) for r in of_goods]
        steps.append(Step(StepKind.SHIPPING, self.shipping_before))
        of_shipping = [r for r in self.reductions if r.shipping]
        steps += [Step(StepKind.DISCOUNT, -r.shipping, reduction=r) for r in of_shipping]
        steps.append(Step(StepKind.TOTAL, self.total))
        if self.tax:
            steps.append(Step(StepKind.TAX_INCLUDED, self.tax))
        return tuple(steps)


def reckon(
    lines: Sequence[PricedLine],
    shipping: Money,
    *,
    tax_rate: TaxRate,
    reductions: Sequence[Reduction] = (),
) -> Totals:
    """Add up lines of one currency, less what discounts take off each line and off shipping.

    Tax is taken from the whole and then split by largest remainder, as the total invoice rule of
    the Australian Taxation Office has it, so that lines and shipping add up to it.
    """
    subtotals = [line.unit_price * line.quantity for line in lines]
    subtotal = sum(subtotals, start=Money.zero(shipping.currency))
    parts = _parts(reductions, subtotals)
    shipping = shipping - sum((r.shipping for r in reductions), start=Money.zero(shipping.currency))
    totals = [before - part for before, part in zip(subtotals, parts, strict=True)]
    taxable = _taxable(lines, totals, shipping)
    tax = included(sum(taxable, start=Money.zero(shipping.currency)), tax_rate)
    *line_taxes, shipping_tax = tax.allocate([amount.minor for amount in taxable])
    reckoned = tuple(
        LineTotal(line.key, line.unit_price, line.quantity, before, part, tax_part, total)
        for line, before, part, tax_part, total in zip(
            lines, subtotals, parts, line_taxes, totals, strict=True
        )
    )
    given = sum(parts, start=Money.zero(shipping.currency))
    return Totals(
        lines=reckoned,
        subtotal=subtotal,
        discount=given,
        shipping=shipping,
        shipping_tax=shipping_tax,
        tax=tax,
        tax_rate=tax_rate,
        total=subtotal - given + shipping,
        reductions=tuple(reductions),
    )


def chargeable(price: Money) -> Money:
    """Round to a step that Stripe charges, half up: three-decimal currencies end in 0."""
    step = smallest_charge_step(price.currency)
    return Money((2 * price.minor + step) // (2 * step) * step, price.currency)


def _parts(reductions: Sequence[Reduction], subtotals: Sequence[Money]) -> list[Money]:
    """Return what comes off each line together: never more than the line."""
    parts = [Money.zero(subtotal.currency) for subtotal in subtotals]
    for reduction in reductions:
        parts = [
            min(so_far + part, subtotal)
            for so_far, part, subtotal in zip(parts, reduction.parts, subtotals, strict=True)
        ]
    return parts


def _taxable(lines: Sequence[PricedLine], totals: Sequence[Money], shipping: Money) -> list[Money]:
    """Return what is taxed of each line and, last, of shipping: its tax follows the goods."""
    none = Money.zero(shipping.currency)
    taxed = [total if line.is_taxable else none for line, total in zip(lines, totals, strict=True)]
    goods, of_goods = sum(t.minor for t in totals), sum(t.minor for t in taxed)
    if not goods:
        return [*taxed, shipping]
    return [*taxed, shipping.allocate([of_goods, goods - of_goods])[0]]
