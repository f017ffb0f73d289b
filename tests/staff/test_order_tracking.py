"""Many orders marked as sent: ticked ones, and those of a carrier's file."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from store.database import db
from store.orders.models import TrackingList
from store.orders.tasks import sweeps
from store.staff.roles import Role
from tests.buying import a_variant, check_out, fill_cart, mails, session_of
from tests.desk import Desk, as_read, bought, number_of, the, traces
from tests.invariants import assert_invariants
from tests.shop import Shop


@pytest.fixture
def tee(app: Flask, shop: Shop) -> int:
    return a_variant(shop, stock=20)


def _upload(desk: Desk, text: str | bytes) -> Any:
    content = text if isinstance(text, bytes) else text.encode()
    return desk.post("tracking", file=(BytesIO(content), "parcels.csv"))


def _list_path(answer: Any) -> str:
    assert answer.status_code == 303, as_read(answer)
    return str(answer.headers["Location"]).removeprefix("/staff/orders/")


def _kept_lists() -> int:
    db.session.rollback()
    return db.session.scalars(select(func.count()).select_from(TrackingList)).one()


def test_a_file_is_looked_at_before_anything_is_sent(shop: Shop, desk: Desk, tee: int) -> None:
    ready, sent = bought(shop, tee), bought(shop, tee)
    desk.post("ship", order=[sent])
    reader = shop.browser()
    fill_cart(reader, tee)
    unpaid = number_of(shop, session_of(check_out(reader)))

    file = f"Order,Tracking\n{ready},99702\n{sent},99703\n{unpaid},99704\nGN-AAAA-BBBB,99705"
    page = desk.text(_list_path(_upload(desk, file)))

    assert "One order would be marked as sent" in page
    for why in ("Sent already: 1", "Not paid: 1", "No order has this number: 1"):
        assert why in page
    assert the(ready).fulfilments == []


def test_a_confirmed_file_sends_what_fits_and_is_forgotten(
    shop: Shop, desk: Desk, tee: int
) -> None:
    numbers = [bought(shop, tee) for _ in range(2)]
    rows = "\n".join(f"{number};9970{at};Post" for at, number in enumerate(numbers))
    path = _list_path(_upload(desk, f"Order;Tracking;Carrier\n{rows}\nGN-AAAA-BBBB;5;Post"))

    page = as_read(desk.post(f"{path}/confirmation", mails="1"))

    assert "2 orders are on their way" in page
    assert [the(n).fulfilments[0].tracking_number for n in numbers] == ["99700", "99701"]
    assert len(mails("orders.shipped")) == 2
    assert [entry.act for entry in traces(numbers[0])] == ["order.shipped"]
    assert _kept_lists() == 0
    assert desk.post(f"{path}/confirmation").status_code == 404
    assert_invariants(shop.sandbox)


def test_what_changed_since_the_preview_is_not_sent_twice(shop: Shop, desk: Desk, tee: int) -> None:
    first, second = bought(shop, tee), bought(shop, tee)
    path = _list_path(_upload(desk, f"Order,Tracking\n{first},1\n{second},2"))
    desk.post("ship", order=[first])

    page = as_read(desk.post(f"{path}/confirmation"))

    assert "One order is on its way" in page
    assert len(the(first).fulfilments) == 1
    assert_invariants(shop.sandbox)


def test_ten_thousand_bad_rows_are_told_and_not_all_shown(desk: Desk, app: Flask) -> None:
    rows = "\n".join(f"GN-{at:08d},=cmd|{at}" for at in range(9_999))

    answer = _upload(desk, f"Order,Tracking\n{rows}\nGN-AAAA-BBBB,<script>alert(1)</script>")

    assert answer.status_code == 422
    page = as_read(answer)
    assert "That is no tracking number: 10000" in page
    assert "And 9900 more" in page
    assert len(answer.data) < 200_000
    assert "<script>alert" not in answer.text
    assert _kept_lists() == 0


@pytest.mark.parametrize("content", [b"", b"\x89PNG\0\0", b"Colour,Size\nRed,M", b"PK\x03\x04\0"])
def test_what_is_no_list_is_refused_beside_the_field(desk: Desk, content: bytes) -> None:
    answer = _upload(desk, content)

    assert answer.status_code == 422
    assert "field__error" in answer.text


def test_no_file_at_all_is_said(desk: Desk) -> None:
    assert "Choose a file first." in desk.post("tracking").text


def test_a_list_is_for_whoever_made_it(shop: Shop, desk: Desk, tee: int) -> None:
    path = _list_path(_upload(desk, f"Order,Tracking\n{bought(shop, tee)},1"))
    other = Desk(shop)

    assert other.get(path).status_code == 404
    assert other.post(f"{path}/confirmation").status_code == 404
    assert other.post(f"{path}/discard").status_code == 404


def test_a_list_is_thrown_away_by_hand_or_after_a_day(shop: Shop, desk: Desk, tee: int) -> None:
    file = f"Order,Tracking\n{bought(shop, tee)},1"
    desk.post(f"{_list_path(_upload(desk, file))}/discard")
    assert _kept_lists() == 0
    _list_path(_upload(desk, file))

    shop.clock.move_to(shop.clock.now() + timedelta(hours=25))
    for sweep in sweeps(shop.services):
        sweep.run()

    assert _kept_lists() == 0


def test_ticked_orders_are_sent_together_each_with_its_number(
    shop: Shop, desk: Desk, tee: int
) -> None:
    first, second = bought(shop, tee), bought(shop, tee, quantity=2)
    assert "Mark 2 orders as sent" in desk.text("ship", order=[first, second, "GN-AAAA-BBBB"])

    fields = {"carrier": "Post", f"tracking-{first}": "T1", f"tracking-{second}": "T2"}
    page = as_read(desk.post("ship", order=[first, second], mails="1", **fields))

    assert "2 orders are on their way" in page
    assert [the(n).fulfilments[0].tracking_number for n in (first, second)] == ["T1", "T2"]
    assert_invariants(shop.sandbox)


def test_one_that_cannot_leave_keeps_no_other_back(shop: Shop, desk: Desk, tee: int) -> None:
    gone, ready = bought(shop, tee), bought(shop, tee)
    desk.post("ship", order=[gone])

    page = as_read(desk.post("ship", order=[gone, ready]))

    assert "One order is on its way" in page
    assert "One could not leave" in page
    assert gone in page


def test_a_tracking_number_that_is_too_long_is_handed_back(
    shop: Shop, desk: Desk, tee: int
) -> None:
    order = bought(shop, tee)

    answer = desk.post("ship", order=[order], **{f"tracking-{order}": "9" * 121})

    assert answer.status_code == 422
    assert "9" * 121 in answer.text
    assert the(order).fulfilments == []


def test_only_who_packs_sends(shop: Shop) -> None:
    desk = Desk(shop, Role.ANALYST)

    for path in ("ship", "tracking", "tracking/1/confirmation", "tracking/1/discard"):
        assert desk.post(path).status_code == 403
