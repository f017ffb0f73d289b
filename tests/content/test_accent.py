"""One colour of the house reaches every page by a stylesheet, and can be read wherever it does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.content.accent import (
    LEAST,
    accent_of,
    day_contrast,
    day_match,
    night_contrast,
    night_match,
)
from store.database import writing
from store.mail.letterhead import write_letterhead
from tests.buying import a_variant
from tests.pages import Page
from tests.shop import Shop

PLUM = "#8a1c4f"
colours = st.binary(min_size=3, max_size=3).map(lambda parts: f"#{parts.hex()}")


@given(colours)
def test_every_colour_has_a_match_that_can_be_read(colour: str) -> None:
    assert day_contrast(day_match(colour)) >= LEAST
    assert night_contrast(night_match(colour)) >= LEAST


def test_a_colour_that_can_be_read_is_its_own_match() -> None:
    assert day_match(PLUM) == PLUM
    assert night_match("#ffd0e8") == "#ffd0e8"


def test_a_colour_that_cannot_be_read_is_not_used() -> None:
    assert accent_of("#ffee00", "") is None
    assert accent_of("", "#221111") is None
    found = accent_of(PLUM, "#221111")
    assert found
    assert night_contrast(found.night) >= LEAST


def test_pages_and_frames_carry_the_colour_once_there_is_one(shop: Shop) -> None:
    a_variant(shop, handle="late-tee")
    addresses = ("/", "/cart", "/embed/products/late-tee")
    reader = shop.browser()
    assert not [one for one in addresses if "/brand/" in reader.get(one).text]

    with shop.app.app_context(), writing():
        write_letterhead({"accent": PLUM.upper()}, shop.clock)

    for address in addresses:
        sheets = [link["href"] for link in Page(reader.get(address)).all("link", rel="stylesheet")]
        answer = reader.get(sheets[-1])
        assert f"--accent:light-dark({PLUM}," in answer.text
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "name", ["8a1c4f", "ffee00-ffd0e8", "8a1c4f-221111", "8A1C4F-ffd0e8", "red;}-ffd0e8", "x"]
)
def test_an_address_that_names_no_readable_colour_is_none(shop: Shop, name: str) -> None:
    assert shop.browser().get(f"/brand/{name}.css").status_code == 404
