"""Slips and pick lists: what is printed, what never is, and as PDF from the very same page."""

import re
import zlib
from pathlib import Path

import pytest
from flask import Flask

from store.database import writing
from store.mail.letterhead import write_letterhead
from store.orders.queries import locked_order
from store.orders.shipping import Parcel, ship_parcel
from store.paths import STATIC
from store.staff.roles import Role
from store.web.printing import STYLESHEET, pdf_of
from store.web.stylesheets import PAPER_ENTRY, joined_stylesheet
from tests.builders import aud
from tests.buying import a_variant
from tests.desk import Desk, bought, the
from tests.shop import Shop
from tests.staff.refunds import give, ship


@pytest.fixture
def mug(app: Flask, shop: Shop) -> int:
    return a_variant(shop, stock=9, title="Above the Fold mug", price=aud(26))


def _as_gift(number: str) -> None:
    order_id = the(number).id
    with writing():
        order = locked_order(order_id)
        order.is_gift, order.note = True, "Happy birthday"


def test_a_slip_says_who_sends_what_to_whom(desk: Desk, shop: Shop, tee: int) -> None:
    order = bought(shop, tee, quantity=2)

    page = desk.text("slips", order=order)

    for printed in ("GN Store", order, "Robin Reader", "12 Galley Street", "Late Edition tee"):
        assert printed in page
    assert "$45.00" in page
    assert "Gay Nation" not in page
    assert "robin@example.org" not in page
    assert "<img" not in desk.get("slips", order=order).text


def test_a_slip_shows_the_sender_that_staff_wrote(desk: Desk, shop: Shop, tee: int) -> None:
    order = bought(shop, tee)
    with writing():
        write_letterhead({"sender": "LE Post"}, shop.clock)

    page = desk.text("slips", order=order)

    assert "LE Post" in page
    assert "GN Store" not in page


def test_a_gift_is_packed_without_a_price(desk: Desk, shop: Shop, tee: int) -> None:
    order = bought(shop, tee)
    _as_gift(order)

    page = desk.text("slips", order=order)

    assert "Happy birthday" in page
    assert "$" not in page
    assert "Total" not in page


def test_a_slip_lists_what_lies_in_this_parcel(desk: Desk, shop: Shop, tee: int, mug: int) -> None:
    order = bought(shop, tee, mug, quantity=2)
    order_id, line_id = the(order).id, the(order).lines[0].id
    with writing():
        parcel = Parcel({line_id: 1})
        ship_parcel(locked_order(order_id), parcel, shop.services, actor="robin")

    page = desk.text("slips", order=order)

    assert "1 of 2" in page
    assert "The rest of the order comes" in page


def test_a_slip_promises_nothing_that_was_given_back(desk: Desk, shop: Shop, tee: int) -> None:
    order = bought(shop, tee, quantity=4)
    give(desk, order, units=1)

    waiting = desk.text("slips", order=order)
    ship(shop, order, 3)
    sent = desk.text("slips", order=order)

    for page in (waiting, sent):
        assert " 3 $45.00" in page
        assert "The rest of the order" not in page


def test_the_rest_is_counted_without_what_was_given_back(desk: Desk, shop: Shop, tee: int) -> None:
    order = bought(shop, tee, quantity=4)
    give(desk, order, units=1)
    ship(shop, order, 1)

    page = desk.text("slips", order=order)

    assert "2 of 3" in page
    assert "The rest of the order comes" in page


def test_what_may_not_be_packed_has_no_slip(desk: Desk, shop: Shop, tee: int) -> None:
    order = bought(shop, tee)
    desk.post(f"{order}/refunds", how="everything", seen=0)

    page = desk.text("slips", order=order)

    assert "There is nothing to print" in page
    assert "one order is left out" in page


def test_slips_of_a_list_are_printed_in_its_order(desk: Desk, shop: Shop, tee: int) -> None:
    numbers = [bought(shop, tee) for _ in range(2)]

    page = desk.text("slips", view="to_ship")

    assert page.index(numbers[0]) < page.index(numbers[1])
    assert "2 slips" in page


def test_a_pick_list_sums_each_variant_over_all_orders(
    desk: Desk, shop: Shop, tee: int, mug: int
) -> None:
    first, second = bought(shop, tee, mug, quantity=2), bought(shop, tee)

    page = desk.text("picks", order=[first, second])

    assert page.index("Above the Fold mug") < page.index("Late Edition tee")
    assert re.search(rf"3 Late Edition tee .* 9 {first} \(2\), {second}", page)
    assert "5 units, 2 orders" in page


def test_a_pick_list_leaves_out_what_is_not_to_be_sent(desk: Desk, shop: Shop, tee: int) -> None:
    order = bought(shop, tee)
    desk.post(f"{order}/refunds", how="everything", seen=0)

    assert "There is nothing to fetch" in desk.text("picks", order=order)


@pytest.mark.parametrize("numbers", [[], ["GN-0000-0000"], ["<b>", "' OR 1=1"]])
def test_numbers_that_are_no_orders_print_nothing(desk: Desk, numbers: list[str]) -> None:
    assert "There is nothing to print" in desk.text("slips", order=numbers, view="parked")


def test_only_who_packs_prints(shop: Shop) -> None:
    for paper in ("slips", "slips.pdf", "picks", "picks.pdf"):
        assert Desk(shop, Role.ANALYST).get(paper).status_code == 403


@pytest.mark.slow
@pytest.mark.parametrize("paper", ["slips", "picks"])
def test_the_pdf_is_made_from_the_page(desk: Desk, shop: Shop, tee: int, paper: str) -> None:
    numbers = [bought(shop, tee) for _ in range(2)]
    assert f"{paper}.pdf?order=" in desk.get(paper, order=numbers).text

    answer = desk.get(f"{paper}.pdf", order=numbers)

    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")
    assert _pages(answer.data) == (2 if paper == "slips" else 1)


@pytest.mark.slow
@pytest.mark.parametrize("paper", ["slips", "picks"])
def test_a_pdf_of_nothing_leads_to_the_page_that_says_so(desk: Desk, paper: str) -> None:
    answer = desk.get(f"{paper}.pdf")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/staff/orders/{paper}")


@pytest.mark.slow
def test_a_pdf_takes_its_stylesheet_and_fetches_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret.css"
    secret.write_text("@page { size: 50mm 50mm }")
    html = f'<link rel="stylesheet" href="{{}}"><img src="file://{secret}"><p>Words</p>'
    sheet = "@page { size: 100mm 100mm }"

    own = pdf_of(html.format(STYLESHEET), sheet)
    foreign = pdf_of(html.format(secret.as_uri()), sheet)

    assert (_width_mm(own), _width_mm(foreign)) == (100, 210)


def test_without_its_libraries_the_page_stays_and_the_link_goes(
    desk: Desk, shop: Shop, tee: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = bought(shop, tee)
    lame = tmp_path / "weasyprint"
    lame.mkdir()
    (lame / "__init__.py").write_text("raise OSError('cannot load library libpango')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    answer = desk.get("slips.pdf", order=order)

    assert answer.status_code == 503
    assert "libpango-1.0-0" in answer.text
    page = desk.get("slips", order=order)
    assert page.status_code == 200
    assert "slips.pdf" not in page.text


def test_the_sheet_for_paper_uses_only_what_a_printer_knows() -> None:
    sheet = joined_stylesheet(STATIC, PAPER_ENTRY)

    assert not re.search(r"light-dark|oklch|var\(|@layer|@media \(width|&", sheet)


def _pages(pdf: bytes) -> int:
    return sum(
        len(re.findall(rb"/Type\s*/Page\b(?!s)", _unpacked(stream))) for stream in _streams(pdf)
    )


def _width_mm(pdf: bytes) -> int:
    for stream in _streams(pdf):
        found = re.search(rb"/MediaBox\s*\[0 0 ([\d.]+)", _unpacked(stream))
        if found:
            return round(float(found[1]) / 72 * 25.4)
    raise AssertionError("no page")


def _streams(pdf: bytes) -> list[bytes]:
    return [pdf, *re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)]


def _unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream
