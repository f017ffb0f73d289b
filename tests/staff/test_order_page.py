"""The page of one order: what it tells, notes, its address, mails, and parcels that leave."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from store.app import create_app
from store.database import db, writing
from store.inventory import stock
from store.mail.models import Message
from store.orders.links import order_path
from store.orders.models import OrderState
from store.staff.order_words import STEPS
from store.staff.roles import Role
from tests.beginning import Beginning
from tests.buying import check_out, fill_cart, mails, session_of
from tests.desk import ELSEWHERE, Desk, as_read, bought, number_of, the, traces
from tests.invariants import assert_invariants
from tests.shop import Shop, some_settings

NASTY = "<script>alert(1)</script>{{ 7*7 }}'; DROP TABLE order;-- =cmd|' /C calc'!A0"


@pytest.fixture
def order(begin: Beginning, tee: int) -> str:
    return begin(_two, tee)


def _two(shop: Shop, tee: int) -> str:
    return bought(shop, tee, quantity=2)


def _line(number: str) -> int:
    return the(number).lines[0].id


def _ship(desk: Desk, number: str, units: object = 2, **fields: Any) -> Any:
    given = {"seen": sum(line.shipped for line in the(number).lines), "mails": "1", **fields}
    return desk.post(f"{number}/parcels", **{f"units-{_line(number)}": units}, **given)


def _texts(kind: str) -> list[str]:
    return [message.text for message in mails(kind)]


def test_the_page_tells_who_what_and_what_it_came_to(desk: Desk, order: str) -> None:
    page = desk.text(order)

    for told in ("Robin Reader", "12 Galley Street", "Newtown NSW 2042", "robin@example.org"):
        assert told in page
    assert "Late Edition tee" in page
    assert "Subtotal $90.00" in page
    assert "Shipping · Australia $8.95" in page
    assert "$98.95" in page


def test_the_payment_leads_to_stripes_own_page_of_it(desk: Desk, order: str) -> None:
    intent = the(order).payments[0].intent_id

    page = desk.get(order).text

    assert f'href="https://dashboard.stripe.com/test/payments/{intent}"' in page


def test_a_live_payment_leads_to_the_live_page(
    shop: Shop, order: str, database_url: str, tmp_path: Any
) -> None:
    settings = some_settings(tmp_path, database_url, stripe_key="sk_live_of_a_test")
    services = replace(shop.services, settings=settings)
    live = Shop(create_app(settings, services), services, shop.clock)

    page = Desk(live).get(order).text

    assert 'href="https://dashboard.stripe.com/payments/pi_' in page
    assert "Live payments" in page
    with live.app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("number", ["GN-0000-0000", "nothing", "..", "GN-" + "9" * 300, "%00"])
def test_an_unknown_number_is_not_found(desk: Desk, number: str) -> None:
    assert desk.get(number).status_code == 404
    assert desk.post(f"{number}/notes", text="x").status_code == 404


def test_a_number_is_known_however_it_is_typed(desk: Desk, order: str) -> None:
    assert order in desk.text(order.lower().replace("-", ""))


def test_a_note_stands_on_the_timeline_for_staff_alone(shop: Shop, desk: Desk, order: str) -> None:
    answer = desk.post(f"{order}/notes", text=f"Called her. {NASTY}")

    assert answer.status_code == 303
    page = desk.get(order).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}" in page
    assert "<script>alert" not in page
    assert [entry.act for entry in traces(order)] == ["order.noted"]
    public = shop.browser().get(order_path(the(order), shop.services.settings)).text
    assert "Called her" not in public
    assert "Called her" not in Desk(shop, Role.ANALYST).get(order).text


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 2001])
def test_a_note_that_says_nothing_or_too_much_is_handed_back(
    desk: Desk, order: str, text: str
) -> None:
    answer = desk.post(f"{order}/notes", text=text)

    assert answer.status_code == 422
    assert "field__error" in answer.text
    assert text.strip()[:50] in answer.text


def test_what_a_reader_typed_is_shown_and_never_run(shop: Shop, desk: Desk, tee: int) -> None:
    order = bought(shop, tee, name=NASTY, email="robin@example.org")

    listed, page = desk.get("", view="all").text, desk.get(order).text

    for text in (listed, page, desk.get("slips", order=order).text):
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)" in text


def test_a_parcel_leaves_whole(shop: Shop, desk: Desk, order: str) -> None:
    answer = _ship(desk, order, carrier="Australia Post", tracking="9970 2000 0001 2345")

    assert answer.status_code == 303
    (parcel,) = the(order).fulfilments
    assert (parcel.carrier, parcel.tracking_number) == ("Australia Post", "9970 2000 0001 2345")
    assert parcel.sent_to["line1"] == "12 Galley Street"
    assert "Australia Post 9970 2000 0001 2345" in _texts("orders.shipped")[0]
    assert "Shipped · 2 units" in desk.text(order)
    assert_invariants(shop.sandbox)


def test_half_a_parcel_leaves_the_rest_to_be_sent(shop: Shop, desk: Desk, order: str) -> None:
    _ship(desk, order, 1)

    page = desk.text(order)
    assert "Partly shipped" in page
    assert "1 sent 1 to send" in page
    assert order in desk.text("")
    assert _ship(desk, order, 1).status_code == 303
    assert "Pack and send" not in desk.text(order)
    assert_invariants(shop.sandbox)


def test_nobody_is_written_to_when_the_tick_is_taken_out(desk: Desk, order: str) -> None:
    given = {"seen": 0, f"units-{_line(order)}": 2}

    desk.post(f"{order}/parcels", **given)

    assert _texts("orders.shipped") == []


@pytest.mark.parametrize("units", ["3", "-1", "x", "²", "1.5"])
def test_units_that_are_not_there_are_said_beside_their_line(
    shop: Shop, desk: Desk, order: str, units: str
) -> None:
    answer = _ship(desk, order, units, tracking="kept as typed")

    assert answer.status_code == 422
    assert "From 0 to 2." in answer.text
    assert "kept as typed" in answer.text
    assert the(order).fulfilments == []


def test_an_empty_parcel_does_not_leave(desk: Desk, order: str) -> None:
    answer = _ship(desk, order, 0)

    assert answer.status_code == 422
    assert "Say how many units" in as_read(answer)


def test_a_form_that_was_overtaken_ships_nothing(shop: Shop, desk: Desk, order: str) -> None:
    fields = {"seen": 0, f"units-{_line(order)}": 1}

    first = desk.post(f"{order}/parcels", **fields)
    second = desk.post(f"{order}/parcels", **fields)

    assert (first.status_code, second.status_code) == (303, 409)
    assert "Another parcel left" in as_read(second)
    assert the(order).lines[0].shipped == 1
    assert_invariants(shop.sandbox)


def test_a_shelf_that_holds_too_few_is_said(shop: Shop, desk: Desk, tee: int, order: str) -> None:
    with writing():
        stock.count(tee, 1, cause="stock-take", actor="ana", clock=shop.clock)

    answer = _ship(desk, order)

    assert answer.status_code == 409
    assert "fewer units lie on the shelf" in as_read(answer)
    assert the(order).fulfilments == []


def test_an_unpaid_order_is_not_sent(shop: Shop, desk: Desk, tee: int) -> None:
    reader = shop.browser()
    fill_cart(reader, tee)
    order = number_of(shop, session_of(check_out(reader)))

    answer = _ship(desk, order, 1)

    assert answer.status_code == 409
    assert the(order).state == OrderState.PENDING


def test_another_address_is_written_beside_the_first(shop: Shop, desk: Desk, order: str) -> None:
    answer = desk.post(f"{order}/address", **ELSEWHERE)

    assert answer.status_code == 303
    kept = the(order)
    assert kept.address["line1"] == "12 Galley Street"
    page = desk.text(order)
    assert "7 Proof Place Fremantle WA 6160" in page
    assert "Given on the pay page: Robin Reader, 12 Galley Street" in page
    (entry,) = traces(order)
    assert entry.before is not None
    assert entry.after is not None
    assert entry.before["goes_to"][1] == "12 Galley Street"
    assert entry.after["goes_to"][1] == "7 Proof Place"


def test_the_reader_and_the_slip_see_where_it_goes_now(shop: Shop, desk: Desk, order: str) -> None:
    desk.post(f"{order}/address", **ELSEWHERE)
    public = shop.browser().get(order_path(the(order), shop.services.settings)).text

    assert "7 Proof Place" in public
    assert "7 Proof Place" in desk.get("slips", order=order).text
    assert order in desk.text("", q="6160")
    assert order in desk.text("", q="Galley")


def test_what_has_left_keeps_its_label_when_the_rest_goes_elsewhere(desk: Desk, order: str) -> None:
    _ship(desk, order, 1)

    desk.post(f"{order}/address", **ELSEWHERE)
    _ship(desk, order, 1)

    first, second = the(order).fulfilments
    assert (first.sent_to["line1"], second.sent_to["line1"]) == (
        "12 Galley Street",
        "7 Proof Place",
    )


def test_after_the_last_parcel_no_address_is_changed(desk: Desk, order: str) -> None:
    _ship(desk, order)

    form, answer = desk.get(f"{order}/address"), desk.post(f"{order}/address", **ELSEWHERE)

    assert (form.status_code, answer.status_code) == (409, 409)
    assert "Nothing of it waits for a parcel" in as_read(answer)
    assert the(order).readdressings == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, "A parcel needs a name."),
        ({"line1": ""}, "Say the street"),
        ({"city": ""}, "Say the town"),
        ({"postal_code": "9" * 30}, "Too long for a postcode."),
        ({"country": "NZ"}, "does not lead to New Zealand"),
        ({"country": ""}, "does not lead to no country"),
        ({"country": "<b>"}, "does not lead to"),
    ],
)
def test_an_address_that_cannot_be_is_handed_back_as_typed(
    desk: Desk, order: str, wrong: dict[str, str], said: str
) -> None:
    answer = desk.post(f"{order}/address", **(ELSEWHERE | wrong))

    assert answer.status_code == 422
    assert said in as_read(answer)
    assert "7 Proof Place" in answer.text or "line1" in wrong
    assert the(order).readdressings == []


def test_an_address_that_somebody_changed_meanwhile_is_shown_and_nothing_is_lost(
    shop: Shop, desk: Desk, order: str
) -> None:
    Desk(shop).post(f"{order}/address", **(ELSEWHERE | {"line1": "1 First Street"}))

    answer = desk.post(f"{order}/address", **ELSEWHERE)

    assert answer.status_code == 409
    assert "1 First Street" in answer.text
    assert 'value="7 Proof Place"' in answer.text
    assert len(the(order).readdressings) == 1


def test_the_same_address_again_changes_nothing(desk: Desk, order: str) -> None:
    same = {"name": "Robin Reader", "line1": "12 Galley Street", "city": "Newtown"}

    desk.post(
        f"{order}/address",
        **(ELSEWHERE | same | {"state": "NSW", "postal_code": "2042"}),
    )

    assert the(order).readdressings == []
    assert traces(order) == []


def test_the_confirmation_goes_out_again_and_a_second_click_does_not_repeat_it(
    shop: Shop, desk: Desk, order: str
) -> None:
    first = desk.post(f"{order}/mails", what="confirmed")
    second = desk.post(f"{order}/mails", what="confirmed")

    assert (first.status_code, second.status_code) == (303, 409)
    assert len(_texts("orders.confirmed")) == 2
    shop.clock.move_to(shop.clock.now() + timedelta(minutes=2))
    assert desk.post(f"{order}/mails", what="confirmed").status_code == 303
    assert len({message.dedupe_key for message in mails("orders.confirmed")}) == 3
    assert_invariants(shop.sandbox)


def test_the_mail_of_a_parcel_goes_out_again(desk: Desk, order: str) -> None:
    _ship(desk, order, tracking="99702 1")

    answer = desk.post(f"{order}/mails", what=the(order).fulfilments[0].id)

    assert answer.status_code == 303
    assert [("99702 1" in text) for text in _texts("orders.shipped")] == [True, True]


@pytest.mark.parametrize("what", ["", "999999", "nonsense"])
def test_a_mail_that_never_was_is_not_repeated(desk: Desk, order: str, what: str) -> None:
    assert desk.post(f"{order}/mails", what=what).status_code == 404
    assert len(_texts("orders")) == len(db.session.scalars(db.select(Message)).all())


def test_a_parcel_of_another_order_is_not_mailed(
    shop: Shop, desk: Desk, tee: int, order: str
) -> None:
    other = bought(shop, tee)
    _ship(desk, other, 1)

    assert desk.post(f"{order}/mails", what=the(other).fulfilments[0].id).status_code == 404


@pytest.mark.parametrize("act", ["notes", "address", "mails", "parcels"])
@pytest.mark.parametrize("role", [Role.ANALYST, Role.EDITOR])
def test_who_does_not_pack_changes_nothing(shop: Shop, order: str, role: Role, act: str) -> None:
    assert Desk(shop, role).post(f"{order}/{act}").status_code == 403


def test_a_post_without_our_token_writes_nothing_and_is_shown_first(desk: Desk, order: str) -> None:
    answer = desk.browser.post(f"/staff/orders/{order}/notes", data={"text": "A forged note"})

    assert answer.status_code == 303
    assert "A forged note" in desk.browser.get(answer.headers["Location"]).text
    assert "A forged note" not in desk.text(order)


def test_each_step_on_the_page_is_said_in_words(shop: Shop, desk: Desk, order: str) -> None:
    _ship(desk, order, 1)
    desk.post(f"{order}/address", **ELSEWHERE)
    desk.post(f"{order}/refunds", how="amount", amount="5", seen=0)

    assert {event.kind for event in the(order).events} <= set(STEPS)
