"""What the pay page shows: names, amounts and choices of one session, ready to print."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from babel import Locale

from store.sandbox.stripe.account import Account
from store.sandbox.stripe.currencies import written
from store.sandbox.stripe.errors import Record
from store.sandbox.stripe.state import Shelf
from store.sandbox.stripe.totals import price_session

ENGLISH = Locale("en", "AU")


@dataclass(frozen=True, slots=True)
class LineWords:
    name: str
    description: str
    image: str
    quantity: int
    each: str
    total: str


@dataclass(frozen=True, slots=True)
class ShippingWords:
    """One way to send it, with the sum that it leads to."""

    name: str
    price: str
    estimate: str
    total: str


@dataclass(frozen=True, slots=True)
class PayWords:
    lines: tuple[LineWords, ...]
    subtotal: str
    discount: str
    discount_name: str
    """What the coupon is called."""
    shipping: tuple[ShippingWords, ...]
    total: str
    is_free: bool
    countries: tuple[tuple[str, str], ...]
    submit_note: str
    shipping_note: str

    @property
    def totals(self) -> list[str]:
        """The sum for each way to send it, or the one sum when there is no choice."""
        return [option.total for option in self.shipping] or [self.total]

    @property
    def image_origins(self) -> set[str]:
        return {origin_of(line.image) for line in self.lines if line.image}


def pay_words(account: Account, session: Record) -> PayWords:
    lines = account.state.take(Shelf.LINES, session["id"])["lines"]
    currency = session["currency"]
    discount = session["total_details"]["amount_discount"]
    collection = session["shipping_address_collection"] or {"allowed_countries": []}
    return PayWords(
        lines=tuple(_line_words(account, line) for line in lines),
        subtotal=written(session["amount_subtotal"], currency),
        discount=written(-discount, currency) if discount else "",
        discount_name=_coupon_name(account, session) if discount else "",
        shipping=_shipping_words(account, session, lines),
        total=written(session["amount_total"], currency),
        is_free=session["amount_total"] == 0,
        countries=tuple((c, _country_name(c)) for c in collection["allowed_countries"]),
        submit_note=_note(session, "submit"),
        shipping_note=_note(session, "shipping_address"),
    )


def _coupon_name(account: Account, session: Record) -> str:
    """Return the coupon's name; one that was deleted since, or has none, goes by its kind."""
    ids = [discount["coupon"] for discount in session["discounts"] or ()]
    coupon = account.state.get(Shelf.COUPON, ids[0]) if ids else None
    return str((coupon or {}).get("name") or "Discount")


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _line_words(account: Account, line: Record) -> LineWords:
    product = account.state.take(Shelf.PRODUCT, line["price"]["product"])
    return LineWords(
        name=product["name"],
        description=product["description"] or "",
        image=next((url for url in product["images"] if url.startswith(("http:", "https:"))), ""),
        quantity=line["quantity"],
        each=written(line["price"]["unit_amount"], line["currency"]),
        total=written(line["amount_subtotal"], line["currency"]),
    )


def _shipping_words(
    account: Account, session: Record, lines: list[Record]
) -> tuple[ShippingWords, ...]:
    rates = account.state.take(Shelf.INTENT_REQUEST, session["id"])["rates"]
    return tuple(
        _option_words(session, lines, position, rate) for position, rate in enumerate(rates)
    )


def _option_words(
    session: Record, lines: list[Record], position: int, rate: Record
) -> ShippingWords:
    priced = dict(session)
    price_session(priced, lines, position)
    amount = rate["fixed_amount"]["amount"]
    return ShippingWords(
        name=rate["display_name"],
        price=written(amount, session["currency"]) if amount else "Free",
        estimate=_estimate(rate["delivery_estimate"] or {}),
        total=written(priced["amount_total"], session["currency"]),
    )


def _estimate(estimate: Record) -> str:
    bounds = [estimate[name] for name in ("minimum", "maximum") if estimate.get(name)]
    if not bounds:
        return ""
    figures = " to ".join(dict.fromkeys(str(bound["value"]) for bound in bounds))
    unit = bounds[-1]["unit"].replace("_", " ")
    return f"{figures} {unit}{'' if bounds[-1]['value'] == 1 else 's'}"


def _country_name(code: str) -> str:
    return str(ENGLISH.territories.get(code, code))


def _note(session: Record, position: str) -> str:
    text = session["custom_text"][position]
    return str(text["message"]) if text else ""
