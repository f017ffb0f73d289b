"""What readers send back: bounded, followed, and made good in money or by another one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from store.checkout.reconciling import reconcile
from store.database import db, writing
from store.inventory.models import MovementKind, StockLevel, StockMovement
from store.inventory.stock import OutOfStockError
from store.orders.models import OrderLine
from store.orders.queries import locked_order
from store.orders.refunding import RefundWish, refund_order, send_refund
from store.orders.returning import deciding
from store.orders.returning.deciding import DecidedError, return_of
from store.orders.returning.exchanging import exchange
from store.orders.returning.giving_back import Giving, write_return_refund
from store.orders.returning.models import Return, ReturnState
from store.orders.returning.receiving import Arrived, receive
from tests.beginning import Beginning
from tests.builders import a_product, aud
from tests.buying import mails
from tests.desk import as_read, bought, the
from tests.invariants import assert_invariants
from tests.orders.after_buying import Reader, ship, the_return
from tests.shop import Shop


@pytest.fixture
def sizes(app: Flask, begin: Beginning) -> tuple[int, int]:
    """Return a tee in M and in L, nine of each."""
    return begin(_in_two_sizes)


def _in_two_sizes(shop: Shop) -> tuple[int, int]:
    with writing():
        tee = a_product(shop.clock, title="Late Edition tee", options={"Size": ["M", "L"]}, stock=9)
        medium, large = (variant.id for variant in tee.variants)
    return medium, large


@pytest.fixture
def number(begin: Beginning, sizes: tuple[int, int]) -> str:
    """Three tees in M, all of them sent and arrived."""
    return begin(_three_arrived, sizes[0])


def _three_arrived(shop: Shop, variant_id: int) -> str:
    number = bought(shop, variant_id, quantity=3)
    ship(shop, number)
    return number


@pytest.fixture
def reader(shop: Shop, number: str) -> Reader:
    return Reader(shop, number)


def _line(number: str) -> OrderLine:
    return the(number).lines[0]


def _decide(shop: Shop, verb: str, words: str = "Send it to 1 Press Lane.") -> None:
    asked = the_return()
    return_id, order_id = asked.id, asked.order_id
    with writing():
        one = return_of(locked_order(order_id), return_id)
        getattr(deciding, verb)(one, words, shop.services, actor="robin")


def _receive(shop: Shop, good: int, damaged: int = 0) -> None:
    asked = the_return()
    return_id, order_id = asked.id, asked.order_id
    line_id = asked.lines[0].order_line_id
    with writing():
        one = return_of(locked_order(order_id), return_id)
        receive(one, {line_id: Arrived(good, damaged)}, shop.services, actor="robin")


def _give_back(shop: Shop, giving: Giving | None = None) -> None:
    asked = the_return()
    return_id, order_id = asked.id, asked.order_id
    with writing():
        one = return_of(locked_order(order_id), return_id)
        refund = write_return_refund(one, giving or Giving(), shop.services, actor="robin")
        refund_id = refund.id
    send_refund(refund_id, shop.services)


def _on_hand(variant_id: int) -> int:
    db.session.rollback()
    return db.session.get_one(StockLevel, variant_id).on_hand


def _moved(variant_id: int) -> list[tuple[str, int]]:
    rows = db.session.execute(
        select(StockMovement.kind, StockMovement.delta)
        .where(
            StockMovement.variant_id == variant_id,
            StockMovement.kind.in_((MovementKind.RETURN, MovementKind.DAMAGE)),
        )
        .order_by(StockMovement.id)
    )
    return [(kind, delta) for kind, delta in rows]


def test_a_reader_asks_and_follows_it_on_the_page(reader: Reader, number: str) -> None:
    answer = reader.send_back(_line(number).id, 2)

    assert answer.status_code == 303
    assert the_return().state == ReturnState.ASKED
    page = as_read(reader.get())
    assert "Waits for us" in page
    assert "2 × Late Edition tee (M)" in page
    assert [mail.kind for mail in mails("orders.return_asked")] == ["orders.return_asked"]


@pytest.mark.parametrize("units", ["4", "-1", "1.5", "x", "99999999999"])
def test_more_than_was_sent_does_not_come_back(reader: Reader, number: str, units: str) -> None:
    line_id = _line(number).id
    answer = reader.post(
        "/returns", **{f"units-{line_id}": units, f"reason-{line_id}": "faulty", "note": "hello"}
    )

    assert answer.status_code == 422
    assert "From 0 to 3." in answer.text
    assert "hello" in answer.text
    assert _line(number).coming_back == 0


def test_a_return_says_what_and_why(reader: Reader, number: str) -> None:
    line_id = _line(number).id

    assert "Say how many" in reader.post("/returns").text
    assert "Say why." in reader.post("/returns", **{f"units-{line_id}": 1}).text


def test_what_has_not_left_does_not_come_back(shop: Shop, sizes: tuple[int, int]) -> None:
    order = bought(shop, sizes[0], quantity=2)
    answer = Reader(shop, order).send_back(_line(order).id, 1)

    assert answer.status_code == 422


def test_two_windows_never_send_back_more_than_was_sent(
    shop: Shop, reader: Reader, number: str
) -> None:
    line_id = _line(number).id

    def ask(_window: int) -> int:
        return reader.in_another_window(shop).send_back(line_id, 2).status_code

    with ThreadPoolExecutor(4) as windows:
        answers = sorted(windows.map(ask, range(4)))

    assert answers.count(303) == 1
    assert _line(number).coming_back == 2
    assert_invariants(shop.sandbox)


def test_the_database_refuses_more_than_was_sent(number: str) -> None:
    line_id = _line(number).id

    def overdo() -> None:
        with writing():
            db.session.execute(
                update(OrderLine).where(OrderLine.id == line_id).values(coming_back=4)
            )

    with pytest.raises(IntegrityError):
        overdo()


def test_after_the_days_are_over_the_page_says_what_is_left_to_do(
    shop: Shop, reader: Reader, number: str
) -> None:
    shop.clock.move_to(shop.clock.now() + timedelta(days=31))

    answer = reader.get("/returns")

    assert answer.status_code == 409
    assert "The 30 days for sending back are over" in as_read(answer)
    assert reader.send_back(_line(number).id, 1).status_code in {409, 422}


def test_units_that_were_refunded_otherwise_do_not_come_back(
    shop: Shop, reader: Reader, number: str
) -> None:
    wish = RefundWish(units={_line(number).id: 2}, returns=True)
    refund_order(the(number), wish, shop.services, actor="robin")

    assert reader.send_back(_line(number).id, 2).status_code == 422
    assert reader.send_back(_line(number).id, 1).status_code == 303


def test_a_withdrawn_return_can_be_asked_for_again(reader: Reader, number: str) -> None:
    reader.send_back(_line(number).id, 3)
    answer = reader.post(f"/returns/{the_return().id}/withdrawal")

    assert answer.status_code == 303
    assert the_return().state == ReturnState.WITHDRAWN
    assert _line(number).coming_back == 0
    assert reader.send_back(_line(number).id, 3).status_code == 303


def test_nobody_withdraws_the_return_of_another_order(
    shop: Shop, reader: Reader, number: str, sizes: tuple[int, int]
) -> None:
    reader.send_back(_line(number).id, 1)
    other = Reader(shop, bought(shop, sizes[0]))

    assert other.post(f"/returns/{the_return().id}/withdrawal").status_code == 404
    assert the_return().state == ReturnState.ASKED


def test_the_approval_mails_how_to_send_it(shop: Shop, reader: Reader, number: str) -> None:
    reader.send_back(_line(number).id, 1)
    _decide(shop, "approve", "Any parcel will do.\n\nTo: 1 Press Lane, Newtown")

    mail = mails("orders.return_approved")[0]
    assert "To: 1 Press Lane, Newtown" in mail.text
    assert "1 Press Lane" in mail.html
    assert "Late Edition" not in mail.subject
    assert "1 Press Lane" in reader.get().text


def test_a_declined_return_says_why_and_lets_the_units_go(
    shop: Shop, reader: Reader, number: str
) -> None:
    reader.send_back(_line(number).id, 1)
    _decide(shop, "decline", "It was worn.")

    assert "It was worn." in mails("orders.return_declined")[0].text
    assert "It was worn." in reader.get().text
    assert _line(number).coming_back == 0


def test_a_return_is_decided_once(shop: Shop, reader: Reader, number: str) -> None:
    reader.send_back(_line(number).id, 1)
    _decide(shop, "decline")

    with pytest.raises(DecidedError):
        _decide(shop, "approve")


def test_good_units_go_on_the_shelf_and_damaged_ones_off_the_books(
    shop: Shop, reader: Reader, number: str, sizes: tuple[int, int]
) -> None:
    reader.send_back(_line(number).id, 3)
    _decide(shop, "approve")
    before = _on_hand(sizes[0])
    _receive(shop, good=1, damaged=1)

    assert _on_hand(sizes[0]) == before + 1
    assert _moved(sizes[0]) == [("return", 2), ("damage", -1)]
    # One did not come: its reader may still send it.
    assert _line(number).coming_back == 2
    assert_invariants(shop.sandbox)


def test_money_goes_back_for_what_came(shop: Shop, reader: Reader, number: str) -> None:
    reader.send_back(_line(number).id, 2)
    _decide(shop, "approve")
    _receive(shop, good=2)
    _give_back(shop)

    order = the(number)
    assert the_return().state == ReturnState.REFUNDED
    assert order.payments[0].refunded_minor == 9000
    assert order.lines[0].cancelled == 0
    assert "$90.00" in mails("orders.refunded")[0].text
    assert "Given back: $90.00" in as_read(reader.get())
    assert_invariants(shop.sandbox)


def test_less_goes_back_for_what_was_worn(shop: Shop, reader: Reader, number: str) -> None:
    reader.send_back(_line(number).id, 1)
    _decide(shop, "approve")
    _receive(shop, good=0, damaged=1)
    _give_back(shop, Giving(amount=aud(20)))

    assert the(number).payments[0].refunded_minor == 2000


def test_a_return_of_what_left_first_cancels_nothing_of_the_rest(
    shop: Shop, sizes: tuple[int, int]
) -> None:
    number = bought(shop, sizes[0], quantity=2)
    ship(shop, number, 1)
    Reader(shop, number).send_back(_line(number).id, 1)
    _decide(shop, "approve")
    _receive(shop, good=1)
    _give_back(shop)

    assert (_line(number).shipped, _line(number).left_to_ship) == (1, 1)
    assert_invariants(shop.sandbox)


def test_the_other_one_is_sent_by_an_order_of_nothing(
    shop: Shop, reader: Reader, number: str, sizes: tuple[int, int]
) -> None:
    reader.send_back(_line(number).id, 2, instead=sizes[1])
    _decide(shop, "approve")
    _receive(shop, good=2)
    asked = the_return()
    return_id, order_id = asked.id, asked.order_id
    with writing():
        one = return_of(locked_order(order_id), return_id)
        other = exchange(one, shop.services, actor="robin").number

    replacement = the(other)
    assert (replacement.total_minor, replacement.lines[0].combination) == (0, "L")
    assert db.session.get_one(StockLevel, sizes[1]).reserved == 2
    ship(shop, other)
    assert _on_hand(sizes[1]) == 7
    assert other in reader.get().text
    assert number in Reader(shop, other).get().text
    assert reconcile(shop.services) == []
    assert_invariants(shop.sandbox)


def test_what_is_gone_meanwhile_is_not_promised(
    shop: Shop, reader: Reader, number: str, sizes: tuple[int, int]
) -> None:
    reader.send_back(_line(number).id, 2, instead=sizes[1])
    _decide(shop, "approve")
    _receive(shop, good=2)
    bought(shop, sizes[1], quantity=8)
    asked = the_return()
    return_id, order_id = asked.id, asked.order_id

    def swap() -> None:
        with writing():
            exchange(return_of(locked_order(order_id), return_id), shop.services, actor="robin")

    with pytest.raises(OutOfStockError):
        swap()
    assert the_return().state == ReturnState.RECEIVED
    assert_invariants(shop.sandbox)


def test_only_the_same_product_is_swapped(shop: Shop, reader: Reader, number: str) -> None:
    with writing():
        mug = a_product(shop.clock, title="Mug").variants[0].id

    assert reader.send_back(_line(number).id, 1, instead=mug).status_code == 409
    assert db.session.scalar(select(Return.id)) is None


def test_money_and_swaps_are_two_returns(shop: Shop, sizes: tuple[int, int]) -> None:
    number = bought(shop, *sizes, quantity=1)
    ship(shop, number)
    first, second = (line.id for line in the(number).lines)
    fields = {
        f"units-{first}": 1,
        f"reason-{first}": "too_small",
        f"instead-{first}": sizes[1],
        f"units-{second}": 1,
        f"reason-{second}": "faulty",
    }
    Reader(shop, number).post("/returns", **fields)

    assert sorted(db.session.scalars(select(Return.wish))) == ["exchange", "refund"]


def test_an_order_of_nothing_gives_no_money_back(
    shop: Shop, reader: Reader, number: str, sizes: tuple[int, int]
) -> None:
    reader.send_back(_line(number).id, 1, instead=sizes[1])
    _decide(shop, "approve")
    _receive(shop, good=1)
    asked = the_return()
    return_id, order_id = asked.id, asked.order_id
    with writing():
        one = return_of(locked_order(order_id), return_id)
        other = exchange(one, shop.services, actor="robin").number
    ship(shop, other)
    again = Reader(shop, other)

    assert "My money back" not in again.get("/returns").text
    assert again.send_back(_line(other).id, 1).status_code == 409
    assert again.send_back(_line(other).id, 1, instead=sizes[0]).status_code == 303
