"""What stands around every page: who publishes it, and which edition it is."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from flask_babel import ngettext

from store.content.accent import Accent, accent_of
from store.settings import Settings
from store.web.language import gettext as _


@dataclass(frozen=True, slots=True)
class Brand:
    """The shop as its pages name it; all of it comes from settings as they are in print."""

    name: str
    tagline: str
    legal_name: str
    business_number: str
    address: str
    sender: str
    statement: str
    currency: str
    country: str
    public_url: str
    email: str
    tax_name: str
    prices_include_tax: bool
    own_price_note: str
    return_days: int
    accent: Accent | None

    @classmethod
    def of(cls, settings: Settings) -> Self:
        return cls(
            name=settings.brand_name,
            tagline=settings.brand_tagline,
            legal_name=settings.brand_legal_name,
            business_number=settings.brand_business_number,
            address=settings.brand_address,
            sender=settings.brand_sender,
            statement=settings.brand_statement,
            currency=settings.currency,
            country=settings.country,
            public_url=settings.public_url,
            email=settings.brand_email or settings.mail_from,
            tax_name=settings.tax_name,
            prices_include_tax=settings.prices_include_tax,
            own_price_note=settings.brand_price_note,
            return_days=settings.brand_return_days,
            accent=accent_of(settings.brand_accent, settings.brand_accent_night),
        )

    @property
    def price_note(self) -> str:
        """What every shown price holds; Australia's consumer law wants the whole price shown."""
        return self.own_price_note or self.tax_note

    @property
    def tax_note(self) -> str:
        """Whether tax is in the prices, by its name; nothing where there is none."""
        if not self.tax_name:
            return ""
        if self.prices_include_tax:
            return _("%(tax)s included", tax=self.tax_name)
        return _("plus %(tax)s", tax=self.tax_name)

    @property
    def return_window(self) -> str:
        """How long readers may change their mind, counted from the day that a parcel arrives."""
        words: str = ngettext("%(num)s day", "%(num)s days", self.return_days)
        return words

    @property
    def names(self) -> dict[str, str]:
        """Return the placeholders of text pages and what stands for them."""
        publisher = self.legal_name
        if self.business_number:
            publisher += f" (ABN {self.business_number})"
        return {
            "brand": self.name,
            "publisher": publisher,
            "address": self.address or "the address on your invoice",
            "email": self.email,
            "sender": self.sender,
            "statement": self.statement,
            "currency": self.currency,
            "price_note": self.price_note,
            "return_window": self.return_window,
        }


class BrandInPrint:
    """The brand of the settings that were asked for last: they are one object until words change.

    Whoever remembers what names a brand compares it, and the same one is equal at a glance.
    """

    def __init__(self) -> None:
        self._held: tuple[Settings, Brand] | None = None

    def of(self, settings: Settings) -> Brand:
        held = self._held
        if held is None or held[0] is not settings:
            held = self._held = settings, Brand.of(settings)
        return held[1]


@dataclass(frozen=True, slots=True)
class Edition:
    """The line under the nameplate: today, and where the shop is at home."""

    date: date
    city: str
    year: int

    @classmethod
    def at(cls, now: datetime, settings: Settings) -> Self:
        today = now.astimezone(settings.zone).date()
        city = settings.timezone.rsplit("/", 1)[-1].replace("_", " ")
        return cls(today, city, today.year)
