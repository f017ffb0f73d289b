import pytest
import stripe

from store.clock import FixedClock
from store.sandbox.stripe import Sandbox
from tests.sandbox.stripe.orders import a_line, open_session


def test_a_percentage_comes_off_the_goods_and_not_the_post(client: stripe.StripeClient) -> None:
    coupon = client.v1.coupons.create(params={"percent_off": 12.5, "duration": "once"})

    session = open_session(client, discounts=[{"coupon": coupon.id}])

    assert session.total_details is not None
    assert session.total_details.amount_discount == 536
    assert session.amount_total == 4290 - 536 + 990


def test_an_amount_is_spread_over_the_lines_to_the_cent(client: stripe.StripeClient) -> None:
    coupon = client.v1.coupons.create(params={"amount_off": 1000, "currency": "aud"})
    lines = [a_line(unit_amount=1000), a_line(unit_amount=1000), a_line(unit_amount=1000)]

    session = open_session(
        client, line_items=lines, discounts=[{"coupon": coupon.id}], expand=["line_items"]
    )

    assert session.line_items is not None
    assert [line.amount_discount for line in session.line_items.data] == [334, 333, 333]


def test_a_coupon_never_takes_more_than_there_is(
    client: stripe.StripeClient, sandbox: Sandbox
) -> None:
    coupon = client.v1.coupons.create(params={"amount_off": 9000, "currency": "aud"})

    session = open_session(client, discounts=[{"coupon": coupon.id}])

    assert session.amount_total == 990


def test_a_used_up_coupon_no_longer_holds(client: stripe.StripeClient, sandbox: Sandbox) -> None:
    coupon = client.v1.coupons.create(params={"percent_off": 10, "max_redemptions": 1})
    sandbox.pay(open_session(client, discounts=[{"coupon": coupon.id}]).id)

    with pytest.raises(stripe.InvalidRequestError, match="fully redeemed"):
        open_session(client, discounts=[{"coupon": coupon.id}])

    assert client.v1.coupons.retrieve(coupon.id).times_redeemed == 1


def test_a_coupon_ends_when_it_says(client: stripe.StripeClient, clock: FixedClock) -> None:
    ends_at = int(clock.now().timestamp())
    coupon = client.v1.coupons.create(params={"percent_off": 10, "redeem_by": ends_at})

    with pytest.raises(stripe.InvalidRequestError, match="expired"):
        open_session(client, discounts=[{"coupon": coupon.id}])


def test_a_coupon_of_another_currency_does_not_fit(client: stripe.StripeClient) -> None:
    coupon = client.v1.coupons.create(params={"amount_off": 500, "currency": "usd"})

    with pytest.raises(stripe.InvalidRequestError, match="is in usd"):
        open_session(client, discounts=[{"coupon": coupon.id}])


def test_a_deleted_coupon_is_gone(client: stripe.StripeClient) -> None:
    client.v1.coupons.create(params={"id": "PRIDE", "percent_off": 10})

    client.v1.coupons.delete("PRIDE")

    with pytest.raises(stripe.InvalidRequestError, match="No such coupon: 'PRIDE'"):
        client.v1.coupons.retrieve("PRIDE")


def test_a_coupon_is_made_once(client: stripe.StripeClient) -> None:
    client.v1.coupons.create(params={"id": "PRIDE", "percent_off": 10})

    with pytest.raises(stripe.InvalidRequestError, match="already exists"):
        client.v1.coupons.create(params={"id": "PRIDE", "percent_off": 20})


@pytest.mark.parametrize("percent", [0, 101])
def test_a_percentage_has_bounds(client: stripe.StripeClient, percent: int) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="above 0"):
        client.v1.coupons.create(params={"percent_off": percent})


def test_a_coupon_is_one_or_the_other(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="exactly one"):
        client.v1.coupons.create(params={"percent_off": 5, "amount_off": 5, "currency": "aud"})
