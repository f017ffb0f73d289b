"""How money goes back: whole or in part, at once or later, never more than was paid."""

from store.sandbox.stripe.account import Account
from store.sandbox.stripe.cards import CARDS, Card
from store.sandbox.stripe.currencies import written
from store.sandbox.stripe.disputes import refuses_refund
from store.sandbox.stripe.errors import Record, RefusalError, bad_parameter
from store.sandbox.stripe.events import emit
from store.sandbox.stripe.ids import new_id
from store.sandbox.stripe.listing import listed
from store.sandbox.stripe.parameters import Parameters
from store.sandbox.stripe.promises import promise
from store.sandbox.stripe.state import Shelf

REASONS = ("duplicate", "fraudulent", "requested_by_customer")
GIVES_NOTHING = frozenset({"failed", "canceled"})
BY_LAST4 = {card.last4: card for card in CARDS}


def create_refund(account: Account, parameters: Parameters) -> Record:
    charge = _read_charge(account, parameters)
    amount = parameters.integer("amount", least=1)
    reason = parameters.choice("reason", REASONS)
    metadata = parameters.metadata()
    return refund_charge(account, charge, amount, reason=reason, metadata=metadata)


def retrieve_refund(account: Account, _: Parameters, refund: str) -> Record:
    return account.find(Shelf.REFUND, refund, "refund")


def list_refunds(account: Account, parameters: Parameters) -> Record:
    return listed(account, Shelf.REFUND, parameters, equal=("charge", "payment_intent"))


def refund_charge(
    account: Account,
    charge: Record,
    amount: int | None = None,
    *,
    reason: str | None = None,
    metadata: dict[str, str] | None = None,
) -> Record:
    """Refund minor units, by default all that is left (RefusalError); inside `changing()`."""
    wanted = _check_amount(account, charge, amount)
    card = _card_of(charge)
    refund: Record = {
        "id": new_id("re"),
        "object": "refund",
        "amount": wanted,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": account.stamp(),
        "currency": charge["currency"],
        "destination_details": {"type": "card", "card": {"type": "refund"}},
        "metadata": metadata or {},
        "payment_intent": charge["payment_intent"],
        "reason": reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": card.refund,
        "transfer_reversal": None,
    }
    if card.refund == "pending":
        refund["pending_reason"] = "processing"
    account.state.put(Shelf.REFUND, refund)
    if card.refund_later:
        promise(account, "refund", refund["id"], card.refund_later)
    _count_refunded(account, charge, wanted)
    emit(account, "refund.created", refund)
    return refund


def finish_refund(account: Account, refund_id: str, outcome: str) -> Record:
    """Move a refund to what it has become, and tell so; inside `changing()`."""
    refund = account.state.take(Shelf.REFUND, refund_id)
    previous = {"status": refund["status"]}
    refund["status"] = outcome
    refund.pop("pending_reason", None)
    charge = account.state.take(Shelf.CHARGE, refund["charge"])
    if outcome in GIVES_NOTHING:
        if outcome == "failed":
            refund["failure_reason"] = "expired_or_canceled_card"
        charge["amount_refunded"] -= refund["amount"]
        charge["refunded"] = False
        account.state.put(Shelf.CHARGE, charge)
    account.state.put(Shelf.REFUND, refund)
    emit(account, "refund.updated", refund, previous)
    emit(account, "charge.refund.updated", refund, previous)
    if outcome == "failed":
        emit(account, "refund.failed", refund)
    return refund


def _count_refunded(account: Account, charge: Record, amount: int) -> None:
    previous = {"amount_refunded": charge["amount_refunded"], "refunded": charge["refunded"]}
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
    account.state.put(Shelf.CHARGE, charge)
    emit(account, "charge.refunded", charge, previous)


def _read_charge(account: Account, parameters: Parameters) -> Record:
    charge_id, intent_id = parameters.text("charge"), parameters.text("payment_intent")
    if charge_id and intent_id is None:
        return account.find(Shelf.CHARGE, charge_id, "charge")
    if intent_id is None:
        message = "One of the following params should be provided for this request: "
        raise bad_parameter(f"{message}payment_intent or charge.", "payment_intent")
    intent = account.find(Shelf.INTENT, intent_id, "payment_intent")
    if intent["status"] != "succeeded" or charge_id not in {None, intent["latest_charge"]}:
        raise RefusalError(
            f"This PaymentIntent ({intent_id}) does not have a successful charge to refund.",
            code="payment_intent_unexpected_state",
        )
    return account.state.take(Shelf.CHARGE, intent["latest_charge"])


def _check_amount(account: Account, charge: Record, amount: int | None) -> int:
    left = charge["amount_captured"] - charge["amount_refunded"]
    if not charge["paid"]:
        message = f"Charge {charge['id']} has not been paid and cannot be refunded."
        raise RefusalError(message, code="charge_not_refundable")
    if refuses_refund(account, charge):
        message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise RefusalError(message, code="charge_disputed")
    if not left:
        message = f"Charge {charge['id']} has already been refunded."
        raise RefusalError(message, code="charge_already_refunded")
    if amount is not None and amount > left:
        raise RefusalError(
            f"Refund amount ({written(amount, charge['currency'])}) is greater than unrefunded "
            f"amount on charge ({written(left, charge['currency'])})",
            param="amount",
        )
    return left if amount is None else amount


def _card_of(charge: Record) -> Card:
    method = charge["payment_method_details"]
    return BY_LAST4[method[method["type"]]["last4"]]
