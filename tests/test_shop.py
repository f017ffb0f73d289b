"""Whether the application that tests share has forgotten everything when the next one comes."""

from store.clock import FixedClock
from store.sandbox.stripe import Faults, Sandbox
from store.sandbox.stripe.state import Shelf
from store.web import printing
from store.web.fragments import EXTENSION as SHARED_ANSWERS
from store.web.fragments import Fragments
from store.web.page_memory import page_memory
from tests.buying import a_variant, buy, post
from tests.conftest import Databases
from tests.shop import Shop, StandingShop


def test_reopened_shop_has_forgotten_its_pages(
    standing_shop: StandingShop, databases: Databases, clock: FixedClock
) -> None:
    with databases.fresh():
        shop = standing_shop.reopen()
        a_variant(shop, handle="late-tee")
        before = shop.browser().get("/products/late-tee").status_code
    with databases.fresh():
        again = standing_shop.reopen().browser().get("/products/late-tee").status_code

    assert (before, again) == (200, 404)


def test_reopened_shop_has_forgotten_the_parts_of_pages(
    standing_shop: StandingShop, databases: Databases
) -> None:
    def masthead_was_kept(shop: Shop) -> bool:
        remembered = shop.app.jinja_env.globals["remembered"]
        return len(remembered.__self__) > 0  # type: ignore[attr-defined] # a bound method

    with databases.fresh():
        shop = standing_shop.reopen()
        shop.browser().get("/")
        before = masthead_was_kept(shop)
        again = masthead_was_kept(standing_shop.reopen())

    assert (before, again) == (True, False)


def test_reopened_shop_has_forgotten_what_pages_share(
    standing_shop: StandingShop, databases: Databases
) -> None:
    def answers_kept(shop: Shop) -> int:
        kept: Fragments = shop.app.extensions[SHARED_ANSWERS]
        return len(kept)

    with databases.fresh():
        shop = standing_shop.reopen()
        shop.browser().get("/pages/shipping")
        before = answers_kept(shop)
        again = answers_kept(standing_shop.reopen())

    assert (before, again) == (1, 0)


def test_reopened_shop_has_forgotten_that_a_printer_was_missing(
    standing_shop: StandingShop, databases: Databases
) -> None:
    with databases.fresh():
        printing._found.lacks_libraries = True
        standing_shop.reopen()

    assert printing._found.lacks_libraries is False


def test_reopened_shop_has_a_stripe_that_knows_nobody(
    standing_shop: StandingShop, databases: Databases, clock: FixedClock
) -> None:
    with databases.fresh():
        shop = standing_shop.reopen()
        stripe = shop.sandbox
        before = _known_to(stripe)
        stripe.faults = Faults(webhook_drop_share=1.0)
        stripe.advance(3600)
        session_id = buy(shop, shop.browser(), a_variant(shop))
        known = shop.services.payments.session(session_id).status
        again = standing_shop.reopen()

    assert known == "complete"
    assert _known_to(again.sandbox) == before
    assert again.sandbox.faults == Faults()
    assert again.sandbox.account.now() == clock.now()
    assert again.services.payments is not shop.services.payments


def _known_to(stripe: Sandbox) -> dict[Shelf, int]:
    return {shelf: len(stripe.account.state.scan(shelf)) for shelf in Shelf}


def test_reopened_shop_counts_from_nothing(
    standing_shop: StandingShop, databases: Databases
) -> None:
    network = {"REMOTE_ADDR": "203.0.113.7"}

    def hurried(shop: Shop) -> list[int]:
        reader = shop.browser()
        reader.environ_base.update(network)
        return [post(reader, "/orders/find").status_code for _ in range(6)]

    with databases.fresh():
        first, second = (hurried(standing_shop.reopen()) for _ in range(2))
        standing_shop.reopen()

    assert first[-1] == 429
    assert second == first
    assert len(page_memory(standing_shop.app)._pages) == 0
