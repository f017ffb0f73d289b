"""The cards that a device asks for by itself: the same bytes for all who ask for the same."""

import pytest
from flask.testing import FlaskClient

from store.catalog.looked_at import MOST, canonical_handles, handles_of
from store.catalog.models import ProductStatus
from store.database import writing
from tests.builders import a_product
from tests.pages import Page
from tests.shop import Shop


def test_order_and_repetition_make_no_other_question() -> None:
    assert canonical_handles("handles=b,a,b&utm=1") == "handles=a,b"
    assert canonical_handles("handles=a%2Cb") == "handles=a,b"
    assert canonical_handles("x=1") == ""


@pytest.mark.parametrize(
    "raw",
    [
        "handles=" + "a" * 9_000,
        "handles=" + ",".join(f"h{n}" for n in range(1_000)),
        "handles=%00%ff,/etc,?a,b c",
        "&".join(f"handles={n}" for n in range(50)),
        "handles=\xff\xfe",
        "%",
    ],
)
def test_question_is_bounded_whatever_is_sent(raw: str) -> None:
    assert len(handles_of(raw)) <= MOST
    assert canonical_handles(canonical_handles(raw)) == canonical_handles(raw)


def test_cards_of_public_products_and_nothing_else(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        a_product(shop.clock, handle="tee", title="Late tee")
        a_product(shop.clock, handle="mug", title="Late mug")
        a_product(shop.clock, handle="secret", status=ProductStatus.DRAFT)

    answer = reader.get("/cards?handles=tee,mug,secret,gone")

    cards = Page(answer).all("article", class_="product_card")
    assert [card["data-card"] for card in cards] == ["mug", "tee"]
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Cache-Control"].startswith("public")


def test_no_question_has_no_cards(reader: FlaskClient) -> None:
    answer = reader.get("/cards")

    assert answer.status_code == 200
    assert not Page(answer).all("article")
