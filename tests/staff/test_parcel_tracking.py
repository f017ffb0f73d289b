"""Several parcels of an order: each with its carrier's page, and a number that can be mended."""

from store.orders.links import order_path
from store.staff.roles import Role
from tests.buying import mails
from tests.desk import Desk, as_read, the, traces
from tests.invariants import assert_invariants
from tests.shop import Shop

UPS = "1Z5R89390357567127"
ROYAL = "EE876543216GB"
WRONG = "1Z5R89390357567128"


def _ship(desk: Desk, number: str, units: int, tracking: str, **fields: str) -> int:
    line = the(number).lines[0].id
    seen = str(sum(one.shipped for one in the(number).lines))
    given = {"seen": seen, "mails": "1", "tracking": tracking, **fields}
    answer = desk.post(f"{number}/parcels", **{f"units-{line}": str(units)}, **given)
    return answer.status_code


def _correct(desk: Desk, number: str, tracking: str, **fields: str) -> int:
    parcel = the(number).fulfilments[0]
    seen = {"seen_carrier": parcel.carrier, "seen_tracking": parcel.tracking_number}
    path = f"{number}/parcels/{parcel.id}/tracking"
    return desk.post(path, **(seen | {"tracking": tracking} | fields)).status_code


def test_each_parcel_shows_what_is_in_it_and_where_it_is(
    shop: Shop, desk: Desk, order: str
) -> None:
    assert _ship(desk, order, 1, UPS) == 303
    assert _ship(desk, order, 2, "", carrier="Bicycle") == 303
    desk.post(f"{order}/parcels/{the(order).fulfilments[0].id}/arrival")

    answer = shop.browser().get(order_path(the(order), shop.services.settings))

    page = as_read(answer)
    assert f"https://www.ups.com/track?tracknum={UPS}" in answer.text
    assert "Parcel 1 of 2 Arrived on" in page
    assert "Parcel 2 of 2 Left us on" in page
    assert "2 × Late Edition tee" in page
    assert "Follow it at UPS" in page
    assert "Follow it at Bicycle" not in page
    assert_invariants(shop.sandbox)


def test_mails_lead_to_the_carriers_page_and_say_what_is_to_come(desk: Desk, order: str) -> None:
    _ship(desk, order, 1, UPS)
    _ship(desk, order, 2, ROYAL)

    first, second = mails("orders.shipped")
    assert f"UPS {UPS}" in first.text
    assert f"https://www.ups.com/track?tracknum={UPS}" in first.text
    assert "2 more pieces follow in another parcel." in first.text
    assert "Late Edition" not in first.text
    assert "follow" not in second.text.replace("Follow", "")
    assert "Royal Mail" in second.html


def test_a_number_that_cannot_be_right_is_handed_back_and_may_be_kept(
    shop: Shop, desk: Desk, order: str
) -> None:
    line = the(order).lines[0].id
    given = {"seen": "0", f"units-{line}": "3", "tracking": WRONG}

    answer = desk.post(f"{order}/parcels", **given)

    assert answer.status_code == 422
    assert "The check digit of this UPS number does not add up" in as_read(answer)
    assert f'value="{WRONG}"' in answer.text
    assert the(order).fulfilments == []
    # Whoever insists on one number has not insisted on the next.
    assert desk.post(f"{order}/parcels", **given, keeps=UPS).status_code == 422
    assert desk.post(f"{order}/parcels", **given, keeps=WRONG).status_code == 303
    assert "does not add up" in desk.text(order)
    assert_invariants(shop.sandbox)


def test_many_at_once_are_looked_at_as_well(shop: Shop, desk: Desk, order: str) -> None:
    given = {"order": [order], "carrier": "UPS", f"tracking-{order}": WRONG}

    answer = desk.post("ship", **given)

    assert answer.status_code == 422
    assert "does not add up" in as_read(answer)
    assert desk.post("ship", **given, keeps="1").status_code == 200
    assert the(order).fulfilments[0].tracking_number == WRONG


def test_a_wrong_number_is_corrected_and_its_reader_told(desk: Desk, order: str) -> None:
    _ship(desk, order, 3, WRONG, keeps=WRONG)

    assert _correct(desk, order, "not right either", carrier="UPS") == 422
    assert _correct(desk, order, UPS, mails="1") == 303

    parcel = the(order).fulfilments[0]
    assert (parcel.carrier, parcel.tracking_number) == ("UPS", UPS)
    (mail,) = mails("orders.tracking")
    assert f"https://www.ups.com/track?tracknum={UPS}" in mail.text
    trace = traces(order)[0]
    assert trace.act == "order.tracking_corrected"
    assert (trace.before or {})["tracking"] == WRONG
    assert "Tracking number corrected" in desk.text(order)
    assert order in desk.text("", q=UPS)


def test_nobody_is_told_of_a_correction_unless_wished(desk: Desk, order: str) -> None:
    _ship(desk, order, 3, UPS)

    assert _correct(desk, order, ROYAL, carrier="") == 303

    assert the(order).fulfilments[0].carrier == "Royal Mail"
    assert mails("orders.tracking") == []


def test_who_corrects_second_looks_again(desk: Desk, order: str) -> None:
    _ship(desk, order, 3, UPS)
    _correct(desk, order, ROYAL)

    assert _correct(desk, order, "7777777", seen_carrier="UPS", seen_tracking=UPS) == 409
    assert the(order).fulfilments[0].tracking_number == ROYAL


def test_a_correction_that_changes_nothing_leaves_no_trace(desk: Desk, order: str) -> None:
    _ship(desk, order, 3, UPS)
    before = len(traces(order))

    assert _correct(desk, order, UPS, carrier="UPS", mails="1") == 303

    assert len(traces(order)) == before
    assert mails("orders.tracking") == []


def test_a_parcel_of_another_order_is_not_found(shop: Shop, desk: Desk, order: str) -> None:
    assert desk.get(f"{order}/parcels/999/tracking").status_code == 404
    assert Desk(shop, Role.ANALYST).get(f"{order}/parcels/999/tracking").status_code == 403
