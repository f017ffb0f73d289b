"""What the buyer gives on the pay page: who, where to, which shipping, which card."""

from dataclasses import dataclass

from store.sandbox.stripe.cards import Card
from store.sandbox.stripe.errors import Record


@dataclass(frozen=True, slots=True)
class Address:
    line1: str = "1 Oxford Street"
    line2: str = ""
    city: str = "Darlinghurst"
    state: str = "NSW"
    postal_code: str = "2010"
    country: str = "AU"

    def to_record(self) -> Record:
        return {
            "city": self.city,
            "country": self.country,
            "line1": self.line1,
            "line2": self.line2 or None,
            "postal_code": self.postal_code,
            "state": self.state or None,
        }


@dataclass(frozen=True, slots=True)
class Purchase:
    """`card` None is for sessions with nothing to pay, `address` None for those not shipped."""

    card: Card | None
    email: str
    name: str
    address: Address | None = None
    phone: str | None = None
    shipping: int = 0
    expiry_month: int = 12
    expiry_year: int = 2034

    def billing_details(self) -> Record:
        blank = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
        return {
            "address": self.address.to_record() if self.address else blank,
            "email": self.email,
            "name": self.name,
            "phone": self.phone,
            "tax_id": None,
        }

    def shipping_details(self) -> Record | None:
        if self.address is None:
            return None
        return {"address": self.address.to_record(), "name": self.name}
