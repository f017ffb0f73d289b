"""Where and how it may be sent: allowed countries and fixed shipping rates of a session."""

import re

from store.sandbox.stripe.account import Account
from store.sandbox.stripe.currencies import LARGEST_CHARGE, check_amount, checked_currency
from store.sandbox.stripe.errors import Record, bad_parameter, missing_parameter, no_such
from store.sandbox.stripe.ids import new_id
from store.sandbox.stripe.parameters import Parameters

UNITS = ("business_day", "day", "hour", "month", "week")


def read_address_collection(parameters: Parameters) -> Record | None:
    branch = parameters.branch("shipping_address_collection")
    if branch is None:
        return None
    name = branch.name_of("allowed_countries")
    countries = branch.texts("allowed_countries", most=250)
    if not countries:
        raise missing_parameter(name)
    for country in countries:
        if not re.fullmatch(r"[A-Z]{2}", country):
            raise bad_parameter(f"Invalid {name}: {country} is no country code", name)
    return {"allowed_countries": countries}


def read_options(
    account: Account, parameters: Parameters, currency: str
) -> tuple[list[Record], list[Record]]:
    """Return the session's `shipping_options` and the shipping rates made for them."""
    branches = parameters.branches("shipping_options", most=5)
    rates = [_read_rate(account, branch, currency) for branch in branches]
    options = [
        {"shipping_amount": rate["fixed_amount"]["amount"], "shipping_rate": rate["id"]}
        for rate in rates
    ]
    return options, rates


def _read_rate(account: Account, branch: Parameters, currency: str) -> Record:
    existing = branch.text("shipping_rate")
    if existing:
        raise no_such("shipping rate", existing, branch.name_of("shipping_rate"))
    rate = branch.branch("shipping_rate_data")
    if rate is None:
        raise missing_parameter(branch.name_of("shipping_rate_data"))
    behaviors = ("exclusive", "inclusive", "unspecified")
    rate.choice("type", ("fixed_amount",))
    return {
        "id": new_id("shr"),
        "object": "shipping_rate",
        "active": False,
        "created": account.stamp(),
        "delivery_estimate": _read_estimate(rate),
        "display_name": rate.wanted_text("display_name", longest=100),
        "fixed_amount": _read_amount(rate, currency),
        "livemode": False,
        "metadata": rate.metadata(),
        "tax_behavior": rate.choice("tax_behavior", behaviors) or "unspecified",
        "tax_code": rate.text("tax_code"),
        "type": "fixed_amount",
    }


def _read_amount(rate: Parameters, currency: str) -> Record:
    branch = rate.branch("fixed_amount")
    if branch is None:
        raise missing_parameter(rate.name_of("fixed_amount"))
    amount = branch.wanted_integer("amount", least=0, most=LARGEST_CHARGE)
    name = branch.name_of("currency")
    if checked_currency(branch.wanted_text("currency"), name) != currency:
        raise bad_parameter(f"Shipping rates must be in the session's currency {currency}.", name)
    check_amount(amount, currency, branch.name_of("amount"))
    return {"amount": amount, "currency": currency}


def _read_estimate(rate: Parameters) -> Record | None:
    estimate = rate.branch("delivery_estimate")
    if estimate is None:
        return None
    return {bound: _read_bound(estimate.branch(bound)) for bound in ("minimum", "maximum")}


def _read_bound(bound: Parameters | None) -> Record | None:
    if bound is None:
        return None
    unit = bound.choice("unit", UNITS)
    return {"unit": unit, "value": bound.wanted_integer("value", least=1)}
