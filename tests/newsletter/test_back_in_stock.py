"""Promises to readers who wait for what is sold out, and to those who never asked."""

import re
import threading
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from store.catalog.models import ProductStatus, Variant
from store.database import db, writing
from store.inventory import stock
from store.inventory.models import StockLevel
from store.jobs.outbox import due_row_ids, run_row
from store.jobs.queue import Handler
from store.jobs.sweeps import run_sweep
from store.keyed import email_hash_of
from store.mail.letterhead import write_letterhead
from store.mail.models import Message
from store.mail.outgoing import SendMail
from store.mail.wording import Wording, write_wording
from store.newsletter import tasks as newsletter_tasks
from store.newsletter.back_in_stock import tasks
from store.newsletter.back_in_stock.asking import MOST_OF_ONE_ADDRESS
from store.newsletter.back_in_stock.mail_words import READER_MAILS
from store.newsletter.back_in_stock.models import StockRequest
from store.newsletter.back_in_stock.telling import HEAD_START, tell_who_waits
from store.newsletter.back_in_stock.wording import WORDING
from store.newsletter.limits import MOST_OF_ONE_NETWORK
from store.newsletter.models import ConsentEntry, Subscriber
from store.newsletter.subscribing import erase, suppress
from tests.builders import a_product
from tests.catalog.counting import counted_queries
from tests.newsletter.signing_up import SAME_SITE, join, leave_unsent, mails, post, traces
from tests.pages import Page
from tests.shop import Shop
from tests.staffing import at_the_desk

ADDRESS = "river@example.org"
FAR_AWAY = {"REMOTE_ADDR": "203.0.113.77"}


@pytest.fixture
def variant(app: Flask, shop: Shop) -> int:
    """A mug that is sold out."""
    with writing():
        return a_product(shop.clock, handle="mug", title="Late mug", stock=0).variants[0].id


def asked(shop: Shop, variant: int, email: str = ADDRESS, **fields: str) -> TestResponse:
    answer = shop.browser().post(
        "/back-in-stock",
        data={"variant_id": str(variant), "email": email, **fields},
        headers=SAME_SITE,
    )
    run_jobs(shop)
    return answer


def run_jobs(shop: Shop) -> None:
    known: dict[str, Handler] = {
        **tasks.handlers(shop.services),
        **newsletter_tasks.handlers(shop.services),
        SendMail.kind: leave_unsent,
    }
    for row in due_row_ids(shop.clock.now()):
        run_row(row, known, shop.clock)


def wait(shop: Shop, variant: int, email: str = ADDRESS) -> None:
    """Ask and say yes, as somebody does who then waits."""
    asked(shop, variant, email)
    post(shop, newest_link("confirm"))


def newest_link(act: str) -> str:
    found = [re.search(rf"/back-in-stock/{act}/\S+", mail.text) for mail in mails()]
    return next(match[0] for match in reversed(found) if match)


def bring_back(shop: Shop, variant: int, units: int = 1) -> None:
    with writing():
        stock.receive(variant, units, cause="delivery", actor="test", clock=shop.clock)


def told() -> list[str]:
    db.session.rollback()
    wanted = select(Message.recipient).where(Message.kind == "back_in_stock.back")
    return list(db.session.scalars(wanted.order_by(Message.id)))


def kinds() -> list[str]:
    return [mail.kind for mail in mails()]


def states() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(StockRequest.state).order_by(StockRequest.id)))


def ledger() -> list[tuple[str, str]]:
    rows = db.session.execute(
        select(ConsentEntry.purpose, ConsentEntry.kind).order_by(ConsentEntry.id)
    )
    return [(row.purpose, row.kind) for row in rows]


def test_sold_out_page_asks_and_one_in_stock_does_not(shop: Shop, variant: int) -> None:
    with writing():
        a_product(shop.clock, handle="tee")

    mug = Page(shop.browser().get("/products/mug"))
    tee = Page(shop.browser().get("/products/tee"))

    assert mug.all("input", name="variant_id", value=str(variant), type="hidden")
    assert mug.all("form", action="/back-in-stock")
    assert not tee.all("form", action="/back-in-stock")


def test_she_is_asked_first_and_told_once(shop: Shop, variant: int) -> None:
    asked(shop, variant)
    assert (states(), kinds()) == (["pending"], ["back_in_stock.invitation"])
    bring_back(shop, variant)
    assert tell_who_waits(shop.services) == 0

    answer = post(shop, newest_link("confirm"))
    tell_who_waits(shop.services)
    tell_who_waits(shop.services)

    assert "We will let you know" in answer.text
    assert told() == [ADDRESS]
    assert ledger() == [("back_in_stock", "asked"), ("back_in_stock", "confirmed")]


def test_mail_leads_to_the_very_variant_under_a_subject_that_says_nothing(
    shop: Shop, variant: int
) -> None:
    wait(shop, variant)
    bring_back(shop, variant)

    tell_who_waits(shop.services)

    mail = mails()[-1]
    assert f"http://localhost/products/mug?variant={variant}" in mail.text
    assert "Late mug" in mail.text
    assert "mug" not in mail.subject.lower()


def test_mails_speak_in_the_name_and_in_the_words_that_staff_wrote(
    shop: Shop, variant: int
) -> None:
    with writing():
        write_letterhead({"sender": "LE Post", "legal_name": "Late Pty Ltd"}, shop.clock)
        for one in READER_MAILS:
            write_wording(one, Wording("{{ sender }}, briefly", "*Dear* reader", ""), shop.clock)
    wait(shop, variant)
    bring_back(shop, variant)
    tell_who_waits(shop.services)

    assert kinds() == ["back_in_stock.invitation", "back_in_stock.back"]
    for mail in mails():
        assert mail.subject == "LE Post, briefly"
        for part in (mail.text, mail.html):
            assert "Late Pty Ltd" in part
            assert "Late mug" in part
            assert "Somebody" not in part.partition("You are reading")[0]
        assert "Dear reader" in mail.text
        assert "Dear</em> reader" in mail.html
    assert f"http://localhost/products/mug?variant={variant}" in mails()[-1].text
    assert "/back-in-stock/leave/" in mails()[-1].text


def test_ledger_names_what_she_agreed_to(shop: Shop, variant: int) -> None:
    asked(shop, variant, wording=WORDING)

    entry = db.session.scalars(select(ConsentEntry)).one()
    assert (entry.purpose, entry.wording_version, entry.source) == (
        "back_in_stock",
        WORDING,
        "product",
    )


def test_asking_puts_nobody_on_the_newsletter(shop: Shop, variant: int) -> None:
    wait(shop, variant)

    assert db.session.scalars(select(Subscriber)).all() == []


def test_address_that_was_confirmed_is_not_asked_again(shop: Shop, variant: int) -> None:
    join(shop, ADDRESS)

    asked(shop, variant)

    assert states() == ["waiting"]
    assert kinds() == ["newsletter.invitation", "newsletter.welcome"]


def test_one_mail_confirms_everything_that_was_asked_for(shop: Shop, variant: int) -> None:
    with writing():
        cap = a_product(shop.clock, title="Late cap", stock=0).variants[0].id
    asked(shop, variant)
    asked(shop, cap)
    assert kinds() == ["back_in_stock.invitation"]

    page = shop.browser().get(newest_link("confirm"))
    post(shop, newest_link("confirm"))

    assert "Late cap" in page.text
    assert states() == ["waiting", "waiting"]


@pytest.mark.parametrize("known", ["nobody", "waiting", "on the list", "suppressed"])
def test_every_address_gets_the_same_answer(shop: Shop, variant: int, known: str) -> None:
    if known == "waiting":
        wait(shop, variant)
    if known == "on the list":
        join(shop, ADDRESS)
    if known == "suppressed":
        with writing():
            suppress(email_hash_of(ADDRESS, shop.services.settings), "complained", shop.clock)
    with counted_queries() as statements:
        answer = shop.browser().post(
            "/back-in-stock", data={"variant_id": variant, "email": ADDRESS}, headers=SAME_SITE
        )

    assert answer.status_code == 303
    assert answer.location == f"/back-in-stock?asked=1&variant={variant}"
    assert not [one for one in statements if "stock_request" in one or "subscriber" in one]


def test_who_is_written_to_no_more_is_not_told(shop: Shop, variant: int) -> None:
    wait(shop, variant)
    with writing():
        suppress(email_hash_of(ADDRESS, shop.services.settings), "bounced", shop.clock)
    bring_back(shop, variant)

    assert tell_who_waits(shop.services) == 0


@pytest.mark.parametrize("email", ["", "no address", "a@b", "x" * 5_000, "a@example.org\r\nBcc: b"])
def test_what_is_no_address_is_said_where_it_was_typed(
    shop: Shop, variant: int, email: str
) -> None:
    answer = asked(shop, variant, email)

    assert answer.status_code == 422
    assert "That is no e-mail address" in answer.text
    assert Page(answer).all("input", name="variant_id", value=str(variant))


@pytest.mark.parametrize("given", ["", "0", "-1", "²", "9" * 30, "1; drop", "999999"])
def test_variant_that_is_none_leaves_nothing(app: Flask, shop: Shop, given: str) -> None:
    answer = shop.browser().post(
        "/back-in-stock", data={"variant_id": given, "email": ADDRESS}, headers=SAME_SITE
    )
    run_jobs(shop)

    assert answer.status_code == 303
    assert (states(), kinds()) == ([], [])
    assert shop.browser().get(answer.location).status_code == 200


def test_robots_are_answered_and_not_noted(shop: Shop, variant: int) -> None:
    answer = asked(shop, variant, website="https://spam.example")

    assert answer.status_code == 303
    assert states() == []


def test_asking_shares_the_limits_of_signing_up(shop: Shop, variant: int) -> None:
    for number in range(MOST_OF_ONE_NETWORK):
        data = {"email": f"r{number}@gmail.com"}
        shop.browser().post("/newsletter", data=data, headers=SAME_SITE, environ_overrides=FAR_AWAY)

    answer = shop.browser().post(
        "/back-in-stock",
        data={"variant_id": variant, "email": ADDRESS},
        headers=SAME_SITE,
        environ_overrides=FAR_AWAY,
    )

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_one_address_cannot_fill_the_book(app: Flask, shop: Shop) -> None:
    with writing():
        goods = [a_product(shop.clock, stock=0) for _ in range(MOST_OF_ONE_ADDRESS + 1)]
        ids = [product.variants[0].id for product in goods]
    for one in ids:
        asked(shop, one)

    assert len(states()) == MOST_OF_ONE_ADDRESS
    assert kinds() == ["back_in_stock.invitation"]


def test_mailbox_is_not_flooded(shop: Shop, variant: int) -> None:
    for _ in range(6):
        asked(shop, variant)
        shop.clock.move_to(shop.clock.now() + timedelta(hours=13))

    assert kinds() == ["back_in_stock.invitation"] * 3


def test_first_come_is_first_told_and_no_more_than_there_are(shop: Shop, variant: int) -> None:
    names = ["ada@example.org", "bea@example.org", "cyd@example.org"]
    for name in names:
        wait(shop, variant, name)
        shop.clock.move_to(shop.clock.now() + timedelta(minutes=1))
    asked(shop, variant, names[0])
    bring_back(shop, variant, units=2)

    tell_who_waits(shop.services)
    tell_who_waits(shop.services)
    assert told() == names[:2]

    shop.clock.move_to(shop.clock.now() + HEAD_START)
    tell_who_waits(shop.services)
    assert told() == names


def test_what_is_promised_already_is_not_told(shop: Shop, variant: int) -> None:
    wait(shop, variant)
    with writing():
        stock.receive(variant, 2, cause="delivery", actor="test", clock=shop.clock)
        db.session.execute(update(StockLevel).values(reserved=2))

    assert tell_who_waits(shop.services) == 0


def test_nobody_is_led_to_a_product_that_left_the_shop(shop: Shop, variant: int) -> None:
    wait(shop, variant)
    with writing():
        db.session.get_one(Variant, variant).product.status = ProductStatus.ARCHIVED
    bring_back(shop, variant)

    assert tell_who_waits(shop.services) == 0
    assert states() == ["waiting"]


@pytest.mark.slow
def test_stock_that_returns_twice_at_once_is_one_mail(shop: Shop, variant: int) -> None:
    names = [f"r{number}@example.org" for number in range(4)]
    for name in names:
        wait(shop, variant, name)
    start = threading.Barrier(4)

    def deliver_and_tell() -> None:
        with shop.app.app_context():
            start.wait()
            bring_back(shop, variant)
            tell_who_waits(shop.services)

    threads = [threading.Thread(target=deliver_and_tell) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tell_who_waits(shop.services)

    assert sorted(told()) == names


def test_sold_out_again_she_may_ask_again(shop: Shop, variant: int) -> None:
    wait(shop, variant)
    bring_back(shop, variant)
    tell_who_waits(shop.services)
    shop.clock.move_to(shop.clock.now() + HEAD_START)

    asked(shop, variant)
    tell_who_waits(shop.services)

    assert told() == [ADDRESS, ADDRESS]
    assert kinds().count("back_in_stock.invitation") == 1


def test_mail_program_leaves_without_a_browser(shop: Shop, variant: int) -> None:
    wait(shop, variant)
    bring_back(shop, variant)
    tell_who_waits(shop.services)
    link = mails()[-1].headers["List-Unsubscribe"].strip("<>").removeprefix("http://localhost")

    answer = shop.browser().post(
        link, data="List-Unsubscribe=One-Click", headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert answer.status_code == 200
    assert states() == []
    assert shop.browser().get(link).status_code == 410


def test_scanner_that_opens_every_link_changes_nothing(shop: Shop, variant: int) -> None:
    asked(shop, variant)
    for method in ("GET", "HEAD"):
        shop.browser().open(newest_link("confirm"), method=method)

    assert states() == ["pending"]


def test_this_was_not_me_is_final(shop: Shop, variant: int) -> None:
    asked(shop, variant)
    post(shop, newest_link("confirm"), disown="1")
    shop.clock.move_to(shop.clock.now() + timedelta(days=2))

    asked(shop, variant)

    assert states() == []
    assert traces() == []


@pytest.mark.parametrize("token", ["x", "1-1-" + "a" * 24, "../..", "1-1-" + "a" * 25])
def test_link_that_is_not_ours_opens_nothing(app: Flask, shop: Shop, token: str) -> None:
    for act in ("confirm", "leave"):
        assert shop.browser().get(f"/back-in-stock/{act}/{token}").status_code in {404, 410}


def test_link_of_one_act_is_none_for_the_other(shop: Shop, variant: int) -> None:
    asked(shop, variant)

    link = newest_link("confirm").replace("/confirm/", "/leave/")

    assert post(shop, link).status_code == 410
    assert states() == ["pending"]


def test_links_are_kept_from_caches_and_referrers(shop: Shop, variant: int) -> None:
    asked(shop, variant)

    headers = shop.browser().get(newest_link("confirm")).headers

    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"


def forget(shop: Shop, *, after: timedelta) -> None:
    shop.clock.move_to(shop.clock.now() + after)
    for sweep in tasks.sweeps(shop.services):
        run_sweep(sweep, "a test", shop.clock)


def test_address_that_nobody_confirmed_is_gone_in_seven_days(shop: Shop, variant: int) -> None:
    asked(shop, variant)

    forget(shop, after=timedelta(days=7, minutes=1))

    assert states() == []
    assert traces() == []
    assert ledger()[-1] == ("back_in_stock", "expired")


def test_waiting_ends_after_ninety_days(shop: Shop, variant: int) -> None:
    wait(shop, variant)
    forget(shop, after=timedelta(days=89))
    assert states() == ["waiting"]

    forget(shop, after=timedelta(days=2))

    assert states() == []
    assert traces() == []


def test_told_address_leaves_her_row_at_once_and_the_row_follows(shop: Shop, variant: int) -> None:
    wait(shop, variant)
    bring_back(shop, variant)

    tell_who_waits(shop.services)
    assert "stock_request" not in traces()
    forget(shop, after=timedelta(days=3))

    assert states() == []
    assert ledger()[-1] == ("back_in_stock", "confirmed")


def test_mail_that_told_her_forgets_her_address_after_a_week(shop: Shop, variant: int) -> None:
    wait(shop, variant)
    bring_back(shop, variant)
    tell_who_waits(shop.services)
    forget(shop, after=timedelta(days=6))
    before = traces()

    forget(shop, after=timedelta(days=2))

    assert before != []
    assert traces() == []


def test_erased_reader_waits_for_nothing(shop: Shop, variant: int) -> None:
    join(shop, ADDRESS)
    asked(shop, variant)

    with writing():
        erase(db.session.scalars(select(Subscriber)).one(), shop.services)

    assert traces() == []


def test_form_works_for_whoever_comes_by_its_address(reader: FlaskClient, variant: int) -> None:
    page = Page(reader.get(f"/back-in-stock?variant={variant}"))

    assert "Late mug" in page.text
    assert page.all("form", action="/back-in-stock")
    assert page.meta("robots") == "noindex"


def test_staff_see_how_many_wait_and_not_who(shop: Shop, variant: int) -> None:
    wait(shop, variant, "ada@example.org")
    wait(shop, variant, "bea@example.org")
    asked(shop, variant, "cyd@example.org")
    product_id = db.session.get_one(Variant, variant).product_id

    page = at_the_desk(shop).get(f"/staff/products/{product_id}").text

    assert "2 readers wait for it" in page
    assert "ada@" not in page
