"""How a pay page is asked for in Stripe's words, within Stripe's limits."""

import re

from store.payments.gateway import PayLine, PayTax, SessionParams, SessionRequest, ShippingChoice

SHOP = "shop"
"""The metadata key that tells our sessions from those of other sellers on the same account."""
ORDER = "order"
EXPANDED = (
    "line_items",
    "payment_intent.latest_charge",
    "shipping_cost.shipping_rate",
    "total_details.breakdown",
)
TAX_ON_TOP = "tax_on_top"
"""The metadata key that says how much of the subtotal is tax, in minor units."""
CHOICE = "choice"
"""The metadata key of a shipping rate that counts the ways to send it."""
KIND, TAX_LINE = "kind", "tax"
"""The metadata of a line that is no goods."""
SHIPPING_CODE = "txcd_92010001"

LONGEST_TITLE = 250
LONGEST_COUPON_NAME = 40
MOST_LINES = 100
MOST_CHOICES = 5


def session_params(request: SessionRequest, shop: str) -> SessionParams:
    if len(request.lines) + len(request.taxes) > MOST_LINES or len(request.shipping) > MOST_CHOICES:
        raise ValueError("Stripe takes at most 100 lines and 5 shipping choices")
    metadata = {ORDER: request.number, SHOP: shop}
    on_top = sum(tax.amount_minor for tax in request.taxes)
    params: SessionParams = {
        "mode": "payment",
        "ui_mode": "hosted_page",
        "client_reference_id": request.number,
        "metadata": metadata | ({TAX_ON_TOP: str(on_top)} if on_top else {}),
        "payment_intent_data": {
            "metadata": metadata,
            # A number and no product: banks print it where others may read.
            "description": f"Order {request.number}",
            "statement_descriptor_suffix": statement_suffix(request.statement),
        },
        # Left out, it follows a switch in the dashboard, and the buyer's currency with it.
        "adaptive_pricing": {"enabled": False},
        "line_items": [
            *(_line(line, request) for line in request.lines),
            *(_tax(tax, request.currency) for tax in request.taxes if tax.amount_minor),
        ],
        "expires_at": int(request.expires_at.timestamp()),
        "success_url": request.success_url,
        "cancel_url": request.cancel_url,
        "submit_type": "pay",
    }
    if request.countries:
        params["shipping_address_collection"] = {"allowed_countries": list(request.countries)}
        params["shipping_options"] = [
            _choice(choice, place, request) for place, choice in enumerate(request.shipping)
        ]
    if request.service_tax:
        params["automatic_tax"] = {"enabled": True}
    if request.coupon:
        params["discounts"] = [{"coupon": request.coupon.id}]
    if request.email:
        params["customer_email"] = request.email
    return params


def coupon_params(request: SessionRequest, shop: str) -> SessionParams:
    """Ask for a coupon that is taken once; its id is ours, so that asking again is safe."""
    if request.coupon is None:
        return {}
    return {
        "id": request.coupon.id,
        "name": request.coupon.name[:LONGEST_COUPON_NAME],
        "amount_off": request.coupon.amount_minor,
        "currency": request.currency.lower(),
        "duration": "once",
        "max_redemptions": 1,
        "metadata": {ORDER: request.number, SHOP: shop},
    }


def statement_suffix(text: str) -> str:
    """Keep what a card statement may print: no marks or quotes, at least one letter, 22 characters.

    https://docs.stripe.com/get-started/account/statement-descriptors
    """
    kept = re.sub(r"[^A-Za-z0-9 .-]", "", text).strip()[:22].strip()
    return kept if re.search(r"[A-Za-z]", kept) else f"STORE {kept}".strip()[:22]


def _line(line: PayLine, request: SessionRequest) -> dict[str, object]:
    product: dict[str, object] = {"name": line.title[:LONGEST_TITLE]}
    # Stripe takes an empty text for "unset this" and refuses it where nothing was set.
    if line.description:
        product["description"] = line.description[:LONGEST_TITLE]
    if line.picture_url:
        product["images"] = [line.picture_url]
    price: dict[str, object] = {
        "currency": request.currency.lower(),
        "unit_amount": line.unit_price_minor,
        "product_data": product,
    }
    if request.service_tax:
        price["tax_behavior"] = request.service_tax.value
        if line.tax_code:
            product["tax_code"] = line.tax_code
    return {"quantity": line.quantity, "price_data": price}


def _tax(tax: PayTax, currency: str) -> dict[str, object]:
    # Stripe's own tax rates take nothing of shipping and round by a rule that it does not write
    # down; a line of ours comes to what we reckoned, to the cent.
    return {
        "quantity": 1,
        "metadata": {KIND: TAX_LINE},
        "price_data": {
            "currency": currency.lower(),
            "unit_amount": tax.amount_minor,
            "product_data": {"name": tax.name[:LONGEST_TITLE]},
        },
    }


def _choice(choice: ShippingChoice, place: int, request: SessionRequest) -> dict[str, object]:
    rate: dict[str, object] = {
        "display_name": choice.name[:100],
        "type": "fixed_amount",
        "fixed_amount": {"amount": choice.amount_minor, "currency": request.currency.lower()},
        "metadata": {CHOICE: str(place)},
    }
    if choice.days and all(choice.days):
        first, last = ({"unit": "business_day", "value": days} for days in choice.days)
        rate["delivery_estimate"] = {"minimum": first, "maximum": last}
    if request.service_tax:
        rate |= {"tax_behavior": request.service_tax.value, "tax_code": SHIPPING_CODE}
    return {"shipping_rate_data": rate}
