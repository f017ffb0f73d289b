"""`store doctor` says whether what comes back reaches the shop."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from pydantic import SecretStr

from store.cli.findings import Finding
from store.cli.returning import what_comes_back
from tests.newsletter.bounces.calls import sendgrid_verification_key
from tests.shop import Shop


def found(shop: Shop, **changed: object) -> Finding:
    settings = shop.services.settings.model_copy(update=changed)
    return what_comes_back(replace(shop.services, settings=settings))


def test_a_shop_that_nobody_tells_is_told_so(app: Flask, shop: Shop) -> None:
    finding = found(shop)

    assert finding.is_open
    assert "STORE_BOUNCES_URL" in finding.words


def test_a_mailbox_that_opens_is_well(app: Flask, shop: Shop, tmp_path: Path) -> None:
    for part in ("cur", "new"):
        (tmp_path / part).mkdir()

    finding = found(shop, bounces_url=SecretStr(f"maildir://{tmp_path}"))

    assert finding.words == "The mailbox opens."


def test_a_mailbox_that_does_not_open_wants_mending(app: Flask, shop: Shop, tmp_path: Path) -> None:
    finding = found(shop, bounces_url=SecretStr(f"maildir://{tmp_path}/nowhere"))

    assert "STORE_BOUNCES_URL" in finding.mend


def test_providers_that_may_call_are_named(app: Flask, shop: Shop) -> None:
    finding = found(
        shop,
        bounces_mailgun_keys=(SecretStr("a key"),),
        bounces_sendgrid_keys=(sendgrid_verification_key(),),
    )

    assert "/webhooks/mail/mailgun" in finding.words
    assert "/webhooks/mail/sendgrid" in finding.words


@pytest.mark.parametrize("key", ["no key", "bm8ga2V5"])
def test_a_key_that_is_none_wants_mending(app: Flask, shop: Shop, key: str) -> None:
    assert "SendGrid" in found(shop, bounces_sendgrid_keys=(key,)).mend
