"""What a cart or an order comes to, with every step of the sum: lines in, totals out."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from store.money import Money, allocate_minor, smallest_charge_step
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


@dataclass(frozen=True, slots=True)
class Totals:
    """Subtotal less discount plus shipping is the total; tax is inside it and adds nothing."""

    lines: tuple[LineTotal, ...]
    subtotal: Money
    discount: Money
    shipping: Money
    shipping_tax: Money
    tax: Money
    tax_rate: TaxRate
    total: Money

    @property
    def explanation(self) -> tuple[Step, ...]:
        """Every step from the lines to the total, then what of it is tax."""
        steps = [Step(StepKind.LINE, line.subtotal, line) for line in self.lines]
        if self.discount:
            steps.append(Step(StepKind.DISCOUNT, -self.discount))
        steps += [Step(StepKind.SHIPPING, self.shipping), Step(StepKind.TOTAL, self.total)]
        if self.tax:
            steps.append(Step(StepKind.TAX_INCLUDED, self.tax))
        return tuple(steps)


def reckon(
    lines: Sequence[PricedLine],
    shipping: Money,
    *,
    tax_rate: TaxRate,
    discount: Money | None = None,
) -> Totals:
    """Add up lines of one currency; a discount is spread by line and never exceeds the goods.

    Tax is taken from the whole and then split by largest remainder, as the total invoice rule of
    the Australian Taxation Office has it, so that lines and shipping add up to it.
    """
    subtotals = [line.unit_price * line.quantity for line in lines]
    subtotal = sum(subtotals, start=Money.zero(shipping.currency))
    parts = _spread(discount or Money.zero(shipping.currency), subtotals)
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
    )


def chargeable(price: Money) -> Money:
    """Round to a step that Stripe charges, half up: three-decimal currencies end in 0."""
    step = smallest_charge_step(price.currency)
    return Money((2 * price.minor + step) // (2 * step) * step, price.currency)


def _spread(discount: Money, subtotals: Sequence[Money]) -> list[Money]:
    """Give each line its part of the discount, in steps that can be charged, none below zero."""
    if not subtotals:
        return []
    step = smallest_charge_step(discount.currency)
    weights = [subtotal.minor // step for subtotal in subtotals]
    steps = min(max(discount.minor, 0) // step, sum(weights))
    return [Money(part * step, discount.currency) for part in allocate_minor(steps, weights)]


def _taxable(lines: Sequence[PricedLine], totals: Sequence[Money], shipping: Money) -> list[Money]:
    """Return what is taxed of each line and, last, of shipping: its tax follows the goods."""
    none = Money.zero(shipping.currency)
    taxed = [total if line.is_taxable else none for line, total in zip(lines, totals, strict=True)]
    goods, of_goods = sum(t.minor for t in totals), sum(t.minor for t in taxed)
    if not goods:
        return [*taxed, shipping]
    return [*taxed, shipping.allocate([of_goods, goods - of_goods])[0]]
