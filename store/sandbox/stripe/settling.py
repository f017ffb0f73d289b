"""How what was promised comes true: debits that pay or fail, refunds that arrive or bounce."""

from store.sandbox.stripe.account import Account
from store.sandbox.stripe.errors import Record
from store.sandbox.stripe.events import emit
from store.sandbox.stripe.refunds import finish_refund
from store.sandbox.stripe.state import Shelf

DEBIT_REFUSED = "The customer's bank account could not be debited."


def settle(account: Account, *, only_due: bool) -> int:
    """Settle what is due, or everything that waits; return how much that was."""
    moment = account.stamp()
    waiting = account.state.scan(Shelf.PROMISE)
    due = [p["id"] for p in waiting if not only_due or p["due_at"] <= moment]
    return sum(_keep_promise(account, promise_id) for promise_id in due)


def _keep_promise(account: Account, promise_id: str) -> bool:
    with account.changing():
        promise = account.state.get(Shelf.PROMISE, promise_id)
        if promise is None:
            return False
        account.state.remove(Shelf.PROMISE, promise_id)
        if promise["kind"] == "refund":
            finish_refund(account, promise["subject"], promise["outcome"])
        else:
            _settle_debit(account, promise["subject"], promise["outcome"])
        return True


def _settle_debit(account: Account, session_id: str, outcome: str) -> None:
    session = account.state.take(Shelf.SESSION, session_id)
    intent = account.state.take(Shelf.INTENT, session["payment_intent"])
    charge = account.state.take(Shelf.CHARGE, intent["latest_charge"])
    if outcome == "succeeded":
        _debit_paid(account, session, intent, charge)
    else:
        _debit_failed(account, session, intent, charge)


def _debit_paid(account: Account, session: Record, intent: Record, charge: Record) -> None:
    charge |= {"status": "succeeded", "paid": True, "amount_captured": charge["amount"]}
    intent |= {"status": "succeeded", "amount_received": intent["amount"]}
    session["payment_status"] = "paid"
    _keep(account, session, intent, charge)
    emit(account, "charge.succeeded", charge)
    emit(account, "payment_intent.succeeded", intent)
    emit(account, "checkout.session.async_payment_succeeded", session)


def _debit_failed(account: Account, session: Record, intent: Record, charge: Record) -> None:
    charge |= {
        "status": "failed",
        "captured": False,
        "failure_code": "debit_not_authorized",
        "failure_message": DEBIT_REFUSED,
    }
    intent["status"] = "requires_payment_method"
    intent["payment_method"] = None
    intent["last_payment_error"] = {
        "type": "invalid_request_error",
        "charge": charge["id"],
        "code": "payment_method_provider_decline",
        "message": DEBIT_REFUSED,
    }
    _keep(account, session, intent, charge)
    emit(account, "charge.failed", charge)
    emit(account, "payment_intent.payment_failed", intent)
    emit(account, "checkout.session.async_payment_failed", session)


def _keep(account: Account, session: Record, intent: Record, charge: Record) -> None:
    account.state.put(Shelf.SESSION, session)
    account.state.put(Shelf.INTENT, intent)
    account.state.put(Shelf.CHARGE, charge)
