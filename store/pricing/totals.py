"""What a cart or an order comes to, with every step of the sum: lines in, totals out."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from store.money import Money, smallest_charge_step
from store.pricing.tax import TaxRate, TaxRules
from store.pricing.taxing import TaxLine, tax_on


@dataclass(frozen=True, slots=True)
class PricedLine:
    """So many of one thing; key is whatever the caller finds the line by."""

    key: int
    unit_price: Money
    quantity: int
    is_taxable: bool = True
    tax_rate: TaxRate | None = None
    """The rate of its class; None for what reckon() was given."""
    is_discountable: bool = True


@dataclass(frozen=True, slots=True)
class LineTotal:
    """One line reckoned: subtotal is before its part of the discount.

    Tax is inside the total, or on top of it where prices are without.
    """

    key: int
    unit_price: Money
    quantity: int
    subtotal: Money
    discount: Money
    tax: Money
    total: Money
    tax_rate: TaxRate | None = None


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
    TAX = "tax"
    TOTAL = "total"
    TAX_INCLUDED = "tax_included"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the explanation: all before the total add up to it; included tax is in it."""

    kind: StepKind
    amount: Money
    line: LineTotal | None = None
    reduction: Reduction | None = None
    rate: TaxRate | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """Subtotal less discount plus shipping is the total.

    Tax is inside it and adds nothing, or is added where prices are without. Discount is what comes
    off the goods, and shipping is what is left to pay of it.
    """

    lines: tuple[LineTotal, ...]
    subtotal: Money
    discount: Money
    shipping: Money
    shipping_tax: Money
    tax: Money
    tax_lines: tuple[TaxLine, ...]
    """One for each rate, shipping's part in it; what is taxed at nothing is listed too."""
    is_tax_included: bool
    total: Money
    reductions: tuple[Reduction, ...] = ()

    @property
    def shipping_before(self) -> Money:
        """Shipping as it is without a discount on it."""
        return sum((r.shipping for r in self.reductions), start=self.shipping)

    @property
    def taxes_shown(self) -> tuple[TaxLine, ...]:
        """What is added or included by each rate that takes something."""
        return tuple(line for line in self.tax_lines if line.tax)

    @property
    def shipping_paid(self) -> Money:
        """What sending it costs the reader: tax on top is part of it."""
        return self.shipping if self.is_tax_included else self.shipping + self.shipping_tax

    @property
    def explanation(self) -> tuple[Step, ...]:
        """Every step from the lines to the total; tax inside prices stands after it."""
        steps = [Step(StepKind.LINE, line.subtotal, line) for line in self.lines]
        of_goods = [r for r in self.reductions if r.goods]
        steps += [Step(StepKind.DISCOUNT, -r.goods, reduction=r) for r in of_goods]
        steps.append(Step(StepKind.SHIPPING, self.shipping_before))
        of_shipping = [r for r in self.reductions if r.shipping]
        steps += [Step(StepKind.DISCOUNT, -r.shipping, reduction=r) for r in of_shipping]
        if self.is_tax_included:
            return (*steps, self._sum, *self._taxed(StepKind.TAX_INCLUDED))
        return (*steps, *self._taxed(StepKind.TAX), self._sum)

    @property
    def _sum(self) -> Step:
        return Step(StepKind.TOTAL, self.total)

    def _taxed(self, kind: StepKind) -> list[Step]:
        return [Step(kind, line.tax, rate=line.rate) for line in self.taxes_shown]


def reckon(
    lines: Sequence[PricedLine],
    shipping: Money,
    *,
    tax_rate: TaxRate | None,
    rules: TaxRules | None = None,
    reductions: Sequence[Reduction] = (),
) -> Totals:
    """Add up lines of one currency, less what discounts take off each line and off shipping.

    tax_rate is for lines that name none, and for shipping where there are no goods. Whatever the
    rules of tax, what lines and shipping bear adds up to the tax that is shown.
    """
    rules = rules or TaxRules()
    subtotals = [line.unit_price * line.quantity for line in lines]
    subtotal = sum(subtotals, start=Money.zero(shipping.currency))
    parts = _parts(reductions, subtotals)
    shipping = shipping - sum((r.shipping for r in reductions), start=Money.zero(shipping.currency))
    totals = [before - part for before, part in zip(subtotals, parts, strict=True)]
    rates = [(line.tax_rate or tax_rate) if line.is_taxable else None for line in lines]
    taxed = tax_on(list(zip(totals, rates, strict=True)), shipping, tax_rate, rules)
    reckoned = tuple(
        LineTotal(line.key, line.unit_price, line.quantity, before, part, tax, total, rate)
        for line, before, part, tax, total, rate in zip(
            lines, subtotals, parts, taxed.of_goods, totals, rates, strict=True
        )
    )
    given = sum(parts, start=Money.zero(shipping.currency))
    net = subtotal - given + shipping
    return Totals(
        lines=reckoned,
        subtotal=subtotal,
        discount=given,
        shipping=shipping,
        shipping_tax=taxed.of_shipping,
        tax=taxed.whole,
        tax_lines=taxed.lines,
        is_tax_included=rules.is_included,
        total=net if rules.is_included else net + taxed.whole,
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
