"""What a buyer's bank takes back: opened and closed by hooks, answered or accepted by the shop."""

from typing import Any

from store.sandbox.stripe.account import Account
from store.sandbox.stripe.errors import Record, RefusalError, bad_parameter
from store.sandbox.stripe.events import emit
from store.sandbox.stripe.ids import new_id
from store.sandbox.stripe.listing import listed
from store.sandbox.stripe.parameters import Parameters
from store.sandbox.stripe.state import Shelf

LONG_TEXTS = frozenset(
    {
        "access_activity_log", "cancellation_policy_disclosure", "cancellation_rebuttal",
        "duplicate_charge_explanation", "product_description", "refund_policy_disclosure",
        "refund_refusal_explanation", "uncategorized_text",
    }
)  # fmt: skip
FILES = frozenset(
    {
        "cancellation_policy", "customer_communication", "customer_signature",
        "duplicate_charge_documentation", "receipt", "refund_policy", "service_documentation",
        "shipping_documentation", "uncategorized_file",
    }
)  # fmt: skip
TEXTS = (
    *sorted(LONG_TEXTS), *sorted(FILES), "billing_address", "customer_email_address",
    "customer_name", "customer_purchase_ip", "duplicate_charge_id", "service_date",
    "shipping_address", "shipping_carrier", "shipping_date", "shipping_tracking_number",
)  # fmt: skip
ANSWER_WITHIN_SECONDS = 7 * 24 * 60 * 60
LONGEST_TOGETHER = 150_000
LOST_FEE = 2_500
"""What the bank's side charges for a dispute, in minor units."""
ANSWERABLE = frozenset({"needs_response", "warning_needs_response"})
SETTLED_WELL = frozenset({"won", "warning_closed", "prevented"})


def retrieve_dispute(account: Account, _: Parameters, dispute: str) -> Record:
    return account.find(Shelf.DISPUTE, dispute, "dispute")


def list_disputes(account: Account, parameters: Parameters) -> Record:
    return listed(account, Shelf.DISPUTE, parameters, equal=("charge", "payment_intent"))


def update_dispute(account: Account, parameters: Parameters, dispute: str) -> Record:
    """Keep evidence, and send it to the bank unless `submit` says not to."""
    record = account.find(Shelf.DISPUTE, dispute, "dispute")
    given = parameters.branch("evidence")
    submits = parameters.boolean("submit")
    told = _evidence(account, given) if given is not None else {}
    record["metadata"] |= parameters.metadata()
    if told or submits:
        _want_answerable(record)
    record["evidence"] |= told
    details = record["evidence_details"]
    details["has_evidence"] = any(record["evidence"][name] for name in TEXTS)
    previous = {"status": record["status"]}
    if submits is not False and details["has_evidence"] and (told or submits):
        details["submission_count"] += 1
        is_warning = record["status"].startswith("warning")
        record["status"] = "warning_under_review" if is_warning else "under_review"
    account.state.put(Shelf.DISPUTE, record)
    emit(account, "charge.dispute.updated", record, previous)
    return record


def accept_dispute(account: Account, _: Parameters, dispute: str) -> Record:
    """Close a dispute from the shop's side: it is lost, and stays so."""
    record = account.find(Shelf.DISPUTE, dispute, "dispute")
    _want_answerable(record)
    return _close(account, record, "warning_closed" if _is_warning(record) else "lost")


def open_dispute(
    account: Account, charge_id: str, reason: str, *, is_warning: bool = False
) -> Record:
    """Dispute a paid charge in full; inside `changing()` (KeyError if there is none).

    A warning asks only: no money moves, and the charge may still be refunded.
    """
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
        "is_charge_refundable": is_warning,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "reason": reason,
        "status": "warning_needs_response" if is_warning else "needs_response",
    }
    if not is_warning:
        dispute["balance_transactions"].append(_movement(account, dispute, -1))
    account.state.put(Shelf.DISPUTE, dispute)
    emit(account, "charge.dispute.created", dispute)
    if not is_warning:
        emit(account, "charge.dispute.funds_withdrawn", dispute)
    return dispute


def close_dispute(account: Account, dispute_id: str, *, is_won: bool) -> Record:
    dispute = account.state.take(Shelf.DISPUTE, dispute_id)
    if _is_warning(dispute):
        return _close(account, dispute, "warning_closed")
    return _close(account, dispute, "won" if is_won else "lost")


def refuses_refund(account: Account, charge: Record) -> bool:
    """Whether a dispute of this charge keeps it from being refunded."""
    return any(
        not dispute["is_charge_refundable"] and dispute["status"] not in SETTLED_WELL
        for dispute in account.state.scan(Shelf.DISPUTE)
        if dispute["charge"] == charge["id"]
    )


def _close(account: Account, dispute: Record, status: str) -> Record:
    previous = {"status": dispute["status"]}
    dispute["status"] = status
    is_won = status == "won"
    if is_won:
        dispute["balance_transactions"].append(_movement(account, dispute, 1))
    account.state.put(Shelf.DISPUTE, dispute)
    emit(account, "charge.dispute.updated", dispute, previous)
    if is_won:
        emit(account, "charge.dispute.funds_reinstated", dispute)
    emit(account, "charge.dispute.closed", dispute)
    return dispute


def _movement(account: Account, dispute: Record, sign: int) -> Record:
    fee = LOST_FEE if sign < 0 else 0
    amount = sign * dispute["amount"]
    return {
        "id": new_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": account.stamp(),
        "balance_type": "payments",
        "created": account.stamp(),
        "currency": dispute["currency"],
        "description": f"Chargeback {'withdrawal' if sign < 0 else 'reversal'}",
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [],
        "net": amount - fee,
        "reporting_category": "dispute" if sign < 0 else "dispute_reversal",
        "source": dispute["id"],
        "status": "available",
        "type": "adjustment",
    }


def _want_answerable(dispute: Record) -> None:
    if dispute["status"] not in ANSWERABLE:
        raise RefusalError(
            f"This dispute is {dispute['status']} and cannot be answered any more.",
            code="dispute_not_answerable",
        )


def _is_warning(dispute: Record) -> bool:
    return bool(dispute["status"].startswith("warning"))


def _evidence(account: Account, given: Parameters) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name in TEXTS:
        text = given.text(name, longest=20_000 if name in LONG_TEXTS else 5_000)
        if text is None:
            continue
        if name in FILES:
            account.find(Shelf.FILE, text, f"evidence[{name}]")
        told[name] = text
    if sum(map(len, told.values())) > LONGEST_TOGETHER:
        message = f"Evidence may have at most {LONGEST_TOGETHER} characters together."
        raise bad_parameter(message, "evidence", "parameter_invalid_string")
    return told
