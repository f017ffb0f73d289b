"""Promises about the ledger: who said yes to which words, where and when."""

import pytest
from flask import Flask
from sqlalchemy import select

from store.database import db
from store.newsletter.models import ConsentEntry, Subscriber
from tests.newsletter.signing_up import (
    ADDRESS,
    FAR_AWAY,
    SAME_SITE,
    ask,
    run_jobs,
)
from tests.shop import Shop


def test_consent_is_kept_with_its_words_place_and_time(app: Flask, shop: Shop) -> None:
    shop.browser().post(
        "/newsletter",
        data={"email": ADDRESS, "source": "footer", "wording": "2026-11", "locale": "en-AU"},
        headers=SAME_SITE,
        environ_overrides=FAR_AWAY,
    )
    run_jobs(shop)

    entry = db.session.scalars(select(ConsentEntry)).one()
    assert (entry.kind, entry.source, entry.wording_version) == ("asked", "footer", "2026-11")
    assert (entry.locale, entry.network) == ("en-AU", "203.0.113.0/24")
    assert entry.at == shop.clock.now()


def test_consent_in_a_footer_is_kept_with_its_page(app: Flask, shop: Shop) -> None:
    shop.browser().post(
        "/newsletter",
        data={"email": ADDRESS, "source": "footer"},
        headers={**SAME_SITE, "Referer": "http://localhost/products/late-edition?size=m"},
    )
    run_jobs(shop)

    entry = db.session.scalars(select(ConsentEntry)).one()
    assert (entry.page, entry.locale) == ("http://localhost/products/late-edition", "en-AU")


def test_page_of_a_stranger_is_not_kept(app: Flask, shop: Shop) -> None:
    shop.browser().post(
        "/newsletter",
        data={"email": ADDRESS},
        headers={**SAME_SITE, "Referer": "https://evil.example/a"},
    )
    run_jobs(shop)

    assert db.session.scalars(select(ConsentEntry)).one().page == ""


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("source", "x" * 500),
        ("wording", "9999-99"),
        ("locale", "'; DROP TABLE subscriber"),
        ("page", "https://evil.example/story"),
        ("section", "x" * 5000),
    ],
)
def test_nothing_made_up_enters_the_ledger(app: Flask, shop: Shop, field: str, value: str) -> None:
    ask(shop, **{field: value})

    entry = db.session.scalars(select(ConsentEntry)).one()
    assert value not in {entry.source, entry.wording_version, entry.locale, entry.page}
    assert len(db.session.scalars(select(Subscriber)).one().section) <= 120
