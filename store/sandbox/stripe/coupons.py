"""What comes off: coupons by amount or percent, and whether one still holds."""

from store.sandbox.stripe.account import Account
from store.sandbox.stripe.currencies import checked_currency
from store.sandbox.stripe.errors import Record, RefusalError, bad_parameter, no_such
from store.sandbox.stripe.ids import new_id
from store.sandbox.stripe.listing import listed
from store.sandbox.stripe.parameters import Parameters
from store.sandbox.stripe.state import Shelf


def create_coupon(account: Account, parameters: Parameters) -> Record:
    coupon_id = parameters.text("id") or new_id("coupon", 8).removeprefix("coupon_")
    if account.state.get(Shelf.COUPON, coupon_id):
        raise RefusalError("Coupon already exists.", code="resource_already_exists", param="id")
    amount_off, currency = _read_amount_off(parameters)
    percent_off = _read_percent(parameters)
    if (amount_off is None) == (percent_off is None):
        message = (
            "You must pass exactly one of `percent_off` or `amount_off` when creating a coupon."
        )
        raise bad_parameter(message, "percent_off")
    duration = parameters.choice("duration", ("once", "forever", "repeating")) or "once"
    return account.state.put(
        Shelf.COUPON,
        {
            "id": coupon_id,
            "object": "coupon",
            "amount_off": amount_off,
            "created": account.stamp(),
            "currency": currency,
            "duration": duration,
            "duration_in_months": parameters.integer("duration_in_months", least=1),
            "livemode": False,
            "max_redemptions": parameters.integer("max_redemptions", least=1),
            "metadata": parameters.metadata(),
            "name": parameters.text("name", longest=40),
            "percent_off": percent_off,
            "redeem_by": parameters.integer("redeem_by"),
            "times_redeemed": 0,
            "valid": True,
        },
    )


def retrieve_coupon(account: Account, _: Parameters, coupon: str) -> Record:
    return account.find(Shelf.COUPON, coupon, "coupon")


def list_coupons(account: Account, parameters: Parameters) -> Record:
    return listed(account, Shelf.COUPON, parameters)


def delete_coupon(account: Account, _: Parameters, coupon: str) -> Record:
    account.find(Shelf.COUPON, coupon, "coupon")
    account.state.remove(Shelf.COUPON, coupon)
    return {"id": coupon, "object": "coupon", "deleted": True}


def read_session_coupon(account: Account, parameters: Parameters, currency: str) -> Record | None:
    """Return the one coupon of a session's `discounts`, if it holds today."""
    branches = parameters.branches("discounts", most=1)
    if not branches:
        return None
    promotion = branches[0].text("promotion_code")
    if promotion:
        raise no_such("promotion code", promotion, branches[0].name_of("promotion_code"))
    name = branches[0].name_of("coupon")
    coupon = account.find(Shelf.COUPON, branches[0].wanted_text("coupon"), name)
    _check_coupon(account, coupon, currency, name)
    return coupon


def redeem(account: Account, coupon_id: str) -> None:
    coupon = account.state.get(Shelf.COUPON, coupon_id)
    if coupon is None:
        return
    coupon["times_redeemed"] += 1
    limit = coupon["max_redemptions"]
    coupon["valid"] = limit is None or coupon["times_redeemed"] < limit
    account.state.put(Shelf.COUPON, coupon)


def _check_coupon(account: Account, coupon: Record, currency: str, param: str) -> None:
    redeem_by = coupon["redeem_by"]
    if not coupon["valid"] or (redeem_by and redeem_by <= account.stamp()):
        message = f"Coupon {coupon['id']} is expired or fully redeemed and cannot be applied."
        raise RefusalError(message, code="coupon_expired", param=param)
    if coupon["currency"] not in {None, currency}:
        message = f"Coupon {coupon['id']} is in {coupon['currency']}, the session in {currency}."
        raise RefusalError(message, param=param)


def _read_amount_off(parameters: Parameters) -> tuple[int | None, str | None]:
    amount = parameters.integer("amount_off", least=1)
    currency = parameters.text("currency")
    if amount is not None and currency is None:
        raise bad_parameter("You must pass `currency` when passing `amount_off`.", "currency")
    return amount, currency and checked_currency(currency, "currency")


def _read_percent(parameters: Parameters) -> float | None:
    text = parameters.text("percent_off")
    if text is None:
        return None
    try:
        percent = float(text)
    except ValueError:
        percent = 0.0
    if not 0 < percent <= 100:
        raise bad_parameter("`percent_off` must be above 0 and at most 100.", "percent_off")
    return percent
