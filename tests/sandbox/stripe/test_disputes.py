"""Disputes as the shop answers them: kept, submitted once, accepted, and what money does."""

import io

import pytest
import stripe

from store.sandbox.stripe import Sandbox
from tests.sandbox.stripe.orders import Listener, paid_intent


@pytest.fixture
def intent(client: stripe.StripeClient, sandbox: Sandbox) -> str:
    return paid_intent(client, sandbox)


def _dispute(client: stripe.StripeClient, intent: str) -> stripe.Dispute:
    return client.v1.disputes.list(params={"payment_intent": intent}).data[0]


def test_money_leaves_with_a_dispute_and_comes_back_when_it_is_won(
    client: stripe.StripeClient, sandbox: Sandbox, listener: Listener, intent: str
) -> None:
    dispute_id = sandbox.dispute(intent)["id"]
    sandbox.close_dispute(dispute_id, is_won=True)

    moved = [one.amount for one in _dispute(client, intent).balance_transactions]
    assert moved == [-5280, 5280]
    sandbox.deliver_now(listener)
    assert listener.kinds[-5:] == [
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.updated",
        "charge.dispute.funds_reinstated",
        "charge.dispute.closed",
    ]


def test_evidence_is_kept_until_it_is_submitted(
    client: stripe.StripeClient, sandbox: Sandbox, intent: str
) -> None:
    dispute_id = sandbox.dispute(intent)["id"]

    kept = client.v1.disputes.update(
        dispute_id, params={"evidence": {"customer_name": "Robin"}, "submit": False}
    )
    assert (kept.status, kept.evidence_details.submission_count) == ("needs_response", 0)
    assert kept.evidence_details.has_evidence

    sent = client.v1.disputes.update(
        dispute_id, params={"evidence": {"uncategorized_text": "It arrived."}, "submit": True}
    )
    assert (sent.status, sent.evidence_details.submission_count) == ("under_review", 1)
    assert sent.evidence.customer_name == "Robin"


def test_what_is_submitted_or_closed_is_not_answered_again(
    client: stripe.StripeClient, sandbox: Sandbox, intent: str
) -> None:
    dispute_id = sandbox.dispute(intent)["id"]
    client.v1.disputes.close(dispute_id)

    assert _dispute(client, intent).status == "lost"
    with pytest.raises(stripe.InvalidRequestError, match="cannot be answered"):
        client.v1.disputes.update(dispute_id, params={"evidence": {"customer_name": "R"}})
    with pytest.raises(stripe.InvalidRequestError, match="cannot be answered"):
        client.v1.disputes.close(dispute_id)


def test_a_file_is_evidence_once_it_was_handed_over(
    client: stripe.StripeClient, sandbox: Sandbox, intent: str
) -> None:
    dispute_id = sandbox.dispute(intent)["id"]
    paper = io.BytesIO(b"%PDF-1.7 and so on")
    paper.name = "order.pdf"

    kept = client.v1.files.create(params={"purpose": "dispute_evidence", "file": paper})
    sent = client.v1.disputes.update(dispute_id, params={"evidence": {"receipt": kept.id}})

    assert (kept.filename, kept.type, kept.size) == ("order.pdf", "pdf", 18)
    assert sent.evidence.receipt == kept.id
    assert sent.status == "under_review"


@pytest.mark.parametrize(
    "evidence",
    [
        {"receipt": "file_that_nobody_knows"},
        {"uncategorized_text": "x" * 20_001},
        {"customer_name": "x" * 5_001},
    ],
)
def test_evidence_beyond_the_bounds_is_refused(
    careless_client: stripe.StripeClient,
    client: stripe.StripeClient,
    sandbox: Sandbox,
    intent: str,
    evidence: stripe.params.DisputeUpdateParamsEvidence,
) -> None:
    dispute_id = sandbox.dispute(intent)["id"]

    with pytest.raises(stripe.InvalidRequestError):
        careless_client.v1.disputes.update(dispute_id, params={"evidence": evidence})
    assert _dispute(client, intent).evidence_details.submission_count == 0


def test_files_that_are_no_paper_are_refused(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="PDF"):
        client.v1.files.create(params={"purpose": "dispute_evidence", "file": io.BytesIO(b"hello")})


def test_a_warning_takes_no_money_and_ends_with_a_refund(
    client: stripe.StripeClient, sandbox: Sandbox, intent: str
) -> None:
    dispute = sandbox.dispute(intent, "unrecognized", is_warning=True)

    assert _dispute(client, intent).balance_transactions == []
    assert client.v1.refunds.create(params={"payment_intent": intent}).status == "succeeded"
    closed = sandbox.close_dispute(dispute["id"], is_won=False)
    assert closed["status"] == "warning_closed"


def test_what_was_won_may_be_refunded(
    client: stripe.StripeClient, sandbox: Sandbox, intent: str
) -> None:
    dispute_id = sandbox.dispute(intent)["id"]
    with pytest.raises(stripe.InvalidRequestError, match="charged back"):
        client.v1.refunds.create(params={"payment_intent": intent})

    sandbox.close_dispute(dispute_id, is_won=True)

    assert client.v1.refunds.create(params={"payment_intent": intent}).status == "succeeded"
