"""Disputes at the desk: seen in time, answered with what is known, and sent nowhere by mistake."""

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from store.checkout import sweeping
from store.database import db
from store.orders.disputing.models import Dispute
from store.sandbox.stripe import ApiFault, FaultKind, Faults
from store.sandbox.stripe.state import Shelf
from store.staff.audit import Thing, history
from store.staff.roles import Role
from tests.buying import deliver
from tests.desk import Desk, as_read, the
from tests.shop import Shop
from tests.staff.refunds import give, line_of
from tests.staffing import token_of


@pytest.fixture
def disputed(shop: Shop, order: str) -> int:
    shop.sandbox.dispute(the(order).payments[0].intent_id, "product_not_received")
    deliver(shop)
    return the_dispute().id


def the_dispute() -> Dispute:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(Dispute)).one()


def _get(desk: Desk, path: str) -> TestResponse:
    return desk.browser.get(f"/staff/disputes/{path}")


def _post(desk: Desk, dispute_id: int, path: str, **fields: Any) -> TestResponse:
    token = token_of(desk.browser, "/staff/account/")
    data = {**fields, "csrf_token": token}
    return desk.browser.post(f"/staff/disputes/{dispute_id}/{path}", data=data)


def _evidence(shop: Shop) -> dict[str, Any]:
    (dispute,) = shop.sandbox.account.state.scan(Shelf.DISPUTE)
    return dict(dispute["evidence"])


def test_home_and_list_say_until_when(shop: Shop, desk: Desk, order: str, disputed: int) -> None:
    home = as_read(desk.browser.get("/staff/"))
    assert "1 dispute to answer" in home
    assert order in home
    page = as_read(_get(desk, ""))
    assert "it did not arrive" in page
    assert "7 days left" in page or "6 days left" in page


def test_the_page_gathers_what_is_known(desk: Desk, order: str, disputed: int) -> None:
    page = as_read(_get(desk, str(disputed)))

    assert "To answer" in page
    assert "12 Galley Street" in page
    assert "neither for a refund nor for a return" in page
    assert "Late Edition tee" not in page
    assert "3 × T-shirts" in page


def test_evidence_is_submitted_with_a_paper(
    shop: Shop, desk: Desk, order: str, disputed: int
) -> None:
    answer = _post(desk, disputed, "answer", statement="It arrived on Monday.", what="submit")

    assert answer.status_code == 303
    told = _evidence(shop)
    assert told["uncategorized_text"].startswith("It arrived on Monday.")
    assert "T-shirts" in told["product_description"]
    (paper,) = shop.sandbox.account.state.scan(Shelf.FILE)
    assert told["uncategorized_file"] == paper["id"]
    assert the_dispute().status == "under_review"
    acts = [entry.act for entry in history(Thing("dispute", str(disputed)))]
    assert acts == ["dispute.submitted", "dispute.worded"]
    again = _post(desk, disputed, "answer", statement="It arrived.", what="submit")
    assert again.status_code == 409
    assert the_dispute().submissions == 1


def test_words_are_saved_before_anything_is_sent(shop: Shop, desk: Desk, disputed: int) -> None:
    answer = _post(desk, disputed, "answer", statement="A draft.", what="save")

    assert answer.status_code == 303
    assert the_dispute().statement == "A draft."
    assert the_dispute().submissions == 0
    assert "A draft." in _get(desk, f"{disputed}/answer").text
    too_long = _post(desk, disputed, "answer", statement="x" * 8_001, what="submit")
    assert too_long.status_code == 422
    assert the_dispute().submissions == 0


def test_evidence_is_kept_at_stripe_for_later(shop: Shop, desk: Desk, disputed: int) -> None:
    _post(desk, disputed, "answer", statement="Later.", names_goods="1", what="keep")

    assert "Late Edition tee" in _evidence(shop)["product_description"]
    assert the_dispute().is_answerable
    assert the_dispute().has_evidence


def test_while_stripe_is_down_the_answer_waits_and_is_given_once(
    shop: Shop, desk: Desk, disputed: int
) -> None:
    shop.sandbox.faults = Faults(api=(ApiFault(FaultKind.UNAVAILABLE, "/v1/disputes"),))
    answer = _post(desk, disputed, "answer", statement="", what="submit")
    page = as_read(_get(desk, str(disputed)))
    shop.sandbox.faults = Faults()

    assert answer.status_code == 303
    assert "An answer is under way" in page
    sweeping.follow_disputes(shop.services)
    assert the_dispute().submissions == 1


def test_a_dispute_is_accepted(shop: Shop, desk: Desk, order: str, disputed: int) -> None:
    answer = _post(desk, disputed, "acceptance")

    assert answer.status_code == 303
    assert the_dispute().is_lost
    page = desk.text(order)
    assert "Lost to the bank" in page
    assert "dispute to answer" not in as_read(desk.browser.get("/staff/"))


def test_money_of_a_dispute_is_refused_with_the_reason(
    shop: Shop, desk: Desk, order: str, disputed: int
) -> None:
    answer = give(desk, order, units=1)

    assert answer.status_code == 409
    assert "The payment is disputed" in as_read(answer)
    assert shop.sandbox.account.state.scan(Shelf.REFUND) == []


def test_a_disputed_parcel_stays_until_somebody_says_so(
    desk: Desk, order: str, disputed: int
) -> None:
    fields = {"seen": 0, f"units-{line_of(order)}": 3}
    refused = desk.post(f"{order}/parcels", **fields)
    assert refused.status_code == 409
    assert "The payment is disputed" in as_read(refused)
    assert "nothing of it is sent" in desk.text(order)

    assert _post(desk, disputed, "shipping").status_code == 303
    assert desk.post(f"{order}/parcels", **fields).status_code == 303


def test_everything_at_hand_is_taken_away_as_files(desk: Desk, order: str, disputed: int) -> None:
    answer = _get(desk, f"{disputed}/evidence.zip")

    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        names = {name.partition("/")[2] for name in archive.namelist()}
        text = archive.read(f"{order}/evidence.txt").decode()
    assert {"evidence.txt", "terms.txt", "mails/01.txt"} <= names
    assert any(name.startswith("evidence.") and name != "evidence.txt" for name in names)
    assert any(name.startswith("receipt.") for name in names)
    assert "Robin Reader" in text


def test_what_has_ended_is_told_and_takes_no_answer(
    shop: Shop, desk: Desk, order: str, disputed: int
) -> None:
    shop.sandbox.close_dispute(the_dispute().stripe_id, is_won=True)
    deliver(shop)

    assert "Won" in as_read(_get(desk, str(disputed)))
    assert "Won" in desk.text(order)
    assert _get(desk, f"{disputed}/answer").status_code == 409
    assert _post(desk, disputed, "acceptance").status_code == 409
    assert "No payment is disputed" in as_read(_get(desk, ""))
    assert order in as_read(_get(desk, "?view=all"))


def test_hours_are_told_when_days_are_few(shop: Shop, disputed: int) -> None:
    shop.clock.move_to(shop.clock.now() + timedelta(days=5, hours=20))

    assert "28 hours left" in as_read(_get(Desk(shop), str(disputed)))


def test_who_packs_reads_and_does_not_answer(shop: Shop, disputed: int) -> None:
    desk = Desk(shop, Role.FULFILMENT)

    assert "A manager answers it." in as_read(_get(desk, str(disputed)))
    assert _get(desk, f"{disputed}/answer").status_code == 403
    assert _post(desk, disputed, "acceptance").status_code == 403
    assert _post(desk, disputed, "shipping").status_code == 403
