"""Whatever is in the cart, comes off it or pays: lines, totals, gift cards and Stripe agree."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from store.clock import FixedClock
from store.database import db
from store.gift_cards.proof import proof
from tests.checkout.random_carts import RandomCart, RandomShop, carts
from tests.shop import open_shop, some_settings

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("currency", "country"), [("AUD", "AU"), ("JPY", "JP"), ("KWD", "KW")])
def test_what_is_charged_is_what_the_lines_say(
    tmp_path: Path, database_url: str, clock: FixedClock, currency: str, country: str
) -> None:
    settings_ = some_settings(tmp_path, database_url, currency=currency, country=country)
    shop = RandomShop(open_shop(settings_, clock))

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(carts())
    def agrees(cart: RandomCart) -> None:
        assert shop.mismatches(cart) == []

    agrees()
    with shop.shop.app.app_context():
        assert proof() == []
        # A connection that is still looking would outlive its engine.
        db.session.remove()
        db.engine.dispose()
