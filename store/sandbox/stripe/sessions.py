"""What becomes of a Checkout Session: read, listed, expired by the shop or by time."""

from store.sandbox.stripe.account import Account
from store.sandbox.stripe.errors import Record, RefusalError
from store.sandbox.stripe.events import emit
from store.sandbox.stripe.listing import Test, listed, paged
from store.sandbox.stripe.parameters import Parameters
from store.sandbox.stripe.state import Shelf


def retrieve_session(account: Account, _: Parameters, session: str) -> Record:
    found = account.find(Shelf.SESSION, session, "session")
    return expire_if_due(account, found)


def list_sessions(account: Account, parameters: Parameters) -> Record:
    expire_due(account)
    tests: list[Test] = []
    details = parameters.branch("customer_details")
    if details is not None:
        wanted = details.wanted_text("email")
        tests.append(lambda s: (s["customer_details"] or {}).get("email") == wanted)
    status = parameters.choice("status", ("complete", "expired", "open"))
    if status:
        tests.append(lambda s: s["status"] == status)
    return listed(account, Shelf.SESSION, parameters, equal=("payment_intent",), tests=tests)


def list_line_items(account: Account, parameters: Parameters, session: str) -> Record:
    account.find(Shelf.SESSION, session, "session")
    lines = account.state.take(Shelf.LINES, session)["lines"]
    return paged(lines, parameters, f"/v1/checkout/sessions/{session}/line_items")


def expire_session(account: Account, _: Parameters, session: str) -> Record:
    found = expire_if_due(account, account.find(Shelf.SESSION, session, "session"))
    if found["status"] != "open":
        raise RefusalError(
            'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout '
            f"Session has a status of `{found['status']}`.",
        )
    return _expire(account, found)


def expire_due(account: Account) -> int:
    """Expire every open session whose time is over; return how many there were."""
    moment = account.stamp()
    due = [
        s["id"]
        for s in account.state.scan(Shelf.SESSION)
        if s["status"] == "open" and s["expires_at"] <= moment
    ]
    return sum(_expire_by_time(account, session_id) for session_id in due)


def expire_if_due(account: Account, session: Record) -> Record:
    if session["status"] != "open" or session["expires_at"] > account.stamp():
        return session
    _expire_by_time(account, session["id"])
    return account.state.take(Shelf.SESSION, session["id"])


def _expire_by_time(account: Account, session_id: str) -> bool:
    with account.changing():
        session = account.state.take(Shelf.SESSION, session_id)
        is_open: bool = session["status"] == "open"
        if is_open:
            _expire(account, session)
        return is_open


def _expire(account: Account, session: Record) -> Record:
    session["status"] = "expired"
    session["url"] = None
    account.state.put(Shelf.SESSION, session)
    if session["payment_intent"]:
        _cancel_intent(account, session["payment_intent"])
    emit(account, "checkout.session.expired", session)
    return session


def _cancel_intent(account: Account, intent_id: str) -> None:
    intent = account.state.take(Shelf.INTENT, intent_id)
    intent["status"] = "canceled"
    intent["canceled_at"] = account.stamp()
    intent["cancellation_reason"] = "expired"
    account.state.put(Shelf.INTENT, intent)
    emit(account, "payment_intent.canceled", intent)
