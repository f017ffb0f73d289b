import pytest
import stripe

from store.sandbox.stripe import Sandbox
from tests.sandbox.stripe.orders import Listener, open_session, paid_intent

WAITS_THEN_SUCCEEDS, SUCCEEDS_THEN_FAILS = "4000000000007726", "4000000000005126"
WAITS_THEN_FAILS = "4000000000003337"


def test_all_of_a_payment_goes_back(client: stripe.StripeClient, sandbox: Sandbox) -> None:
    intent = paid_intent(client, sandbox)

    refund = client.v1.refunds.create(params={"payment_intent": intent}, options={})

    assert (refund.amount, refund.status) == (5280, "succeeded")
    charge = client.v1.charges.retrieve(str(refund.charge))
    assert (charge.amount_refunded, charge.refunded) == (5280, True)


def test_parts_go_back_until_all_is(client: stripe.StripeClient, sandbox: Sandbox) -> None:
    intent = paid_intent(client, sandbox)

    client.v1.refunds.create(params={"payment_intent": intent, "amount": 1000})
    rest = client.v1.refunds.create(params={"payment_intent": intent})

    assert rest.amount == 4280
    refunds = client.v1.refunds.list(params={"payment_intent": intent})
    assert [refund.amount for refund in refunds.data] == [4280, 1000]


def test_more_than_was_paid_never_goes_back(client: stripe.StripeClient, sandbox: Sandbox) -> None:
    intent = paid_intent(client, sandbox)
    client.v1.refunds.create(params={"payment_intent": intent, "amount": 5000})

    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded") as caught:
        client.v1.refunds.create(params={"payment_intent": intent, "amount": 281})

    assert (caught.value.http_status, caught.value.param) == (400, "amount")


def test_what_went_back_whole_is_not_refunded_again(
    client: stripe.StripeClient, sandbox: Sandbox
) -> None:
    intent = paid_intent(client, sandbox)
    client.v1.refunds.create(params={"payment_intent": intent})

    with pytest.raises(stripe.InvalidRequestError, match="already been refunded") as caught:
        client.v1.refunds.create(params={"payment_intent": intent, "amount": 1})

    assert caught.value.code == "charge_already_refunded"


def test_an_unpaid_debit_is_not_refunded(client: stripe.StripeClient, sandbox: Sandbox) -> None:
    session = sandbox.pay(open_session(client).id, "4000000000001117")

    with pytest.raises(stripe.InvalidRequestError, match="successful charge"):
        client.v1.refunds.create(params={"payment_intent": session["payment_intent"]})


def test_a_refund_tells_its_reason_and_metadata(
    client: stripe.StripeClient, sandbox: Sandbox
) -> None:
    intent = paid_intent(client, sandbox)

    made = client.v1.refunds.create(
        params={
            "payment_intent": intent,
            "reason": "requested_by_customer",
            "metadata": {"return": "R-1"},
        }
    )

    refund = client.v1.refunds.retrieve(made.id, params={"expand": ["charge"]})
    assert refund.reason == "requested_by_customer"
    assert refund.metadata is not None
    assert refund.metadata["return"] == "R-1"
    assert isinstance(refund.charge, stripe.Charge)


def test_a_card_refund_tells_of_charge_and_refund(
    client: stripe.StripeClient, sandbox: Sandbox, listener: Listener
) -> None:
    client.v1.refunds.create(params={"payment_intent": paid_intent(client, sandbox)})

    sandbox.deliver_now(listener)

    assert listener.kinds[-2:] == ["charge.refunded", "refund.created"]


def test_a_refund_made_in_the_dashboard_arrives_by_webhook(
    client: stripe.StripeClient, sandbox: Sandbox, listener: Listener
) -> None:
    refund = sandbox.refund(paid_intent(client, sandbox), 500)

    sandbox.deliver_now(listener)

    assert listener.events[-1].data.object["id"] == refund["id"]
    assert listener.events[-1].request is not None
    assert listener.events[-1].request.id is None


@pytest.mark.parametrize(
    ("card", "at_first", "at_last"),
    [
        (WAITS_THEN_SUCCEEDS, "pending", "succeeded"),
        (SUCCEEDS_THEN_FAILS, "succeeded", "failed"),
        (WAITS_THEN_FAILS, "pending", "failed"),
    ],
)
def test_some_refunds_change_their_mind(
    client: stripe.StripeClient, sandbox: Sandbox, card: str, at_first: str, at_last: str
) -> None:
    refund = client.v1.refunds.create(params={"payment_intent": paid_intent(client, sandbox, card)})

    sandbox.settle_delayed()

    assert (refund.status, client.v1.refunds.retrieve(refund.id).status) == (at_first, at_last)


def test_a_failed_refund_is_told_and_can_be_made_again(
    client: stripe.StripeClient, sandbox: Sandbox, listener: Listener
) -> None:
    intent = paid_intent(client, sandbox, WAITS_THEN_FAILS)
    client.v1.refunds.create(params={"payment_intent": intent})
    sandbox.settle_delayed()

    again = client.v1.refunds.create(params={"payment_intent": intent})

    assert again.amount == 5280
    sandbox.deliver_now(listener)
    assert "refund.failed" in listener.kinds
    assert "refund.updated" in listener.kinds


def test_a_refund_fails_by_hand(client: stripe.StripeClient, sandbox: Sandbox) -> None:
    refund = client.v1.refunds.create(params={"payment_intent": paid_intent(client, sandbox)})

    sandbox.finish_refund(refund.id, "failed")

    assert client.v1.refunds.retrieve(refund.id).failure_reason == "expired_or_canceled_card"


def test_a_disputed_charge_is_not_refunded(client: stripe.StripeClient, sandbox: Sandbox) -> None:
    intent = paid_intent(client, sandbox)
    sandbox.dispute(intent)

    with pytest.raises(stripe.InvalidRequestError, match="charged back"):
        client.v1.refunds.create(params={"payment_intent": intent})


def test_a_refund_of_nothing_known_is_refused(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="payment_intent or charge"):
        client.v1.refunds.create(params={"amount": 100})
    with pytest.raises(stripe.InvalidRequestError, match="No such payment_intent"):
        client.v1.refunds.create(params={"payment_intent": "pi_unknown"})
