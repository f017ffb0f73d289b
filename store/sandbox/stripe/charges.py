"""What moves money: payment intents and their charges, in Stripe's shape."""

from store.sandbox.stripe.account import Account
from store.sandbox.stripe.cards import Card, Decline
from store.sandbox.stripe.errors import Record
from store.sandbox.stripe.ids import new_id
from store.sandbox.stripe.listing import listed
from store.sandbox.stripe.parameters import Parameters
from store.sandbox.stripe.purchase import Purchase
from store.sandbox.stripe.session_texts import DELAYED_METHOD
from store.sandbox.stripe.state import Shelf


def retrieve_intent(account: Account, _: Parameters, intent: str) -> Record:
    return account.find(Shelf.INTENT, intent, "intent")


def list_intents(account: Account, parameters: Parameters) -> Record:
    return listed(account, Shelf.INTENT, parameters, equal=("customer",))


def retrieve_charge(account: Account, _: Parameters, charge: str) -> Record:
    return account.find(Shelf.CHARGE, charge, "charge")


def list_charges(account: Account, parameters: Parameters) -> Record:
    return listed(account, Shelf.CHARGE, parameters, equal=("payment_intent", "customer"))


def new_intent(account: Account, session: Record, request: Record) -> Record:
    intent_id = new_id("pi")
    blank = dict.fromkeys(
        (
            "application", "application_fee_amount", "canceled_at", "cancellation_reason",
            "customer", "last_payment_error", "latest_charge", "next_action",
            "on_behalf_of", "payment_method", "payment_method_configuration_details",
            "processing", "review", "setup_future_usage", "shipping", "transfer_data",
        )
    )  # fmt: skip
    return blank | {
        "id": intent_id,
        "object": "payment_intent",
        "amount": session["amount_total"],
        "amount_capturable": 0,
        "amount_received": 0,
        "automatic_payment_methods": None,
        "capture_method": "automatic_async",
        "client_secret": new_id(f"{intent_id}_secret"),
        "confirmation_method": "automatic",
        "created": account.stamp(),
        "currency": session["currency"],
        "description": request["description"],
        "livemode": False,
        "metadata": request["metadata"],
        "payment_method_options": {},
        "payment_method_types": session["payment_method_types"],
        "receipt_email": request["receipt_email"],
        "statement_descriptor": request["statement_descriptor"],
        "statement_descriptor_suffix": request["statement_descriptor_suffix"],
        "status": "requires_payment_method",
        "transfer_group": request["transfer_group"],
    }


def new_charge(account: Account, intent: Record, purchase: Purchase, card: Card) -> Record:
    """Make the charge of one attempt: succeeded, pending or failed by its card."""
    blank = dict.fromkeys(
        (
            "application", "application_fee", "application_fee_amount", "balance_transaction",
            "customer", "failure_balance_transaction", "failure_code", "failure_message",
            "on_behalf_of", "receipt_number", "receipt_url", "review", "shipping",
            "source_transfer", "transfer_data",
        )
    )  # fmt: skip
    copied = (
        "amount", "currency", "description", "metadata", "receipt_email", "statement_descriptor",
        "statement_descriptor_suffix", "transfer_group",
    )  # fmt: skip
    status = "failed" if card.decline else "pending" if card.settles else "succeeded"
    charge = blank | {name: intent[name] for name in copied}
    return charge | {
        "id": new_id("ch"),
        "object": "charge",
        "amount_captured": intent["amount"] if status == "succeeded" else 0,
        "amount_refunded": 0,
        "billing_details": purchase.billing_details(),
        "calculated_statement_descriptor": account.settings.account_name.upper()[:22],
        "captured": status != "failed",
        "created": account.stamp(),
        "disputed": False,
        "failure_code": card.decline.code if card.decline else None,
        "failure_message": card.decline.message if card.decline else None,
        "fraud_details": {},
        "livemode": False,
        "outcome": _outcome(card),
        "paid": status == "succeeded",
        "payment_intent": intent["id"],
        "payment_method": new_id("pm"),
        "payment_method_details": _method_details(purchase, card),
        "radar_options": {},
        "refunded": False,
        "status": status,
    }


def payment_error(decline: Decline, charge: Record) -> Record:
    """Return what stands as the intent's `last_payment_error`."""
    error = {
        "type": "card_error",
        "charge": charge["id"],
        "code": decline.code,
        "doc_url": f"https://stripe.com/docs/error-codes/{decline.code.replace('_', '-')}",
        "message": decline.message,
    }
    return error | ({"decline_code": decline.decline_code} if decline.decline_code else {})


def _outcome(card: Card) -> Record:
    is_declined = card.decline is not None
    reason = card.decline and (card.decline.decline_code or card.decline.code)
    return {
        "advice_code": "try_again_later" if is_declined else None,
        "network_advice_code": None,
        "network_decline_code": "01" if is_declined else None,
        "network_status": "declined_by_network" if is_declined else "approved_by_network",
        "reason": reason,
        "risk_level": "normal",
        "risk_score": 12,
        "seller_message": "The bank declined it." if is_declined else "Payment complete.",
        "type": "issuer_declined" if is_declined else "authorized",
    }


def _method_details(purchase: Purchase, card: Card) -> Record:
    if card.settles:
        debit = {"bsb_number": "000000", "fingerprint": card.number[-16:], "last4": card.last4}
        return {"type": DELAYED_METHOD, DELAYED_METHOD: debit}
    checked = "fail" if card.decline and card.decline.code == "incorrect_cvc" else "pass"
    return {
        "type": "card",
        "card": {
            "brand": card.brand,
            "checks": {
                "address_line1_check": "pass" if purchase.address else None,
                "address_postal_code_check": "pass" if purchase.address else None,
                "cvc_check": checked,
            },
            "country": "US",
            "exp_month": purchase.expiry_month,
            "exp_year": purchase.expiry_year,
            "fingerprint": card.number[-16:],
            "funding": "credit",
            "last4": card.last4,
            "network": card.brand,
            "three_d_secure": None,
            "wallet": None,
        },
    }
