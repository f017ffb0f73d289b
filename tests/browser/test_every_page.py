"""Every public page in both editions: nothing that axe faults, nothing wider than the screen."""

import pytest

from store.catalog.models import ProductStatus
from store.database import writing
from tests.browser.axe import by_day_and_night
from tests.browser.conftest import DESK, PHONE, NewPage
from tests.browser.live import LiveShop
from tests.builders import a_collection, a_product

PATHS = (
    "/",
    "/products",
    "/products?size=m&stock=in",
    "/products?q=nothing-like-this",
    "/products?q=mgu",
    "/products/late-edition-tee",
    "/products/mug",
    "/products/old-cap",
    "/collections/front-page",
    "/pages/shipping",
    "/cart",
    "/orders/find",
    "/gift-cards",
    "/newsletter",
    "/back-in-stock",
    "/back-in-stock?variant={mug}",
    "/back-in-stock?asked=1&variant={mug}",
    "/tips",
    "/api/v1/",
)


@pytest.fixture
def mug(live: LiveShop) -> int:
    """Goods of every state; return the variant of the mug, which is sold out."""
    clock = live.services.clock
    with live.app.app_context(), writing():
        tee = a_product(
            clock,
            handle="late-edition-tee",
            title="Late Edition tee",
            options={"Size": ["S", "M"], "Colour": ["Ink", "Paper"]},
        )
        mug = a_product(clock, handle="mug", title="No Comment mug", stock=0)
        a_product(clock, handle="old-cap", title="Old cap", status=ProductStatus.ARCHIVED)
        a_collection(clock, [tee, mug], title="Front Page", handle="front-page")
        return mug.variants[0].id


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_pages_are_accessible_and_fit(mug: int, new_page: NewPage, size: tuple[int, int]) -> None:
    page = new_page(size=size)
    found = {}
    for path in PATHS:
        page.goto(path.format(mug=mug))
        faults = by_day_and_night(page)
        too_wide = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        rules = [violation["id"] for violation in faults]
        if rules or too_wide > 0:
            found[path] = (rules, too_wide)
    assert found == {}


def test_nothing_moves_for_a_reader_who_asked_for_rest(mug: int, new_page: NewPage) -> None:
    page = new_page(moves=False)
    page.goto("/products/late-edition-tee")

    moving = page.evaluate("""() => [...document.querySelectorAll("body, body *")].filter((one) => {
        const { transitionDuration, animationDuration } = getComputedStyle(one);
        return `${transitionDuration}, ${animationDuration}`.split(", ").some((t) => t !== "0s");
    }).map((one) => one.className)""")
    assert moving == []
