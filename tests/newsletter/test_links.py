"""Promises about the links in mails of the newsletter."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from tests.newsletter.signing_up import (
    ADDRESS,
    DAY,
    ask,
    join,
    newest_link,
    post,
    subscribers,
    wait,
)
from tests.shop import Shop


def test_links_work_beyond_the_year_2038(app: Flask, shop: Shop) -> None:
    shop.clock.move_to(datetime(2040, 2, 29, tzinfo=UTC))
    join(shop)

    assert subscribers() == [(ADDRESS, "confirmed")]


def test_link_older_than_a_week_says_so(app: Flask, shop: Shop) -> None:
    ask(shop)
    wait(shop, 8 * DAY)

    answer = post(shop, newest_link("confirm"))

    assert answer.status_code == 410
    assert "This link has grown old" in answer.text
    assert subscribers() == [(ADDRESS, "pending")]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda link: link[:-1],
        lambda link: link[:-1] + ("A" if link[-1] != "A" else "B"),
        lambda link: link + "A",
        lambda link: link.replace("/confirm/", "/leave/"),
        lambda link: link.replace("/confirm/1-", "/confirm/2-"),
        lambda link: link.replace("/confirm/1-", "/confirm/zzzz-"),
        lambda link: link.replace("/confirm/1-", "/confirm/ffffffffffff-"),
        lambda link: link[:20] + "x" * 3000,
        lambda link: link[:20] + "é-é-é",
    ],
)
def test_forged_or_cut_link_opens_nothing(app: Flask, shop: Shop, spoil: object) -> None:
    ask(shop)
    assert callable(spoil)
    link = spoil(newest_link("confirm"))

    assert post(shop, link).status_code == 404
    assert shop.browser().get(link).status_code == 404
    assert subscribers() == [(ADDRESS, "pending")]
