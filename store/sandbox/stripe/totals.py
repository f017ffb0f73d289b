"""What a session costs: line amounts, the discount spread over them, shipping, and the sum."""

from store.sandbox.stripe.errors import Record


def coupon_discount(coupon: Record, subtotal: int) -> int:
    """Return what a coupon takes off, in minor units, never more than there is."""
    if coupon["amount_off"] is not None:
        return min(int(coupon["amount_off"]), subtotal)
    hundredths = round(float(coupon["percent_off"]) * 100)
    return min((subtotal * hundredths + 5000) // 10_000, subtotal)


def spread(amount: int, weights: list[int]) -> list[int]:
    """Split an amount by weight so that the parts add up, largest remainders first."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    parts = [amount * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: -(amount * weights[i] % whole))
    for position in by_remainder[: amount - sum(parts)]:
        parts[position] += 1
    return parts


def discount_lines(lines: list[Record], coupon: Record | None) -> None:
    subtotals = [line["amount_subtotal"] for line in lines]
    discount = coupon_discount(coupon, sum(subtotals)) if coupon else 0
    for line, part in zip(lines, spread(discount, subtotals), strict=True):
        line["amount_discount"] = part
        line["amount_total"] = line["amount_subtotal"] - part


def price_session(session: Record, lines: list[Record], shipping: int | None) -> None:
    """Write the session's amounts; `shipping` is the position of the chosen option."""
    subtotal = sum(line["amount_subtotal"] for line in lines)
    discount = sum(line["amount_discount"] for line in lines)
    option = None if shipping is None else session["shipping_options"][shipping]
    shipping_amount = option["shipping_amount"] if option else 0
    session["amount_subtotal"] = subtotal
    session["amount_total"] = subtotal - discount + shipping_amount
    session["total_details"] = {
        "amount_discount": discount,
        "amount_shipping": shipping_amount,
        "amount_tax": 0,
    }
    session["shipping_cost"] = option and {
        "amount_subtotal": shipping_amount,
        "amount_tax": 0,
        "amount_total": shipping_amount,
        "shipping_rate": option["shipping_rate"],
    }
