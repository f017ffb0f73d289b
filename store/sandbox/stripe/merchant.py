"""Whose account this is, for a doctor's check: the merchant and the balance."""

from store.sandbox.stripe.account import Account
from store.sandbox.stripe.errors import Record
from store.sandbox.stripe.parameters import Parameters
from store.sandbox.stripe.state import Shelf


def retrieve_account(account: Account, _: Parameters) -> Record:
    settings = account.settings
    return {
        "id": "acct_1StoreSandbox00",
        "object": "account",
        "business_type": None,
        "charges_enabled": True,
        "country": settings.country,
        "default_currency": settings.currency,
        "details_submitted": True,
        "email": None,
        "payouts_enabled": True,
        "type": "standard",
    }


def retrieve_balance(account: Account, _: Parameters) -> Record:
    """Sum what was paid and not refunded, by currency; fees do not exist here."""
    sums: dict[str, int] = {account.settings.currency: 0}
    for charge in account.state.scan(Shelf.CHARGE):
        kept = charge["amount_captured"] - charge["amount_refunded"]
        sums[charge["currency"]] = sums.get(charge["currency"], 0) + kept
    available = [{"amount": amount, "currency": code} for code, amount in sums.items()]
    pending = [{"amount": 0, "currency": code} for code in sums]
    return {"object": "balance", "available": available, "livemode": False, "pending": pending}
