"""What a buyer's bank takes back: disputes, opened and closed by the sandbox's hooks."""

from store.sandbox.stripe.account import Account
from store.sandbox.stripe.errors import Record
from store.sandbox.stripe.events import emit
from store.sandbox.stripe.ids import new_id
from store.sandbox.stripe.listing import listed
from store.sandbox.stripe.parameters import Parameters
from store.sandbox.stripe.state import Shelf

TEXTS = (
    "access_activity_log", "billing_address", "cancellation_policy",
    "cancellation_policy_disclosure", "cancellation_rebuttal", "customer_communication",
    "customer_email_address", "customer_name", "customer_purchase_ip", "customer_signature",
    "duplicate_charge_documentation", "duplicate_charge_explanation", "duplicate_charge_id",
    "product_description", "receipt", "refund_policy", "refund_policy_disclosure",
    "refund_refusal_explanation", "service_date", "service_documentation", "shipping_address",
    "shipping_carrier", "shipping_date", "shipping_documentation", "shipping_tracking_number",
    "uncategorized_file", "uncategorized_text",
)  # fmt: skip
ANSWER_WITHIN_SECONDS = 7 * 24 * 60 * 60


def retrieve_dispute(account: Account, _: Parameters, dispute: str) -> Record:
    return account.find(Shelf.DISPUTE, dispute, "dispute")


def list_disputes(account: Account, parameters: Parameters) -> Record:
    return listed(account, Shelf.DISPUTE, parameters, equal=("charge", "payment_intent"))


def open_dispute(account: Account, charge_id: str, reason: str) -> Record:
    """Dispute a paid charge in full; inside `changing()` (KeyError if there is none)."""
    charge = account.state.take(Shelf.CHARGE, charge_id)
    charge["disputed"] = True
    account.state.put(Shelf.CHARGE, charge)
    dispute: Record = {
        "id": new_id("du"),
        "object": "dispute",
        "amount": charge["amount"],
        "balance_transactions": [],
        "charge": charge_id,
        "created": account.stamp(),
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": dict.fromkeys(TEXTS) | {"enhanced_evidence": {}},
        "evidence_details": {
            "due_by": account.stamp() + ANSWER_WITHIN_SECONDS,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "reason": reason,
        "status": "needs_response",
    }
    account.state.put(Shelf.DISPUTE, dispute)
    emit(account, "charge.dispute.created", dispute)
    return dispute


def close_dispute(account: Account, dispute_id: str, *, is_won: bool) -> Record:
    dispute = account.state.take(Shelf.DISPUTE, dispute_id)
    previous = {"status": dispute["status"]}
    dispute["status"] = "won" if is_won else "lost"
    account.state.put(Shelf.DISPUTE, dispute)
    emit(account, "charge.dispute.updated", dispute, previous)
    emit(account, "charge.dispute.closed", dispute)
    return dispute
