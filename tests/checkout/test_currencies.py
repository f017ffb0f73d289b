"""The same journey in money with two, no and three decimals."""

from pathlib import Path

import pytest

from store.clock import FixedClock
from store.database import db
from store.money import Money
from store.orders.models import OrderState
from store.orders.refunding import RefundWish, refund_order
from store.sandbox.stripe import Address
from tests.buying import a_variant, check_out, fill_cart, session_of, thanks, the_order
from tests.invariants import assert_invariants
from tests.shop import Shop, open_shop, some_settings

TOKYO = Address(line1="1-1 Chiyoda", city="Tokyo", state="", postal_code="1000001", country="JP")
KUWAIT = Address(line1="1 Gulf Rd", city="Kuwait City", state="", postal_code="13001", country="KW")
SYDNEY = Address()


@pytest.mark.parametrize(
    ("currency", "country", "minor", "address"),
    [("AUD", "AU", 4290, SYDNEY), ("JPY", "JP", 4290, TOKYO), ("KWD", "KW", 12_345, KUWAIT)],
)
def test_money_comes_out_right_to_the_last_unit(
    *,
    tmp_path: Path,
    database_url: str,
    clock: FixedClock,
    currency: str,
    country: str,
    minor: int,
    address: Address,
) -> None:
    settings = some_settings(tmp_path, database_url, currency=currency, country=country)
    shop = open_shop(settings, clock)
    reader = shop.browser()
    fill_cart(reader, _priced(shop, Money(minor, currency)), 3)
    session_id = session_of(check_out(reader))
    charged = shop.sandbox.pay(session_id, address=address)["amount_total"]

    page = thanks(reader, session_id)

    assert page.status_code == 200
    with shop.app.app_context():
        order = the_order()
        assert (order.state, order.parked_reason) == (OrderState.PAID, "")
        assert order.total_minor == charged == order.payments[0].amount_minor
        assert currency != "KWD" or charged % 10 == 0
        refund_order(order, RefundWish(), shop.services, actor="robin")
        assert the_order().state == OrderState.REFUNDED
        assert_invariants(shop.sandbox)
        db.engine.dispose()


def _priced(shop: Shop, price: Money) -> int:
    return a_variant(shop, stock=5, price=price)
