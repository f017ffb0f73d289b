"""What automatic tax takes: by where it goes and by tax code, inside prices or on top of them."""

from dataclasses import dataclass

from store.sandbox.stripe.account import Account
from store.sandbox.stripe.errors import Record
from store.sandbox.stripe.ids import new_id
from store.sandbox.stripe.state import Shelf

# As if the account were registered in these countries and nowhere else.
PERCENTAGES = {"AU": ("GST", 10.0), "DE": ("VAT", 19.0), "NZ": ("GST", 15.0)}
NOT_TAXABLE = "txcd_00000000"


@dataclass(frozen=True, slots=True)
class Found:
    """The rate of a place as Stripe's tax rate objects have it."""

    name: str
    percentage: float
    country: str

    def of(self, amount: int, *, is_inclusive: bool) -> int:
        """Return the tax in or on an amount; half a minor unit rounds up."""
        hundredths = round(self.percentage * 100)
        whole = 10_000 + hundredths if is_inclusive else 10_000
        return (2 * amount * hundredths + whole) // (2 * whole)

    def to_record(self, account: Account, *, is_inclusive: bool) -> Record:
        return {
            "id": new_id("txr"),
            "object": "tax_rate",
            "active": False,
            "country": self.country,
            "created": account.stamp(),
            "description": None,
            "display_name": self.name,
            "effective_percentage": self.percentage,
            "flat_amount": None,
            "inclusive": is_inclusive,
            "jurisdiction": self.country,
            "jurisdiction_level": "country",
            "livemode": False,
            "metadata": {},
            "percentage": self.percentage,
            "rate_type": "percentage",
            "state": None,
            "tax_type": self.name.lower(),
        }


@dataclass(frozen=True, slots=True)
class _Taken:
    """A tax of one line or of shipping; amount is what it was taken of."""

    amount: int
    tax: int
    is_inclusive: bool


def tax_session(
    account: Account, session: Record, lines: list[Record], rate: Record | None, found: Found | None
) -> Record:
    """Write the tax into a priced session and its lines; return the breakdown by rate."""
    taken = [_tax_line(account, line, found) for line in lines]
    if rate is not None:
        taken.append(_tax_shipping(session["shipping_cost"], rate, found))
    session["automatic_tax"]["status"] = "complete"
    session["total_details"]["amount_tax"] = sum(one.tax for one in taken)
    session["amount_total"] += sum(one.tax for one in taken if not one.is_inclusive)
    return {"discounts": [], "taxes": _by_rate(account, taken, found)}


def found_for(country: str) -> Found | None:
    """Return the rate of a country; None where the account is not registered."""
    known = PERCENTAGES.get(country)
    return Found(*known, country) if known else None


def _tax_line(account: Account, line: Record, found: Found | None) -> _Taken:
    product = account.state.take(Shelf.PRODUCT, line["price"]["product"])
    is_inclusive = line["price"]["tax_behavior"] == "inclusive"
    amount = line["amount_subtotal"] - line["amount_discount"]
    is_taxed = found is not None and product["tax_code"] != NOT_TAXABLE
    tax = found.of(amount, is_inclusive=is_inclusive) if found and is_taxed else 0
    line["amount_tax"] = tax
    line["amount_total"] = amount if is_inclusive else amount + tax
    return _Taken(amount, tax, is_inclusive)


def _tax_shipping(cost: Record, rate: Record, found: Found | None) -> _Taken:
    is_inclusive = rate["tax_behavior"] == "inclusive"
    amount = cost["amount_subtotal"]
    tax = found.of(amount, is_inclusive=is_inclusive) if found else 0
    cost["amount_tax"] = tax
    cost["amount_total"] = amount if is_inclusive else amount + tax
    return _Taken(amount, tax, is_inclusive)


def _by_rate(account: Account, taken: list[_Taken], found: Found | None) -> list[Record]:
    if found is None:
        return []
    parts = []
    for is_inclusive in (True, False):
        own = [one for one in taken if one.is_inclusive is is_inclusive and one.tax]
        if not own:
            continue
        tax = sum(one.tax for one in own)
        amount = sum(one.amount for one in own)
        parts.append(
            {
                "amount": tax,
                "rate": found.to_record(account, is_inclusive=is_inclusive),
                "taxability_reason": "standard_rated",
                "taxable_amount": amount - tax if is_inclusive else amount,
            }
        )
    return parts
