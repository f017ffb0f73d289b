"""Promises about sums: they always add up, in every currency, and explain themselves."""

from hypothesis import given
from hypothesis import strategies as st

from store.money import Money, smallest_charge_step
from store.pricing.discounts import spread
from store.pricing.tax import TaxRate, TaxRules
from store.pricing.totals import PricedLine, Reduction, StepKind, Totals, chargeable, reckon
from tests.builders import aud

GST = TaxRate("GST", 1_000)
CURRENCIES = ("AUD", "JPY", "KWD")


def off(lines: list[PricedLine], amount: Money) -> Reduction:
    """Return an amount off all of these lines."""
    parts = spread(amount, [line.unit_price * line.quantity for line in lines])
    return Reduction(1, "Spring", "", tuple(parts), Money.zero(amount.currency))


def test_receipt_of_two_tees_and_a_mug() -> None:
    totals = reckon(
        [PricedLine(1, aud(45), 2), PricedLine(2, aud(19.95), 1)], aud(8.95), tax_rate=GST
    )

    assert [(step.kind, step.amount) for step in totals.explanation] == [
        (StepKind.LINE, aud(90)),
        (StepKind.LINE, aud(19.95)),
        (StepKind.SHIPPING, aud(8.95)),
        (StepKind.TOTAL, aud(118.90)),
        (StepKind.TAX_INCLUDED, aud(10.80)),
    ]


def test_discount_is_spread_to_the_last_cent() -> None:
    lines = [PricedLine(key, aud(10), 1) for key in range(3)]

    totals = reckon(lines, aud(0), tax_rate=GST, reductions=[off(lines, aud(10))])

    assert [line.discount.minor for line in totals.lines] == [334, 333, 333]
    assert totals.total == aud(20)


def test_discount_never_exceeds_the_goods() -> None:
    lines = [PricedLine(1, aud(10), 1)]

    totals = reckon(lines, aud(8.95), tax_rate=GST, reductions=[off(lines, aud(50))])

    assert (totals.discount, totals.total) == (aud(10), aud(8.95))


def test_negative_discount_adds_nothing() -> None:
    lines = [PricedLine(1, aud(10), 1)]

    totals = reckon(lines, aud(0), tax_rate=GST, reductions=[off(lines, aud(-5))])

    assert totals.total == aud(10)


def test_discounts_are_steps_of_the_sum_by_their_names() -> None:
    lines = [PricedLine(1, aud(45), 2)]
    free = Reduction(2, "Free post", "POST", (aud(0),), aud(8.95))

    totals = reckon(lines, aud(8.95), tax_rate=GST, reductions=[off(lines, aud(9)), free])

    named = [
        (step.reduction.name if step.reduction else step.kind, step.amount)
        for step in totals.explanation
    ]
    assert named == [
        (StepKind.LINE, aud(90)),
        ("Spring", aud(-9)),
        (StepKind.SHIPPING, aud(8.95)),
        ("Free post", aud(-8.95)),
        (StepKind.TOTAL, aud(81)),
        (StepKind.TAX_INCLUDED, aud(7.36)),
    ]
    assert (totals.shipping, totals.discount) == (aud(0), aud(9))


def test_untaxed_lines_free_their_share_of_shipping() -> None:
    lines = [PricedLine(1, aud(55), 1), PricedLine(2, aud(55), 1, is_taxable=False)]

    totals = reckon(lines, aud(11), tax_rate=GST)

    assert [line.tax for line in totals.lines] == [aud(5), aud(0)]
    assert totals.shipping_tax == aud(0.50)


def test_export_has_no_tax_step() -> None:
    totals = reckon([PricedLine(1, aud(45), 1)], aud(14.95), tax_rate=TaxRate("GST", 0))

    assert totals.tax == aud(0)
    assert totals.explanation[-1].kind is StepKind.TOTAL


def test_empty_cart_comes_to_nothing() -> None:
    totals = reckon([], aud(0), tax_rate=GST)

    assert (totals.total, totals.tax, totals.lines) == (aud(0), aud(0), ())


def test_yen_has_no_fractions_and_dinar_ends_in_nought() -> None:
    yen = reckon([PricedLine(1, Money(4_500, "JPY"), 3)], Money(900, "JPY"), tax_rate=GST)
    dinar = reckon([PricedLine(1, Money(12_500, "KWD"), 3)], Money(1_790, "KWD"), tax_rate=GST)

    assert (yen.total, yen.tax) == (Money(14_400, "JPY"), Money(1_309, "JPY"))
    assert dinar.total == Money(39_290, "KWD")


def test_price_that_nobody_can_charge_is_rounded() -> None:
    assert chargeable(Money(12_345, "KWD")) == Money(12_350, "KWD")
    assert chargeable(Money(12_344, "KWD")) == Money(12_340, "KWD")
    assert chargeable(Money(4_501, "JPY")) == Money(4_501, "JPY")


RATES = st.integers(0, 300_000).map(lambda parts: TaxRate.of_millionths("Tax", parts))


@st.composite
def sums(draw: st.DrawFn) -> Totals:
    currency = draw(st.sampled_from(CURRENCIES))
    step = smallest_charge_step(currency)
    money = st.integers(0, 10**7).map(lambda steps: Money(steps * step, currency))
    line = st.tuples(money, st.integers(1, 20), st.booleans(), st.none() | RATES)
    lines = [
        PricedLine(key, price, quantity, is_taxable=taxed, tax_rate=rate)
        for key, (price, quantity, taxed, rate) in enumerate(draw(st.lists(line, max_size=8)))
    ]
    rules = TaxRules(is_included=draw(st.booleans()), by_line=draw(st.booleans()))
    standard = draw(st.none() | RATES)
    post, amount = draw(money), draw(money)
    free = Reduction(2, "Free post", "", tuple(Money.zero(currency) for _ in lines), post)
    reductions = [off(lines, amount), *([free] if draw(st.booleans()) else [])]
    return reckon(lines, post, tax_rate=standard, reductions=reductions, rules=rules)


@given(sums())
def test_every_sum_adds_up(totals: Totals) -> None:
    lines = totals.lines
    steps = [step for step in totals.explanation if step.kind is not StepKind.TAX_INCLUDED]
    on_top = 0 if totals.is_tax_included else totals.tax.minor

    net = totals.subtotal - totals.discount + totals.shipping
    assert net.minor + on_top == totals.total.minor
    assert sum(line.discount.minor for line in lines) == totals.discount.minor
    assert sum(line.total.minor for line in lines) + totals.shipping.minor == net.minor
    assert sum(line.tax.minor for line in lines) + totals.shipping_tax.minor == totals.tax.minor
    assert sum(line.tax.minor for line in totals.tax_lines) == totals.tax.minor
    assert 2 * totals.total.minor == sum(step.amount.minor for step in steps)


@given(sums())
def test_what_the_rates_are_taken_of_is_within_the_order(totals: Totals) -> None:
    bases = sum(line.base.minor for line in totals.tax_lines)
    net = totals.total - totals.tax

    assert 0 <= bases <= net.minor


@given(sums())
def test_no_line_falls_below_zero_and_no_tax_above_its_line(totals: Totals) -> None:
    step = smallest_charge_step(totals.total.currency)
    for line in totals.lines:
        assert 0 <= line.tax.minor <= line.total.minor + step
        assert 0 <= line.discount.minor <= line.subtotal.minor
    assert 0 <= totals.shipping_tax.minor <= totals.shipping.minor + step


@given(sums())
def test_every_amount_can_be_charged(totals: Totals) -> None:
    step = smallest_charge_step(totals.total.currency)
    charged = [totals.total, totals.shipping, totals.discount, *(t.total for t in totals.lines)]
    if not totals.is_tax_included:
        charged += [totals.shipping_paid, *(t.tax for t in totals.lines)]

    assert all(amount.minor % step == 0 for amount in charged)
