import pytest
import stripe

from tests.stripe_schema import ValidatingHTTPClient, answer_faults, object_faults, request_faults

SESSIONS = "/v1/checkout/sessions"


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        ("mode=payment&colour=red", "colour: Stripe knows no such parameter"),
        ("payment_method_types[0]=card", "payment_method_types: Stripe knows no such parameter"),
        ("line_items[0][quantity]=two", "line_items/0/quantity: 'two' is not of type 'integer'"),
        ("expires_at=1.5", "expires_at: '1.5' is not of type 'integer'"),
        ("line_items[0][price_data][unit_amount]=5", "'currency' is a required property"),
    ],
)
def test_a_wrong_request_is_told(form: str, fault: str) -> None:
    assert any(fault in found for found in request_faults("post", SESSIONS, form))


@pytest.mark.parametrize(
    "form",
    [
        "mode=payment&ui_mode=form&line_items[0][quantity]=2&metadata[0]=first",
        "custom_text[submit]=&expand[0]=line_items&allow_promotion_codes=true",
    ],
)
def test_a_right_request_passes(form: str) -> None:
    assert request_faults("post", SESSIONS, form) == []


def test_a_filter_is_a_number_or_a_hash() -> None:
    assert request_faults("get", SESSIONS, "created=5") == []
    assert request_faults("get", SESSIONS, "created[gte]=5") == []
    assert request_faults("get", SESSIONS, "created[since]=5") != []


def test_a_wrong_answer_is_told() -> None:
    coupon = {"id": "A", "object": "coupon", "created": 1, "duration": "once", "livemode": False}

    assert object_faults(coupon | {"times_redeemed": 0, "valid": True}) == []
    assert object_faults(coupon) != []
    assert object_faults(coupon | {"times_redeemed": 0, "valid": True, "colour": "red"}) != []
    assert answer_faults("get", "/v1/coupons/A", 404, {"error": {"type": "no_such"}}) != []


class _Parrot(stripe.HTTPClient):
    name = "parrot"

    def request(self, *_: object, **__: object) -> tuple[str, int, dict[str, str]]:
        return '{"object": "balance"}', 200, {}


def test_the_client_fails_on_a_wrong_answer() -> None:
    client = stripe.StripeClient("sk_test_x", http_client=ValidatingHTTPClient(_Parrot()))

    with pytest.raises(AssertionError, match="'available' is a required property"):
        client.v1.balance.retrieve()
