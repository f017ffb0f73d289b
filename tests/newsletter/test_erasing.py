"""Promises to whoever wants to be forgotten, and to whom a stranger has signed up."""

from flask import Flask
from sqlalchemy import select

from store.database import db, writing
from store.keyed import email_hash_of
from store.newsletter.models import Subscriber, Suppression, SuppressionReason
from store.newsletter.subscribing import erase, suppress
from tests.newsletter.signing_up import (
    ADDRESS,
    DAY,
    ask,
    join,
    kinds,
    mails,
    newest_link,
    post,
    subscribers,
    traces,
    wait,
)
from tests.shop import Shop


def test_this_was_not_me_forgets_the_address_for_good(app: Flask, shop: Shop) -> None:
    ask(shop)

    answer = post(shop, newest_link("confirm"), disown="1")
    wait(shop, 30 * DAY)
    ask(shop)

    assert "We have removed the address" in answer.text
    assert subscribers() == []
    assert kinds() == ["invitation"]


def test_this_was_not_me_leaves_no_trace_of_the_address(app: Flask, shop: Shop) -> None:
    ask(shop)

    post(shop, newest_link("confirm"), disown="1")

    assert traces() == []
    assert [mail.kind for mail in mails()] == ["newsletter.invitation"]


def test_only_she_herself_undoes_an_erasure(app: Flask, shop: Shop) -> None:
    with writing():
        suppress(
            email_hash_of(ADDRESS, shop.services.settings), SuppressionReason.ERASED, shop.clock
        )

    join(shop)

    assert subscribers() == [(ADDRESS, "confirmed")]


def test_erasing_leaves_a_keyed_hash_alone(app: Flask, shop: Shop) -> None:
    join(shop)

    with writing():
        erase(db.session.scalars(select(Subscriber)).one(), shop.services)

    assert traces() == []
    (suppression,) = db.session.scalars(select(Suppression))
    assert suppression.email_hash == email_hash_of(ADDRESS, shop.services.settings)


def test_this_was_not_me_outlives_an_erasure(app: Flask, shop: Shop) -> None:
    with writing():
        suppress(
            email_hash_of(ADDRESS, shop.services.settings), SuppressionReason.ERASED, shop.clock
        )
    ask(shop)
    post(shop, newest_link("confirm"), disown="1")
    wait(shop, 2 * DAY)

    ask(shop)

    assert kinds() == ["invitation"]
    assert subscribers() == []
