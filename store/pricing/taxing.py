"""Takes the tax of goods and of their shipping, so that its parts add up to what is shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from store.money import Money, allocate_minor, smallest_charge_step
from store.pricing.tax import TaxRate, TaxRules, included, on_top

Taxable = tuple[Money, TaxRate | None]


@dataclass(frozen=True, slots=True)
class TaxLine:
    """What of an order one rate is taken of: base is without the tax."""

    rate: TaxRate
    base: Money
    tax: Money

    @property
    def name(self) -> str:
        return self.rate.name

    @property
    def label(self) -> str:
        return self.rate.label


@dataclass(frozen=True, slots=True)
class Taxed:
    """The tax of each line of goods in their order, of shipping, and by rate."""

    of_goods: tuple[Money, ...]
    of_shipping: Money
    whole: Money
    lines: tuple[TaxLine, ...]


def tax_on(
    goods: Sequence[Taxable], shipping: Money, standard: TaxRate | None, rules: TaxRules
) -> Taxed:
    """Reckon the tax; shipping is taxed as the goods are, in proportion to what they cost.

    Line by line each amount is rounded by itself, as the taxable supply rule of the Australian
    Taxation Office has it; else the whole of a rate is rounded and split by largest remainder, as
    its total invoice rule does.
    """
    sent = _shipping_parts(goods, shipping, standard)
    amounts = [*goods, *sent]
    taxes = _by_line(amounts, rules) if rules.by_line else _by_rate(amounts, rules)
    none = Money.zero(shipping.currency)
    return Taxed(
        of_goods=tuple(taxes[: len(goods)]),
        of_shipping=sum(taxes[len(goods) :], start=none),
        whole=sum(taxes, start=none),
        lines=_lines(amounts, taxes, rules),
    )


def _shipping_parts(
    goods: Sequence[Taxable], shipping: Money, standard: TaxRate | None
) -> list[Taxable]:
    """Split shipping by the rates of the goods that it carries."""
    weights: dict[TaxRate | None, int] = {}
    for amount, rate in goods:
        weights[rate] = weights.get(rate, 0) + amount.minor
    if not shipping or not any(weights.values()):
        return [(shipping, standard)]
    parts = shipping.allocate(list(weights.values()))
    return list(zip(parts, weights, strict=True))


def _by_line(amounts: Sequence[Taxable], rules: TaxRules) -> list[Money]:
    return [_tax(amount, rate, rules) for amount, rate in amounts]


def _by_rate(amounts: Sequence[Taxable], rules: TaxRules) -> list[Money]:
    taxes = [Money.zero(amount.currency) for amount, _ in amounts]
    for rate in dict.fromkeys(rate for _, rate in amounts):
        places = [place for place, (_, other) in enumerate(amounts) if other == rate]
        of_rate = [amounts[place][0] for place in places]
        whole = _tax(sum(of_rate[1:], start=of_rate[0]), rate, rules)
        for place, part in zip(places, _split(whole, of_rate, rules), strict=True):
            taxes[place] = part
    return taxes


def _split(whole: Money, amounts: Sequence[Money], rules: TaxRules) -> list[Money]:
    # What is charged moves in steps; what is only told of a price need not.
    step = 1 if rules.is_included else smallest_charge_step(whole.currency)
    parts = allocate_minor(whole.minor // step, [amount.minor for amount in amounts])
    return [Money(part * step, whole.currency) for part in parts]


def _tax(amount: Money, rate: TaxRate | None, rules: TaxRules) -> Money:
    if rate is None:
        return Money.zero(amount.currency)
    return included(amount, rate) if rules.is_included else on_top(amount, rate)


def _lines(
    amounts: Sequence[Taxable], taxes: Sequence[Money], rules: TaxRules
) -> tuple[TaxLine, ...]:
    found = []
    for rate in dict.fromkeys(rate for _, rate in amounts):
        own = [(a, t) for (a, r), t in zip(amounts, taxes, strict=True) if r == rate]
        amount = sum(a.minor for a, _ in own)
        tax = sum(t.minor for _, t in own)
        if rate is None or not amount:
            continue
        currency = own[0][0].currency
        base = amount - tax if rules.is_included else amount
        found.append(TaxLine(rate, Money(base, currency), Money(tax, currency)))
    return tuple(found)
