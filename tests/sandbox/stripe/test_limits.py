from typing import Any

import pytest
import stripe

from store.clock import FixedClock
from tests.sandbox.stripe.orders import a_line, a_rate, a_request, open_session

LONG = "x" * 501
REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"line_items": [a_line()] * 101}, "at most 100", "line_items"),
    ({"line_items": None}, "Missing required param", "line_items"),
    ({"line_items": [a_line(unit_amount=-1)]}, "greater than or equal to 0", "unit_amount"),
    ({"line_items": [a_line(quantity=0)]}, "greater than or equal to 1", "quantity"),
    ({"line_items": [a_line(name="")]}, "empty string", "product_data"),
    ({"shipping_options": [a_rate()] * 6}, "at most 5", "shipping_options"),
    ({"client_reference_id": "x" * 201}, "at most 200", "client_reference_id"),
    ({"metadata": {str(n): "x" for n in range(51)}}, "at most 50", "metadata"),
    ({"metadata": {"k" * 41: "x"}}, "at most 40", "metadata"),
    ({"metadata": {"k": LONG}}, "at most 500", "metadata"),
    ({"metadata": {"a[b]": "x"}}, "Invalid parameter name", "metadata"),
    ({"payment_intent_data": {"metadata": {"k": LONG}}}, "at most 500", "payment_intent_data"),
    ({"payment_intent_data": {"statement_descriptor_suffix": "x" * 23}}, "at most 22", "suffix"),
    ({"payment_intent_data": {"statement_descriptor_suffix": "1*2"}}, "can't contain", "suffix"),
    ({"success_url": None}, "Missing required param", "success_url"),
    ({"success_url": "/thanks"}, "Not a valid URL", "success_url"),
    ({"customer_email": "robin"}, "Invalid email", "customer_email"),
    ({"mode": "subscription"}, "mode=payment", "mode"),
    ({"ui_mode": "embedded_page"}, "hosted_page` only", "ui_mode"),
    (
        {"shipping_address_collection": {"allowed_countries": ["au"]}},
        "country",
        "allowed_countries",
    ),
    ({"discounts": [{"coupon": "a"}, {"coupon": "b"}]}, "at most 1", "discounts"),
    ({"discounts": [{"coupon": "none"}]}, "No such coupon", "discounts"),
    ({"discounts": [{"coupon": "a"}], "allow_promotion_codes": False}, "only specify one", "allow"),
]


@pytest.mark.parametrize(("changes", "message", "param"), REFUSED)
def test_stripes_limits_hold(
    careless_client: stripe.StripeClient, changes: dict[str, Any], message: str, param: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError, match=message) as caught:
        open_session(careless_client, **changes)

    assert param in (caught.value.param or "")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"payment_method_types": ["card"]}, "unknown parameter: payment_method_types"),
        ({"ui_mode": "hosted"}, "must be one of hosted_page, embedded_page, elements, or form"),
        ({"colour": "red"}, "unknown parameter: colour"),
        ({"line_items": [a_line() | {"colour": "red"}]}, r"unknown parameter: line_items\[0\]"),
        ({"expires_at": "soon"}, "Invalid integer: soon"),
        ({"allow_promotion_codes": "maybe"}, "Invalid boolean"),
        ({"line_items": "shirt"}, "Invalid array"),
        ({"metadata": "order"}, "must be a hash"),
    ],
)
def test_what_stripe_no_longer_or_never_knew_is_refused(
    careless_client: stripe.StripeClient, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError, match=message):
        open_session(careless_client, **changes)


@pytest.mark.parametrize(
    ("after_seconds", "message"),
    [(30 * 60 - 1, "at least 30 minutes"), (24 * 3600 + 1, "less than 24 hours")],
)
def test_a_session_lasts_from_half_an_hour_to_a_day(
    client: stripe.StripeClient, clock: FixedClock, after_seconds: int, message: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError, match=message):
        open_session(client, expires_at=int(clock.now().timestamp()) + after_seconds)


def test_the_shortest_and_longest_times_are_taken(
    client: stripe.StripeClient, clock: FixedClock
) -> None:
    now = int(clock.now().timestamp())

    assert open_session(client, expires_at=now + 1800).expires_at == now + 1800
    assert open_session(client).expires_at == now + 86400


@pytest.mark.parametrize("amount", [1, 49])
def test_less_than_fifty_cents_cannot_be_paid(client: stripe.StripeClient, amount: int) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="at least") as caught:
        open_session(client, line_items=[a_line(unit_amount=amount)], shipping_options=None)

    assert caught.value.code == "amount_too_small"


def test_more_than_eight_figures_cannot_be_paid(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="no more than"):
        open_session(client, line_items=[a_line(unit_amount=99_999_999, quantity=2)])


def _priced_in(currency: str, amount: int) -> dict[str, Any]:
    line = a_line(unit_amount=amount)
    line["price_data"]["currency"] = currency
    return {"line_items": [line], "shipping_options": None}


def test_the_third_decimal_of_a_dinar_is_zero(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="last digit"):
        open_session(client, **_priced_in("kwd", 5001))

    assert open_session(client, **_priced_in("kwd", 5000)).amount_total == 5000


def test_yen_have_no_decimals_and_a_floor_of_their_own(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="¥50"):
        open_session(client, **_priced_in("jpy", 49))

    assert open_session(client, **_priced_in("jpy", 50)).currency == "jpy"


def test_one_session_has_one_currency(client: stripe.StripeClient) -> None:
    other = _priced_in("usd", 4290)["line_items"]

    with pytest.raises(stripe.InvalidRequestError, match="same currency"):
        open_session(client, line_items=[a_line(), *other])


def test_shipping_is_in_the_currency_of_the_lines(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="session's currency"):
        open_session(client, **_priced_in("usd", 4290) | {"shipping_options": [a_rate()]})


def test_a_refused_request_leaves_nothing_behind(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.create(params=a_request(line_items=[a_line()] * 101))

    assert client.v1.checkout.sessions.list().data == []


@pytest.mark.parametrize(
    ("key", "message"),
    [("sk_test_wrong", "Invalid API Key"), ("sk_live_sandbox", "Invalid API Key")],
)
def test_only_the_accounts_own_key_opens(
    client: stripe.StripeClient, key: str, message: str
) -> None:
    with pytest.raises(stripe.AuthenticationError, match=message) as caught:
        client.v1.balance.retrieve(options={"api_key": key})

    assert caught.value.http_status == 401
