"""Promises about how a mail's words come out of its templates."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2 import UndefinedError

from store.clock import FixedClock
from store.mail.rendering import Rendered, render
from store.money import Money
from store.settings import Settings
from tests.builders import aud
from tests.shop import Shop, some_settings

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Line:
    title: str
    note: str
    amount: Money
    picture: str = ""
    alt: str = ""


def a_receipt(settings: Settings, clock: FixedClock, **changed: Any) -> Rendered:
    values: dict[str, Any] = {
        "number": "GN-7K3Q-F2XW",
        "at": clock.now(),
        "lines": [Line("Late Edition tee", "Black / M", aud(45))],
        "postage": aud(9.5),
        "total": aud(54.5),
    }
    return render("desk/receipt", settings=settings, folder=TEMPLATES, **(values | changed))


def test_mail_has_a_subject_a_text_and_an_html(app: Flask, shop: Shop, clock: FixedClock) -> None:
    mail = a_receipt(shop.services.settings, clock)

    assert mail.subject == "Your order GN-7K3Q-F2XW"
    assert "Late Edition tee  $45.00" in mail.text
    assert "<h1" in mail.html


def test_what_a_mailbox_shows_unopened_names_only_the_sender(
    app: Flask, tmp_path: Path, clock: FixedClock
) -> None:
    settings = some_settings(
        tmp_path, "sqlite://", brand_name="Gay Nation", brand_sender="GN Store"
    )

    mail = a_receipt(settings, clock)

    assert "GAY" not in mail.text.upper().partition("--")[0]
    beside_the_subject = re.sub(r"<title>.*?</style>|<[^>]*>", "", mail.html, flags=re.DOTALL)
    assert "Gay" not in beside_the_subject.strip()[:150]


def test_styles_stand_on_the_elements(app: Flask, shop: Shop, clock: FixedClock) -> None:
    mail = a_receipt(shop.services.settings, clock)

    assert re.search(r'<h1 style="[^"]*font: 700 32px', mail.html)
    assert "@media (prefers-color-scheme: dark)" in mail.html
    assert ".receipt_total {" not in mail.html


def test_every_address_is_the_configured_one(tmp_path: Path, shop: Shop, clock: FixedClock) -> None:
    settings = some_settings(tmp_path, "sqlite://", public_url="https://shop.example.org")

    with shop.app.test_request_context(
        "/", headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    ):
        mail = a_receipt(settings, clock)

    assert "https://shop.example.org/orders/GN-7K3Q-F2XW" in mail.html
    assert "evil.example" not in mail.html + mail.text


def test_what_a_buyer_wrote_is_no_markup(app: Flask, shop: Shop, clock: FixedClock) -> None:
    mail = a_receipt(shop.services.settings, clock, lines=[Line("<b>tee</b>", "", aud(45))])

    assert "&lt;b&gt;tee&lt;/b&gt;" in mail.html
    assert "<b>tee</b>  $45.00" in mail.text


def test_subject_is_one_line_whatever_it_is_given(
    app: Flask, shop: Shop, clock: FixedClock
) -> None:
    mail = a_receipt(shop.services.settings, clock, number="GN-1\r\nBcc: everyone@example.org")

    assert mail.subject == "Your order GN-1 Bcc: everyone@example.org"


def test_moments_are_told_in_the_shops_time_zone(app: Flask, shop: Shop, clock: FixedClock) -> None:
    mail = a_receipt(shop.services.settings, clock)

    assert "22 November 2026, 9:30 am" in mail.html


@pytest.mark.parametrize(
    ("amount", "written"),
    [(Money(4500, "JPY"), "JPY\xa04,500"), (Money(4500, "KWD"), "KWD\xa04.500")],
)
def test_amounts_have_the_decimals_of_their_currency(
    app: Flask, shop: Shop, clock: FixedClock, amount: Money, written: str
) -> None:
    mail = a_receipt(shop.services.settings, clock, total=amount)

    assert f"Total  {written}" in mail.text


def test_missing_value_is_an_error_and_no_gap(app: Flask, shop: Shop) -> None:
    with pytest.raises(UndefinedError):
        render("desk/receipt", settings=shop.services.settings, folder=TEMPLATES)
