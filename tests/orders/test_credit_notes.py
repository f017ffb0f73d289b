"""Whatever goes back of whatever order: its credit notes add up, rate by rate, to its invoice."""

from collections import Counter
from collections.abc import Sequence

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from store.money import Money, smallest_charge_step
from store.orders.models import Order, OrderState, Payment, Refund, RefundLine, RefundStatus
from store.orders.papers.issuing import credit_values, invoice_values
from store.orders.papers.models import TaxPaper
from store.orders.papers.tax_lines import TaxLine
from store.orders.refund_plans import (
    OverRefundError,
    RefundWish,
    left_to_give,
    plan_refund,
    shipping_left,
    units_left,
)
from store.pricing.tax import TaxRate
from tests.checkout.charging import Journey, journeys, ordered
from tests.shop import Shop

MOST = 5


def paid(order: Order) -> Order:
    """Let an order be paid, as far as plans and papers look at it."""
    for number, line in enumerate(order.lines, start=1):
        line.id, line.shipped, line.cancelled = number, 0, 0
        line.requires_shipping = False
    order.state = OrderState.PAID
    amount = order.total_minor
    payment = Payment(amount_minor=amount, refunded_minor=0, lost_minor=0, currency=order.currency)
    order.payments = [payment]
    return order


def a_wish(order: Order, data: st.DataObject) -> RefundWish:
    """Name some units, the shipping, an amount, or a mixture; or everything that is left."""
    step, left = smallest_charge_step(order.currency), left_to_give(order)
    open_units = {line.id: units_left(order, line) for line in order.lines}
    open_lines = [line_id for line_id, units in open_units.items() if units]
    named = data.draw(st.lists(st.sampled_from(open_lines), unique=True)) if open_lines else []
    units = {line_id: data.draw(st.integers(1, open_units[line_id])) for line_id in named}
    shipping = shipping_left(order) > 0 and data.draw(st.booleans())
    amount = None
    if left >= step and data.draw(st.booleans()):
        amount = Money(data.draw(st.integers(1, left // step)) * step, order.currency)
    return RefundWish(amount=amount, units=units, shipping=shipping)


def give_back(order: Order, wish: RefundWish, number: int) -> Refund:
    plan = plan_refund(order, wish)
    refund = Refund(
        id=number,
        amount_minor=plan.amount.minor,
        currency=order.currency,
        status=RefundStatus.SUCCEEDED,
        shipping_minor=plan.shipping.minor,
        lines=[
            RefundLine(
                order_line_id=part.line.id, quantity=part.quantity, amount_minor=part.amount_minor
            )
            for part in plan.lines
        ],
    )
    order.refunds.append(refund)
    order.payments[0].refunded_minor += refund.amount_minor
    return refund


def tax_by_rate(papers: Sequence[TaxPaper]) -> Counter[TaxRate]:
    found = Counter[TaxRate]()
    for paper in papers:
        for line in map(TaxLine.from_json, paper.tax_lines):
            found[line.rate] += line.tax
    return found


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(journeys(), st.data())
def test_credit_notes_add_up_by_rate(shop: Shop, journey: Journey, data: st.DataObject) -> None:
    shown, settings_ = journey.shown, shop.services.settings
    assume(shown.shipping.is_possible and shown.totals.total)
    with shop.app.app_context():
        order = paid(ordered(shown, shop.services))
    invoice, notes = TaxPaper(**invoice_values(order, settings_)), list[TaxPaper]()
    for number in range(1, MOST + 1):
        wish = RefundWish() if number == MOST else a_wish(order, data)
        try:
            refund = give_back(order, wish, number)
        except OverRefundError:
            continue
        note = TaxPaper(**credit_values(order, refund, notes, settings_))
        rates = [TaxLine.from_json(kept).tax for kept in note.tax_lines]
        assert sum(rates) == note.tax_minor
        assert all(tax > 0 for tax in rates)
        assert 0 <= note.tax_minor <= note.total_minor
        notes.append(note)
        if not left_to_give(order):
            break

    assert sum(note.total_minor for note in notes) == invoice.total_minor == order.total_minor
    assert sum(note.tax_minor for note in notes) == invoice.tax_minor == order.tax_minor
    assert +tax_by_rate(notes) == +tax_by_rate([invoice])
