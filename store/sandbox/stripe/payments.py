"""How a session is paid: one attempt, its charge, and the events that tell of it."""

from dataclasses import dataclass

from store.sandbox.stripe.account import Account
from store.sandbox.stripe.cards import Card, Decline
from store.sandbox.stripe.charges import new_charge, new_intent, payment_error
from store.sandbox.stripe.coupons import redeem
from store.sandbox.stripe.disputes import open_dispute
from store.sandbox.stripe.errors import Record
from store.sandbox.stripe.events import emit
from store.sandbox.stripe.promises import promise
from store.sandbox.stripe.purchase import Purchase
from store.sandbox.stripe.session_texts import DELAYED_METHOD
from store.sandbox.stripe.sessions import expire_if_due
from store.sandbox.stripe.state import Shelf
from store.sandbox.stripe.taxing import found_for, tax_session
from store.sandbox.stripe.totals import price_session

METHOD_NOT_OFFERED = Decline(
    "card_declined", "card_not_supported", "This payment method is not offered here. Use another."
)
HOME_COUNTRY = "AU"
"""Where buyers live who are asked for no address here; the real page asks for a billing one."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """The session after one try at paying it; `decline` tells why it did not succeed.

    `is_new` is false when the session had been closed before, and nothing was tried.
    """

    session: Record
    decline: Decline | None = None
    is_new: bool = True


def pay(account: Account, session_id: str, purchase: Purchase) -> Attempt:
    """Pay an open session; one that is no longer open stays as it is (KeyError if unknown)."""
    with account.changing():
        session = expire_if_due(account, account.state.take(Shelf.SESSION, session_id))
        if session["status"] != "open":
            return Attempt(session, is_new=False)
        _price(account, session, purchase)
        if session["amount_total"] == 0:
            return Attempt(_complete(account, session, purchase, "no_payment_required"))
        if purchase.card is None:
            raise ValueError("A session with something to pay needs a card.")
        return _charge(account, session, purchase, purchase.card)


def _price(account: Account, session: Record, purchase: Purchase) -> None:
    """Write what it comes to by the way that was chosen, and the tax where the page takes some."""
    kept = account.state.take(Shelf.LINES, session["id"])
    options = session["shipping_options"]
    price_session(session, kept["lines"], purchase.shipping if options else None)
    if not session["automatic_tax"]["enabled"]:
        return
    rates = account.state.take(Shelf.INTENT_REQUEST, session["id"])["rates"]
    rate = rates[purchase.shipping] if options else None
    found = found_for(purchase.address.country if purchase.address else HOME_COUNTRY)
    breakdown = tax_session(account, session, kept["lines"], rate, found)
    account.state.put(Shelf.LINES, kept, session["id"])
    account.state.put(Shelf.BREAKDOWN, breakdown, session["id"])


def _charge(account: Account, session: Record, purchase: Purchase, card: Card) -> Attempt:
    intent = _intent_of(account, session)
    decline = _refusal_of(session, card)
    charge = new_charge(account, intent, purchase, card)
    intent["latest_charge"] = charge["id"]
    account.state.put(Shelf.CHARGE, charge)
    if decline:
        return Attempt(_fail(account, session, intent, charge, decline), decline)
    intent |= {
        "payment_method": charge["payment_method"],
        "last_payment_error": None,
        "shipping": _intent_shipping(purchase),
    }
    if card.settles:
        promise(account, "charge", session["id"], card.settles)
        return Attempt(_wait(account, session, purchase, intent, charge))
    session = _succeed(account, session, purchase, intent, charge)
    if card.is_disputed:
        open_dispute(account, charge["id"], "fraudulent")
    return Attempt(session)


def _intent_of(account: Account, session: Record) -> Record:
    if session["payment_intent"]:
        intent = account.state.take(Shelf.INTENT, session["payment_intent"])
        return intent | {"amount": session["amount_total"]}
    request = account.state.take(Shelf.INTENT_REQUEST, session["id"])
    intent = new_intent(account, session, request)
    session["payment_intent"] = intent["id"]
    emit(account, "payment_intent.created", intent)
    return intent


def _refusal_of(session: Record, card: Card) -> Decline | None:
    method = DELAYED_METHOD if card.settles else "card"
    return card.decline if method in session["payment_method_types"] else METHOD_NOT_OFFERED


def _fail(
    account: Account, session: Record, intent: Record, charge: Record, decline: Decline
) -> Record:
    charge |= {
        "status": "failed",
        "paid": False,
        "captured": False,
        "amount_captured": 0,
        "failure_code": decline.code,
        "failure_message": decline.message,
    }
    intent["last_payment_error"] = payment_error(decline, charge)
    account.state.put(Shelf.CHARGE, charge)
    account.state.put(Shelf.INTENT, intent)
    emit(account, "charge.failed", charge)
    emit(account, "payment_intent.payment_failed", intent)
    return account.state.put(Shelf.SESSION, session)


def _wait(
    account: Account, session: Record, purchase: Purchase, intent: Record, charge: Record
) -> Record:
    intent["status"] = "processing"
    account.state.put(Shelf.INTENT, intent)
    emit(account, "charge.pending", charge)
    emit(account, "payment_intent.processing", intent)
    return _complete(account, session, purchase, "unpaid")


def _succeed(
    account: Account, session: Record, purchase: Purchase, intent: Record, charge: Record
) -> Record:
    intent |= {"status": "succeeded", "amount_received": intent["amount"]}
    account.state.put(Shelf.INTENT, intent)
    emit(account, "charge.succeeded", charge)
    emit(account, "payment_intent.succeeded", intent)
    return _complete(account, session, purchase, "paid")


def _complete(account: Account, session: Record, purchase: Purchase, status: str) -> Record:
    session |= {"status": "complete", "payment_status": status, "url": None}
    session["customer_details"] = {
        "address": purchase.billing_details()["address"],
        "business_name": None,
        "email": session["customer_email"] or purchase.email,
        "individual_name": None,
        "name": purchase.name,
        "phone": purchase.phone,
        "tax_exempt": "none",
        "tax_ids": [],
    }
    details = purchase.shipping_details() if session["shipping_address_collection"] else None
    session["collected_information"] = {
        "business_name": None,
        "individual_name": None,
        "shipping_details": details,
    }
    for discount in session["discounts"] or ():
        redeem(account, discount["coupon"])
    account.state.put(Shelf.SESSION, session)
    emit(account, "checkout.session.completed", session)
    return session


def _intent_shipping(purchase: Purchase) -> Record | None:
    details = purchase.shipping_details()
    return details and details | {"carrier": None, "phone": purchase.phone, "tracking_number": None}
