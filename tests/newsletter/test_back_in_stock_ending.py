"""Promises about requests that end: by a link, by time, by an erasure."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from store.database import db, writing
from store.jobs.sweeps import run_sweep
from store.newsletter.back_in_stock import tasks
from store.newsletter.back_in_stock.telling import tell_who_waits
from store.newsletter.models import Subscriber
from store.newsletter.subscribing import erase
from tests.newsletter.signing_up import join, mails, post, traces
from tests.newsletter.waiting import ADDRESS, asked, bring_back, ledger, newest_link, states, wait
from tests.shop import Shop


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
