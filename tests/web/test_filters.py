"""Money, dates and pictures as templates print them."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from babel import Locale
from flask import Flask

from store.money import Money
from store.web.filters import json_list, mid_sentence, money, own_path, picture_url, srcset


@dataclass(frozen=True)
class Stored:
    content_hash: str
    width: int


@pytest.mark.parametrize(
    ("amount", "printed"),
    [
        (Money(4500, "AUD"), "$45.00"),
        (Money(123456, "AUD"), "$1,234.56"),
        (Money(-895, "AUD"), "-$8.95"),
        (Money(4500, "JPY"), "JPY\u00a04,500"),
        (Money(12340, "KWD"), "KWD\u00a012.340"),
    ],
)
def test_money_has_the_decimals_of_its_currency(amount: Money, printed: str) -> None:
    assert money(amount, Locale("en", "AU")) == printed


def test_yen_carries_its_sign_where_english_has_no_country(app: Flask) -> None:
    assert money(Money(4500, "JPY"), Locale("en")) == "¥4,500"


def test_dates_are_those_of_the_shops_zone(app: Flask) -> None:
    template = app.jinja_env.from_string("{{ at | moment }} / {{ at | date }} / {{ day | date }}")

    printed = template.render(at=datetime(2026, 11, 21, 22, 30, tzinfo=UTC), day=date(2026, 11, 21))

    assert (
        printed
        == "22 November 2026, 9:30\u202fam / 22 November 2026 / 21 November 2026".replace(
            "\u202f", " "
        )
    )


def test_picture_addresses_follow_the_media_room() -> None:
    stored = Stored("ab" * 32, 1200)

    assert picture_url(stored, 320, "avif") == f"/media/ab/{'ab' * 32}-320.avif"


def test_srcset_never_promises_more_than_the_picture_has() -> None:
    small = srcset(Stored("ab" * 32, 400), "webp")

    widths = [candidate.split()[1] for candidate in small.split(", ")]
    assert widths == ["160w", "320w", "400w"]


def test_srcset_stops_at_the_widest_that_is_wanted() -> None:
    assert srcset(Stored("ab" * 32, 1200), "webp", 320).count("w,") == 1


def test_own_path_leaves_out_what_is_empty() -> None:
    assert (
        own_path("/products", q="fish & chips", sort="", page=None)
        == "/products?q=fish%20%26%20chips"
    )
    assert own_path("/products") == "/products"


def test_article_of_a_title_is_small_inside_a_sentence() -> None:
    assert mid_sentence("The Front Page") == "the Front Page"
    assert mid_sentence("Theatre") == "Theatre"


def test_a_list_of_words_ends_neither_its_attribute_nor_an_element() -> None:
    printed = json_list(("S", 'Ink "dark"', "</script>"))

    assert '"' not in printed
    assert "<" not in printed
    assert json.loads(printed.unescape()) == ["S", 'Ink "dark"', "</script>"]
