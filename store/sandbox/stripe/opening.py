"""How a Checkout Session begins: the request checked against Stripe's limits, then priced."""

from store.sandbox.stripe.account import Account
from store.sandbox.stripe.coupons import read_session_coupon
from store.sandbox.stripe.currencies import LARGEST_CHARGE, smallest_charge, written
from store.sandbox.stripe.errors import Record, RefusalError, bad_parameter, missing_parameter
from store.sandbox.stripe.ids import new_session_id
from store.sandbox.stripe.line_items import read_lines
from store.sandbox.stripe.parameters import Parameters
from store.sandbox.stripe.session_texts import DELAYED_METHOD, blank_session, read_texts
from store.sandbox.stripe.shipping_options import read_address_collection, read_options
from store.sandbox.stripe.state import Shelf
from store.sandbox.stripe.totals import discount_lines, price_session

SHORTEST_SECONDS, LONGEST_SECONDS = 30 * 60, 24 * 60 * 60


def open_session(account: Account, parameters: Parameters) -> Record:
    session = blank_session(new_session_id(), account.stamp())
    session["url"] = f"{account.settings.origin}/pay/{session['id']}"
    _read_page(parameters, session)
    read_texts(parameters, session)
    session["expires_at"] = _read_expiry(parameters, account.stamp())
    lines = read_lines(account, parameters)
    _want_behaviours(session, lines.lines)
    session["currency"] = _read_currency(parameters, lines.currency)
    session["payment_method_types"] = _read_methods(parameters, session)
    session["shipping_address_collection"] = read_address_collection(parameters)
    session["shipping_options"], rates = read_options(account, parameters, lines.currency)
    coupon = _read_discount(account, parameters, session)
    discount_lines(lines.lines, coupon)
    price_session(session, lines.lines, 0 if rates else None)
    _check_amount(session)
    intent_request = _read_intent(parameters)
    lines.keep(account, session["id"])
    for rate in rates:
        account.state.put(Shelf.SHIPPING_RATE, rate)
    account.state.put(Shelf.INTENT_REQUEST, intent_request | {"rates": rates}, session["id"])
    return account.state.put(Shelf.SESSION, session)


def _read_page(parameters: Parameters, session: Record) -> None:
    if parameters.choice("mode", ("payment", "setup", "subscription")) != "payment":
        raise bad_parameter("This sandbox serves `mode=payment` only.", "mode")
    modes = ("hosted_page", "embedded_page", "elements", "form")
    if parameters.choice("ui_mode", modes) not in {None, "hosted_page"}:
        raise bad_parameter("This sandbox serves `ui_mode=hosted_page` only.", "ui_mode")
    session["success_url"] = parameters.url("success_url")
    if session["success_url"] is None:
        raise missing_parameter("success_url")
    session["cancel_url"] = parameters.url("cancel_url")


def _read_expiry(parameters: Parameters, opened_at: int) -> int:
    expires_at = parameters.integer("expires_at")
    if expires_at is None:
        return opened_at + LONGEST_SECONDS
    bound = ""
    if expires_at < opened_at + SHORTEST_SECONDS:
        bound = "at least 30 minutes"
    if expires_at > opened_at + LONGEST_SECONDS:
        bound = "less than 24 hours"
    if bound:
        message = f"The `expires_at` timestamp must be {bound} from Checkout Session creation."
        raise bad_parameter(message, "expires_at")
    return expires_at


def _want_behaviours(session: Record, lines: list[Record]) -> None:
    """Refuse prices of which automatic tax cannot know whether tax is in them."""
    if not session["automatic_tax"]["enabled"]:
        return
    for place, line in enumerate(lines):
        if line["price"]["tax_behavior"] == "unspecified":
            raise bad_parameter(
                "Automatic tax calculation requires `tax_behavior` on every price.",
                f"line_items[{place}][price_data][tax_behavior]",
            )


def _read_currency(parameters: Parameters, of_lines: str) -> str:
    stated = parameters.text("currency")
    if stated and stated.lower() != of_lines:
        message = f"The session's currency {stated} is not that of its line items, {of_lines}."
        raise bad_parameter(message, "currency")
    return of_lines


def _read_methods(parameters: Parameters, session: Record) -> list[str]:
    if "payment_method_types" in parameters:
        raise bad_parameter(
            "Received unknown parameter: payment_method_types. Payment methods are chosen "
            "dynamically; use `excluded_payment_method_types` to leave some out.",
            "payment_method_types",
            "parameter_unknown",
        )
    excluded = parameters.texts("excluded_payment_method_types")
    session["excluded_payment_method_types"] = excluded
    offered = ["card", DELAYED_METHOD] if session["currency"] == "aud" else ["card"]
    methods = [method for method in offered if method not in excluded]
    if not methods:
        message = "No valid payment method types for this Checkout Session."
        raise bad_parameter(message, "excluded_payment_method_types")
    return methods


def _read_discount(account: Account, parameters: Parameters, session: Record) -> Record | None:
    if "discounts" in parameters and "allow_promotion_codes" in parameters:
        raise bad_parameter(
            "You may only specify one of these parameters: allow_promotion_codes, discounts.",
            "allow_promotion_codes",
        )
    session["allow_promotion_codes"] = parameters.boolean("allow_promotion_codes")
    coupon = read_session_coupon(account, parameters, session["currency"])
    if coupon:
        session["discounts"] = [{"coupon": coupon["id"], "promotion_code": None}]
    return coupon


def _check_amount(session: Record) -> None:
    total, currency = session["amount_total"], session["currency"]
    if 0 < total < smallest_charge(currency):
        raise RefusalError(
            "The Checkout Session's total amount due must add up to at least "
            f"{written(smallest_charge(currency), currency)} {currency}",
            code="amount_too_small",
            starts_nothing=True,
        )
    if total > LARGEST_CHARGE:
        raise RefusalError(
            "The Checkout Session's total amount due must add up to no more than "
            f"{written(LARGEST_CHARGE, currency)} {currency}",
            code="amount_too_large",
            starts_nothing=True,
        )


def _read_intent(parameters: Parameters) -> Record:
    branch = parameters.branch("payment_intent_data") or Parameters({})
    branch.choice("capture_method", ("automatic", "automatic_async"))
    request: Record = {
        "description": branch.text("description", longest=1000),
        "metadata": branch.metadata(),
        "receipt_email": branch.email("receipt_email"),
        "statement_descriptor": branch.text("statement_descriptor", longest=22),
        "statement_descriptor_suffix": branch.text("statement_descriptor_suffix", longest=22),
        "transfer_group": branch.text("transfer_group"),
    }
    for name in ("statement_descriptor", "statement_descriptor_suffix"):
        _check_descriptor(request[name], branch.name_of(name))
    return request


def _check_descriptor(text: str | None, param: str) -> None:
    if text is None:
        return
    if any(sign in text for sign in "<>\\'\"*"):
        raise bad_parameter("The statement descriptor can't contain < > \\ ' \" or *.", param)
    if not any(letter.isalpha() for letter in text):
        raise bad_parameter("The statement descriptor must contain at least one letter.", param)
