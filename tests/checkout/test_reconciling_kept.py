"""What the daily comparison came to is kept, so that a page need not ask Stripe."""

from store.checkout.reconciling import last_reconciliation, reconcile_nightly
from tests.buying import a_variant, buy, thanks
from tests.shop import Shop


def test_the_nightly_comparison_leaves_its_number(shop: Shop) -> None:
    reader = shop.browser()
    thanks(reader, buy(shop, reader, a_variant(shop)))

    with shop.app.app_context():
        reconcile_nightly(shop.services)
        kept = last_reconciliation()

    assert kept is not None
    assert (kept.at, kept.differences) == (shop.clock.now(), 0)
