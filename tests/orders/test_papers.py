"""Receipts and credit notes: each number once, none left out, and every sum adds up."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from store.database import db, writing
from store.mail.letterhead import write_letterhead
from store.orders.models import Order, OrderLine, Refund, RefundLine
from store.orders.papers.issuing import gaps, issue_papers
from store.orders.papers.models import NumberSeries, TaxPaper
from store.orders.papers.tax_lines import tax_lines, tax_of_refund
from store.orders.queries import locked_order
from store.orders.refunding import RefundWish, refund_order
from store.orders.tasks import sweeps
from store.sandbox.stripe import Address
from store.settings import Settings
from store.web.printing import can_print
from tests.builders import aud
from tests.buying import a_variant, change_at_stripe, check_out, fill_cart, session_of, thanks
from tests.desk import as_read, bought, number_of, the
from tests.orders.after_buying import Reader
from tests.shop import Shop

SELLER = {"legal_name": "Rainbow Press Pty Ltd", "business_number": "51 824 753 556"}
ABROAD = Address("1 Karori Road", "", "Wellington", "", "6012", "NZ")


@pytest.fixture
def tee(app: Flask, shop: Shop) -> int:
    return a_variant(shop, stock=200, title="Late Edition tee", price=aud(45))


def _say_who_sells(shop: Shop, **words: str) -> None:
    with writing():
        write_letterhead(SELLER | words, shop.clock)


def _papers(number: str) -> list[TaxPaper]:
    order_id = the(number).id
    found = select(TaxPaper).where(TaxPaper.order_id == order_id).order_by(TaxPaper.id)
    return list(db.session.scalars(found))


def _refund(shop: Shop, number: str, **wish: object) -> None:
    refund_order(the(number), RefundWish(**wish), shop.services, actor="robin")  # type: ignore[arg-type] # named as the wish names them


def test_a_paid_order_has_the_next_number(shop: Shop, tee: int) -> None:
    first, second = bought(shop, tee), bought(shop, tee, quantity=2)

    assert [paper.printed for paper in _papers(first)] == ["GN-INV-000001"]
    assert [paper.printed for paper in _papers(second)] == ["GN-INV-000002"]


def test_an_order_that_was_never_paid_takes_no_number(shop: Shop, tee: int) -> None:
    reader = shop.browser()
    fill_cart(reader, tee)
    number = number_of(shop, session_of(check_out(reader)))
    paid = bought(shop, tee)

    assert _papers(number) == []
    assert [paper.number for paper in _papers(paid)] == [1]


def test_a_parked_order_takes_its_number_when_it_is_accepted(shop: Shop, tee: int) -> None:
    reader = shop.browser()
    fill_cart(reader, tee)
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id)
    change_at_stripe(shop, session_id, amount_subtotal=1)
    thanks(reader, session_id)

    assert _papers(number_of(shop, session_id)) == []


def test_asked_again_the_paper_is_the_same(shop: Shop, tee: int) -> None:
    number = bought(shop, tee)
    order_id = the(number).id
    for _ in range(3):
        with writing():
            issue_papers(locked_order(order_id), shop.services)

    assert [paper.number for paper in _papers(number)] == [1]
    assert gaps() == 0


def test_what_is_rolled_back_gives_its_number_back(shop: Shop, tee: int) -> None:
    number = bought(shop, tee)
    order_id = the(number).id
    with writing():
        db.session.execute(delete(TaxPaper))
        db.session.execute(delete(NumberSeries))

    def fail() -> None:
        with writing():
            issue_papers(locked_order(order_id), shop.services)
            raise ValueError("the power fails")

    with pytest.raises(ValueError, match="power"):
        fail()

    with writing():
        issue_papers(locked_order(order_id), shop.services)
    assert [paper.number for paper in _papers(number)] == [1]


def test_twenty_who_pay_at_once_leave_no_gap(shop: Shop, tee: int) -> None:
    numbers = [bought(shop, tee) for _ in range(20)]
    ids = [the(number).id for number in numbers]
    with writing():
        db.session.execute(delete(TaxPaper))
        db.session.execute(delete(NumberSeries))

    def issue(order_id: int) -> None:
        with shop.app.app_context(), writing():
            issue_papers(locked_order(order_id), shop.services)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(issue, [*ids, *ids]))

    taken = sorted(db.session.scalars(select(TaxPaper.number)))
    assert taken == list(range(1, 21))
    assert gaps() == 0


def test_orders_of_before_get_theirs_from_the_worker(shop: Shop, tee: int) -> None:
    first = bought(shop, tee)
    shop.clock.move_to(shop.clock.now() + timedelta(hours=1))
    second = bought(shop, tee)
    with writing():
        db.session.execute(delete(TaxPaper))
        db.session.execute(delete(NumberSeries))

    next(sweep for sweep in sweeps(shop.services) if sweep.name == "orders.issue_papers").run()

    assert [p.number for n in (first, second) for p in _papers(n)] == [1, 2]


def test_a_refund_has_a_credit_note_of_its_own_series(shop: Shop, tee: int) -> None:
    number = bought(shop, tee, quantity=2)

    _refund(shop, number, units={the(number).lines[0].id: 1})

    invoice, credit = _papers(number)
    assert (invoice.printed, credit.printed) == ("GN-INV-000001", "GN-CRN-000001")
    assert (credit.total_minor, credit.tax_minor) == (4500, 409)


def test_all_papers_of_an_order_given_back_sum_to_nothing(shop: Shop, tee: int) -> None:
    number = bought(shop, tee, quantity=3)
    line_id = the(number).lines[0].id
    _refund(shop, number, units={line_id: 1})
    _refund(shop, number, amount=aud(10.01))
    _refund(shop, number)

    invoice, *credits_ = _papers(number)
    assert sum(credit.total_minor for credit in credits_) == invoice.total_minor
    assert sum(credit.tax_minor for credit in credits_) == invoice.tax_minor


def test_without_the_sellers_details_it_is_a_receipt(shop: Shop, tee: int) -> None:
    page = as_read(Reader(shop, bought(shop, tee)).get("/receipt"))

    assert "Receipt GN-INV-000001" in page
    assert "Tax invoice" not in page


def test_an_australian_tax_invoice_says_all_that_the_law_asks(shop: Shop, tee: int) -> None:
    _say_who_sells(shop)
    page = as_read(Reader(shop, bought(shop, tee)).get("/receipt"))

    for said in (
        "Tax invoice GN-INV-000001",
        "22 November 2026",
        "Rainbow Press Pty Ltd",
        "ABN 51 824 753 556",
        "Late Edition tee",
        "GST 10 %",
        "$4.90",
        "$53.95",
    ):
        assert said in page
    assert "Robin" not in page


def test_from_a_thousand_dollars_on_it_names_its_buyer(app: Flask, shop: Shop) -> None:
    _say_who_sells(shop)
    press = a_variant(shop, title="Proofing press", price=aud(1_000))

    assert "Sold to Robin Reader" in as_read(Reader(shop, bought(shop, press)).get("/receipt"))


def test_what_leaves_the_country_is_an_invoice_without_tax(shop: Shop, tee: int) -> None:
    _say_who_sells(shop)
    reader = shop.browser()
    fill_cart(reader, tee)
    reader.post(
        "/cart/destination", data={"country": "NZ"}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    session_id = session_of(check_out(reader))
    shop.sandbox.pay(session_id, address=ABROAD)
    thanks(reader, session_id)

    page = as_read(Reader(shop, number_of(shop, session_id)).get("/receipt"))

    assert "Invoice GN-INV-000001" in page
    assert "Tax invoice" not in page
    assert "GST 0 %" in page


def test_details_said_later_do_not_change_who_sold(shop: Shop, tee: int) -> None:
    _say_who_sells(shop)
    number = bought(shop, tee)
    _say_who_sells(shop, legal_name="Another Press Pty Ltd")

    assert "Rainbow Press Pty Ltd" in as_read(Reader(shop, number).get("/receipt"))


def test_the_lines_of_the_page_add_up_to_its_total(shop: Shop, tee: int) -> None:
    mug = a_variant(shop, title="Above the Fold mug", price=aud(26.05))
    page = Reader(shop, bought(shop, tee, mug, quantity=2)).get("/receipt").text
    cells = re.findall(r'<td class="figure">\$([\d.]+)</td>\s*</tr>', page.split("bill__taxes")[0])
    sums = dict(re.findall(r"<dt>(\w+).*?</dt>\s*<dd>\s*\$([\d.]+)", page))

    goods = sum(round(float(cell) * 100) for cell in cells)
    shipping, total = (round(float(sums.get(name, "0")) * 100) for name in ("Shipping", "Total"))
    assert goods == 14210
    assert goods + shipping == total


def test_a_paper_opens_by_the_key_of_its_order_alone(shop: Shop, tee: int) -> None:
    mine, other = (Reader(shop, bought(shop, tee)) for _ in range(2))
    mine.key, key = other.key, mine.key

    assert [mine.get("/receipt").status_code, mine.get("/receipt.pdf").status_code] == [404, 404]
    mine.key = key
    assert mine.get("/receipt").headers["Cache-Control"] == "no-store"
    assert mine.get("/refunds/1").status_code == 404


@pytest.mark.skipif(not can_print(), reason="the libraries that lay out a PDF are not here")
def test_a_paper_is_a_pdf_as_well(shop: Shop, tee: int) -> None:
    answer = Reader(shop, bought(shop, tee)).get("/receipt.pdf")

    assert answer.data.startswith(b"%PDF")
    assert 'filename="GN-INV-000001.pdf"' in answer.headers["Content-Disposition"]


def test_the_orders_page_and_the_mail_lead_to_the_paper(shop: Shop, tee: int) -> None:
    number = bought(shop, tee)

    assert "GN-INV-000001" in Reader(shop, number).get().text


def an_order(prices: list[tuple[int, int, bool]], shipping: int) -> Order:
    """Return an order as the total invoice rule reckons it: prices, units, taxed or not."""
    lines = [
        OrderLine(
            id=number,
            quantity=units,
            unit_price_minor=price,
            discount_minor=0,
            total_minor=price * units,
            tax_minor=round(price * units / 11) if is_taxed else 0,
        )
        for number, (price, units, is_taxed) in enumerate(prices, start=1)
    ]
    goods = sum(line.total_minor for line in lines)
    tax = sum(line.tax_minor for line in lines) + shipping // 11
    return Order(
        currency="AUD",
        destination="AU",
        subtotal_minor=goods,
        discount_minor=0,
        shipping_minor=shipping,
        tax_minor=tax,
        total_minor=goods + shipping,
        lines=lines,
    )


PRICES = st.lists(
    st.tuples(st.integers(1, 90_000), st.integers(1, 5), st.booleans()), min_size=1, max_size=4
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(PRICES, st.integers(0, 3_000))
def test_the_rates_of_an_order_add_up_to_it(
    prices: list[tuple[int, int, bool]], shipping: int
) -> None:
    order = an_order(prices, shipping)

    lines = tax_lines(order, Settings.model_construct(country="AU", tax_name="GST"))

    assert sum(line.taxed for line in lines) == order.total_minor
    assert sum(line.tax for line in lines) == order.tax_minor


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(PRICES, st.integers(0, 3_000), st.data())
def test_the_tax_of_all_refunds_is_the_tax_of_the_order(
    prices: list[tuple[int, int, bool]], shipping: int, data: st.DataObject
) -> None:
    order = an_order(prices, shipping)
    before, left = list[tuple[int, int]](), order.total_minor
    for line in order.lines:
        if left > line.total_minor and data.draw(st.booleans()):
            part = RefundLine(order_line_id=line.id, amount_minor=line.total_minor)
            refund = Refund(amount_minor=line.total_minor, shipping_minor=0, lines=[part])
            before.append((refund.amount_minor, tax_of_refund(order, refund, before)))
            left -= line.total_minor
    for _ in range(3):
        amount = data.draw(st.integers(1, left)) if left else 0
        if amount:
            refund = Refund(amount_minor=amount, shipping_minor=0, lines=[])
            before.append((amount, tax_of_refund(order, refund, before)))
            left -= amount
    if left:
        refund = Refund(amount_minor=left, shipping_minor=0, lines=[])
        before.append((left, tax_of_refund(order, refund, before)))

    assert sum(tax for _, tax in before) == order.tax_minor
    assert all(tax >= 0 for _, tax in before)


def test_what_is_kept_of_an_order_is_never_less_than_the_tax_in_it() -> None:
    # An untaxed line goes back, and nearly all of the taxed one as an amount that names nothing.
    order = an_order([(10_000, 1, False), (1_000, 1, True)], shipping=0)
    most = Refund(
        amount_minor=10_991,
        shipping_minor=0,
        lines=[RefundLine(order_line_id=1, amount_minor=10_000)],
    )
    rest = Refund(amount_minor=9, shipping_minor=0, lines=[])

    first = tax_of_refund(order, most, [])
    second = tax_of_refund(order, rest, [(most.amount_minor, first)])

    assert (first, second) == (order.tax_minor - 9, 9)
