"""Promises about a cart without anything in it."""

from flask.testing import FlaskClient

from store.database import writing
from tests.builders import a_product
from tests.pages import Page
from tests.shop import Shop

OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}


def test_search_engines_may_know_the_empty_cart_and_no_other(
    shop: Shop, reader: FlaskClient
) -> None:
    with shop.app.app_context(), writing():
        mug = a_product(shop.clock, title="Mug", stock=5).variants[0].id

    empty = Page(reader.get("/cart"))
    reader.post("/cart/lines", data={"variant_id": mug}, headers=OWN_PAGE)
    filled = Page(reader.get("/cart"))

    assert (empty.meta("robots"), filled.meta("robots")) == ("", "noindex")
    assert "waits here until you check out" in empty.meta("description")
