"""The first page names what waits for this person, and what came in, and is calm otherwise."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from store.checkout.reconciling import Difference, keep
from store.clock import Clock
from store.database import db, writing
from store.jobs.models import OutboxRow
from store.jobs.outbox import failed_jobs
from store.mail.models import Message
from store.orders.models import Order, OrderLine, OrderState
from store.staff.roles import Role
from store.staff.takings import takings
from tests.buying import a_variant, buy, check_out, fill_cart, mails, thanks, the_order
from tests.shop import Shop
from tests.staffing import at_the_desk, token_of

SYDNEY = ZoneInfo("Australia/Sydney")


def waiting(browser: FlaskClient) -> dict[str, str]:
    """Return the tasks of the first page: what waits, with its number before it, and where."""
    page = browser.get("/staff/").text
    found = re.findall(
        r'<a href="([^"]+)"><span class="waiting__count">(\d+)</span>(.*?)</a>', page
    )
    return {
        f"{count} {re.sub('<.*?>', '', words).strip()}": path.replace("&amp;", "&")
        for path, count, words in found
    }


def sold(shop: Shop, quantity: int = 1, stock: int = 40) -> None:
    reader = shop.browser()
    thanks(reader, buy(shop, reader, a_variant(shop, stock=stock), quantity))


def test_nothing_waits_in_a_shop_on_its_first_day(shop: Shop) -> None:
    browser = at_the_desk(shop)

    assert waiting(browser) == {}
    assert "Nothing waits." in browser.get("/staff/").text


def test_a_paid_order_waits_for_its_parcel(shop: Shop) -> None:
    sold(shop)

    assert waiting(at_the_desk(shop)) == {"1 order to ship": "/staff/orders/?view=to_ship"}


def test_a_parked_order_is_named_and_one_click_away(shop: Shop) -> None:
    sold(shop)
    with shop.app.app_context(), writing():
        number = the_order_now().number
        db.session.execute(update(Order).values(state=OrderState.PARKED))

    assert waiting(at_the_desk(shop)) == {"1 parked order": f"/staff/orders/{number}"}


def test_a_shortage_names_the_order_that_it_keeps(shop: Shop) -> None:
    sold(shop)
    with shop.app.app_context(), writing():
        number = the_order_now().number
        db.session.execute(update(OrderLine).values(shortage=1))
    browser = at_the_desk(shop)

    assert waiting(browser)["1 order short of stock"] == "/staff/stock/?view=short"
    assert number in browser.get("/staff/").text


def test_units_that_somebody_pays_for_are_on_hold(shop: Shop) -> None:
    reader = shop.browser()
    fill_cart(reader, a_variant(shop, stock=40), 3)
    check_out(reader)

    assert waiting(at_the_desk(shop)) == {"3 units on hold": "/staff/orders/?view=open"}


def test_shelves_that_run_low_or_out_are_counted(shop: Shop) -> None:
    for stock in (0, 2, 3, 4):
        a_variant(shop, stock=stock)
    found = waiting(at_the_desk(shop))

    assert list(found) == ["2 shelves running low", "1 shelf sold out"]


def test_what_did_not_work_by_itself_waits_for_those_who_may_settle_it(shop: Shop) -> None:
    sold(shop)
    something_fails(shop)

    assert set(waiting(at_the_desk(shop))) == {
        "1 order to ship",
        "1 difference to Stripe",
        "1 job that gave up",
        "1 mail that was refused",
    }
    assert set(waiting(at_the_desk(shop, role=Role.FULFILMENT))) == {"1 order to ship"}
    assert waiting(at_the_desk(shop, role=Role.EDITOR)) == {}


def test_a_refused_mail_is_sent_once_more(shop: Shop) -> None:
    sold(shop)
    something_fails(shop)
    browser = at_the_desk(shop)
    with shop.app.app_context():
        row_id = next(mail.id for mail in mails() if mail.refused_at)

    answer = press(browser, f"/staff/faults/mails/{row_id}/tries")

    assert answer == 303
    assert press(browser, f"/staff/faults/mails/{row_id}/tries") == 409
    assert "1 mail that was refused" not in waiting(browser)


def test_what_is_put_aside_waits_no_more(shop: Shop) -> None:
    sold(shop)
    something_fails(shop)
    browser = at_the_desk(shop)
    with shop.app.app_context():
        mail_id = next(mail.id for mail in mails() if mail.refused_at)
        job_id = failed_jobs(1)[0].id

    assert press(browser, f"/staff/faults/mails/{mail_id}/end") == 303
    assert press(browser, f"/staff/faults/jobs/{job_id}/end") == 303

    assert set(waiting(browser)) == {"1 order to ship", "1 difference to Stripe"}


def test_faults_are_named_with_what_to_do(shop: Shop) -> None:
    sold(shop)
    something_fails(shop)

    page = at_the_desk(shop).get("/staff/faults/").text

    for words in ("mailbox full", "KeyError: &#39;row&#39;", "refunds differ", "Compare both"):
        assert words in page


@pytest.mark.parametrize("role", Role)
def test_every_role_has_a_first_page(shop: Shop, role: Role) -> None:
    sold(shop)

    page = at_the_desk(shop, role=role).get("/staff/").text

    assert ("Paid last" in page) == (role != Role.EDITOR)
    assert ("7 days" in page) == (role != Role.FULFILMENT)
    assert ("Close the shop" in page) == (role in {Role.OWNER, Role.MANAGER})


def test_today_is_compared_with_the_same_hours_a_week_ago(shop: Shop) -> None:
    for moment in (
        datetime(2026, 11, 19, 9, tzinfo=SYDNEY),
        datetime(2026, 11, 19, 18, tzinfo=SYDNEY),
        datetime(2026, 11, 26, 8, tzinfo=SYDNEY),
        datetime(2026, 11, 26, 10, tzinfo=SYDNEY),
    ):
        shop.clock.move_to(moment)
        sold(shop)
    with shop.app.app_context():
        found = takings(shop.clock.now() + timedelta(hours=2), shop.services.settings)

    assert (found.today.now.orders, found.today.before.orders) == (2, 1)
    assert found.today.change_percent == 100
    assert (found.week.now.orders, found.week.before.orders) == (2, 2)
    assert (found.month.now.orders, found.month.before.orders) == (4, 0)
    assert found.month.change_percent is None
    assert len(found.days) == 30


def test_the_notice_is_said_from_the_first_page(shop: Shop) -> None:
    browser = at_the_desk(shop)
    form = {"csrf_token": token_of(browser, "/staff/"), "text": "Posters are back", "link": ""}

    browser.post("/staff/shop/notice", data=form)

    assert 'value="Posters are back"' in browser.get("/staff/").text


def press(browser: FlaskClient, path: str) -> int:
    return browser.post(path, data={"csrf_token": token_of(browser, "/staff/")}).status_code


def the_order_now() -> Order:
    return db.session.scalars(select(Order)).one()


def something_fails(shop: Shop) -> None:
    """Leave one refused mail, one job that gave up and one difference to Stripe."""
    clock: Clock = shop.clock
    with shop.app.app_context():
        number, mail = the_order().number, mails()[0].id
        with writing():
            db.session.execute(
                update(Message)
                .where(Message.id == mail)
                .values(refused_at=clock.now(), refusal="550 mailbox full")
            )
            now = clock.now()
            db.session.add(
                OutboxRow(
                    kind="a.job",
                    payload={},
                    created_at=now,
                    due_at=now,
                    attempts=12,
                    failed_at=now,
                    error="Traceback\nKeyError: 'row'\n",
                )
            )
            keep([Difference(number, "refunds differ", "Compare both")], clock)
