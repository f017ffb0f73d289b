"""How a pay page is asked for in Stripe's words, within Stripe's limits."""

import re

from store.payments.gateway import PayLine, SessionParams, SessionRequest, ShippingChoice

SHOP = "shop"
"""The metadata key that tells our sessions from those of other sellers on the same account."""
ORDER = "order"
EXPANDED = ("line_items", "payment_intent.latest_charge")

LONGEST_TITLE = 250
LONGEST_COUPON_NAME = 40
MOST_LINES = 100
MOST_CHOICES = 5


def session_params(request: SessionRequest, shop: str) -> SessionParams:
    if len(request.lines) > MOST_LINES or len(request.shipping) > MOST_CHOICES:
        raise ValueError("Stripe takes at most 100 lines and 5 shipping choices")
    metadata = {ORDER: request.number, SHOP: shop}
    params: SessionParams = {
        "mode": "payment",
        "ui_mode": "hosted_page",
        "client_reference_id": request.number,
        "metadata": metadata,
        "payment_intent_data": {
            "metadata": metadata,
            # A number and no product: banks print it where others may read.
            "description": f"Order {request.number}",
            "statement_descriptor_suffix": statement_suffix(request.statement),
        },
        # Left out, it follows a switch in the dashboard, and the buyer's currency with it.
        "adaptive_pricing": {"enabled": False},
        "line_items": [_line(line, request.currency) for line in request.lines],
        "expires_at": int(request.expires_at.timestamp()),
        "success_url": request.success_url,
        "cancel_url": request.cancel_url,
        "submit_type": "pay",
    }
    if request.countries:
        params["shipping_address_collection"] = {"allowed_countries": list(request.countries)}
        params["shipping_options"] = [_choice(c, request.currency) for c in request.shipping]
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


def _line(line: PayLine, currency: str) -> dict[str, object]:
    product: dict[str, object] = {"name": line.title[:LONGEST_TITLE]}
    # Stripe takes an empty text for "unset this" and refuses it where nothing was set.
    if line.description:
        product["description"] = line.description[:LONGEST_TITLE]
    if line.picture_url:
        product["images"] = [line.picture_url]
    return {
        "quantity": line.quantity,
        "price_data": {
            "currency": currency.lower(),
            "unit_amount": line.unit_price_minor,
            "product_data": product,
        },
    }


def _choice(choice: ShippingChoice, currency: str) -> dict[str, object]:
    return {
        "shipping_rate_data": {
            "display_name": choice.name[:100],
            "type": "fixed_amount",
            "fixed_amount": {"amount": choice.amount_minor, "currency": currency.lower()},
        }
    }
