"""Paid, and gone, at the desk: seen, dated, and chosen for a reader who asked."""

import pytest
from flask import Flask

from store.database import writing
from store.staff.roles import Role
from tests.builders import a_product
from tests.buying import deliver
from tests.desk import Desk, as_read, the, traces
from tests.invariants import assert_invariants
from tests.orders.after_buying import Reader
from tests.orders.gone import gone, gone_after_payment, later, states
from tests.shop import Shop
from tests.staff.refunds import given_at_stripe


@pytest.fixture
def sizes(app: Flask, shop: Shop) -> tuple[int, int]:
    with writing():
        tee = a_product(shop.clock, title="Late Edition tee", options={"Size": ["M", "L"]}, stock=9)
        return tee.variants[0].id, tee.variants[1].id


@pytest.fixture
def number(shop: Shop, sizes: tuple[int, int]) -> str:
    return gone_after_payment(shop, {sizes[0]: 2}, {sizes[0]: 1})


@pytest.fixture
def desk(shop: Shop, number: str) -> Desk:
    """Somebody who signed in after the payment had come too late."""
    return Desk(shop)


def test_staff_see_who_has_to_choose(desk: Desk, number: str) -> None:
    assert "1 reader has to choose" in as_read(desk.browser.get("/staff/"))
    page = desk.text("missing")
    assert number in page
    assert "The reader has to choose" in page
    assert "Paid, and gone" in desk.text(number)


def test_staff_say_when_it_is_expected(shop: Shop, desk: Desk, number: str) -> None:
    one = gone()[0].id

    wrong = desk.post(f"{number}/missing/expected", shortfall=one, expected="soon")
    assert wrong.status_code == 422
    done = desk.post(f"{number}/missing/expected", shortfall=one, expected="2026-12-24")

    assert done.status_code == 303
    assert "Expected on 24 December 2026" in as_read(Reader(shop, number).get("/missing"))
    assert traces(number)[0].act == "order.expected"


@pytest.mark.parametrize(
    "decided", [("wait", "waits"), ("refund", "refunded"), ("swap", "swapped")], ids=lambda d: d[0]
)
def test_staff_choose_for_a_reader(
    shop: Shop, number: str, sizes: tuple[int, int], decided: tuple[str, str]
) -> None:
    desk, one, (choice, state) = Desk(shop), gone()[0].id, decided

    answer = desk.post(f"{number}/missing", **{f"choice-{one}": choice, f"instead-{one}": sizes[1]})

    assert answer.status_code == 303
    assert states() == [state]
    assert given_at_stripe(shop) == ([4500] if choice == "refund" else [])
    assert traces(number)[0].act == "order.missing_chosen"
    assert gone()[0].chosen_by.startswith("Staff")
    if choice != "wait":
        again = desk.post(f"{number}/missing", **{f"choice-{one}": "refund"})
        assert again.status_code == 409
    assert_invariants()


def test_nothing_is_chosen_by_nothing(desk: Desk, number: str) -> None:
    one = gone()[0].id
    assert desk.post(f"{number}/missing").status_code == 422
    assert desk.post(f"{number}/missing", **{f"choice-{one}": "swap"}).status_code == 422
    assert states() == ["open"]


def test_what_the_deadline_could_not_do_is_marked(shop: Shop, number: str) -> None:
    shop.sandbox.dispute(the(number).payments[0].intent_id)
    deliver(shop)
    later(shop, days=8)

    assert "could not" in Desk(shop).text("missing")


def test_who_packs_dates_and_does_not_choose(shop: Shop, number: str) -> None:
    desk, one = Desk(shop, Role.FULFILMENT), gone()[0].id

    assert "Choose and mail" not in desk.text(f"{number}/missing")
    assert desk.post(f"{number}/missing", **{f"choice-{one}": "refund"}).status_code == 403
    fields = {"shortfall": one, "expected": "2026-12-24"}
    assert desk.post(f"{number}/missing/expected", **fields).status_code == 303
