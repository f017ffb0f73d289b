"""What a buyer typed on the pay page: checked field by field, kept as typed when it is wrong."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from store.sandbox.stripe.cards import Card, digits_of, find_card
from store.sandbox.stripe.errors import Record
from store.sandbox.stripe.parameters import EMAIL
from store.sandbox.stripe.purchase import Address, Purchase

LONGEST = 200
STATES_NEEDED = frozenset({"AU", "CA", "US"})
EXPIRY = re.compile(r"^(\d{1,2})\s*/?\s*(\d{2}|20\d{2})$")
ADDRESS_FIELDS = ("line1", "line2", "city", "state", "postal_code", "country")
FIELDS = ("email", "name", "phone", *ADDRESS_FIELDS, "shipping", "card", "expiry", "cvc")


@dataclass(slots=True)
class PayForm:
    """One posted form for one session; `errors` holds a sentence for each field at fault."""

    typed: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, posted: Mapping[str, str]) -> "PayForm":
        return cls({name: posted.get(name, "").strip() for name in FIELDS})

    @classmethod
    def blank(cls, session: Record) -> "PayForm":
        return cls(dict.fromkeys(FIELDS, "") | {"email": session["customer_email"] or ""})

    def to_purchase(self, session: Record, today: datetime) -> Purchase | None:
        """Return the purchase, or None with `errors` filled."""
        self._check_buyer(session)
        address = self._read_address(session)
        shipping = self._read_shipping(session)
        is_free = self._total(session, shipping) == 0
        card = None if is_free else self._read_card()
        month, year = (12, today.year) if is_free else self._read_expiry(today)
        for name, text in self.typed.items():
            if len(text) > LONGEST:
                self.errors[name] = f"At most {LONGEST} characters fit here."
        if self.errors:
            self.errors = {name: self.errors[name] for name in FIELDS if name in self.errors}
            return None
        return Purchase(
            card,
            session["customer_email"] or self.typed["email"],
            self.typed["name"],
            address,
            self.typed["phone"] or None,
            shipping,
            month,
            year,
        )

    def _total(self, session: Record, shipping: int) -> int:
        options = session["shipping_options"]
        shipping_amount = options[shipping]["shipping_amount"] if options else 0
        goods = session["amount_subtotal"] - session["total_details"]["amount_discount"]
        return int(goods + shipping_amount)

    def _check_buyer(self, session: Record) -> None:
        if not session["customer_email"] and not EMAIL.match(self.typed["email"]):
            self.errors["email"] = "Enter an email address, such as robin@example.org."
        self._want("name", "Enter a name.")
        if session["phone_number_collection"]["enabled"]:
            self._want("phone", "Enter a phone number.")

    def _read_address(self, session: Record) -> Address | None:
        collection = session["shipping_address_collection"]
        if collection is None:
            return None
        self._want("line1", "Enter the street and number.")
        self._want("city", "Enter the suburb or town.")
        self._want("postal_code", "Enter the postcode.")
        country = self.typed["country"]
        if country not in collection["allowed_countries"]:
            self.errors["country"] = "Choose a country from the list."
        if country in STATES_NEEDED:
            self._want("state", "Enter the state.")
        if country == "AU" and not re.fullmatch(r"\d{4}", self.typed["postal_code"]):
            self.errors["postal_code"] = "An Australian postcode has four digits."
        return Address(**{name: self.typed[name] for name in ADDRESS_FIELDS})

    def _read_shipping(self, session: Record) -> int:
        choices = [str(position) for position in range(len(session["shipping_options"]))]
        if not choices or self.typed["shipping"] in choices:
            return int(self.typed["shipping"] or 0) if choices else 0
        self.errors["shipping"] = "Choose how it is sent."
        return 0

    def _read_card(self) -> Card | None:
        digits = digits_of(self.typed["card"])
        card = find_card(digits)
        if not digits:
            self.errors["card"] = "Enter a card number."
        elif not _adds_up(digits):
            self.errors["card"] = "This card number is incomplete or has a typing mistake."
        elif card is None:
            self.errors["card"] = "Only the test cards listed below work on this page."
        if not re.fullmatch(r"\d{3,4}", self.typed["cvc"]):
            self.errors["cvc"] = "Enter the three or four digits of the CVC."
        return card

    def _read_expiry(self, today: datetime) -> tuple[int, int]:
        match = EXPIRY.match(self.typed["expiry"])
        month, year = (int(match[1]), 2000 + int(match[2][-2:])) if match else (0, 0)
        if not 1 <= month <= 12:
            self.errors["expiry"] = "Enter month and year, such as 12/34."
        elif (year, month) < (today.year, today.month):
            self.errors["expiry"] = "This date is in the past."
        return month, year

    def _want(self, name: str, message: str) -> None:
        if not self.typed[name]:
            self.errors[name] = message


def _adds_up(digits: str) -> bool:
    """Check the last digit of a card number (Luhn, ISO/IEC 7812)."""
    if not re.fullmatch(r"\d{12,19}", digits):
        return False
    doubled = [int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(digits))]
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0
