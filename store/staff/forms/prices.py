"""The form of prices for a time: one for every variant, or one for each; from when until when."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from store.catalog.importing import cells
from store.catalog.importing.formats import Field
from store.catalog.importing.notes import RowRefusedError
from store.catalog.models import Product
from store.catalog.prices.changing import PriceChangeRefusedError, PriceWanted, beginning
from store.money import Money
from store.staff.forms.product import MOMENT
from store.staff.product_prices import PricesWanted


@dataclass(slots=True)
class PricesForm:
    """Everything as it was typed; errors are known by the name of the field they stand beside."""

    starts_at: str = ""
    ends_at: str = ""
    for_all: str = ""
    prices: dict[str, str] = field(default_factory=dict)
    """What was typed beside each variant, by its number."""
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, posted: MultiDict[str, str]) -> "PricesForm":
        typed = zip(posted.getlist("variant"), posted.getlist("price"), strict=False)
        words = {name: posted.get(name, "").strip() for name in ("starts_at", "ends_at", "for_all")}
        return cls(**words, prices=dict(typed))  # type: ignore[arg-type] # texts, by their names

    def wanted(self, product: Product, zone: ZoneInfo, now: datetime) -> PricesWanted | None:
        """Return what is meant; None where errors say why not."""
        starts_at, ends_at = self._moment("starts_at", zone), self._moment("ends_at", zone)
        try:
            beginning(starts_at, ends_at, now)
        except PriceChangeRefusedError as refusal:
            self.explain(refusal)
        prices = []
        for variant in product.variants:
            typed = self.prices.get(str(variant.id), "").strip()
            place = f"price:{variant.id}" if typed else "for_all"
            price = self._amount(place, typed or self.for_all, variant.currency)
            if price is not None:
                prices.append(PriceWanted(variant.id, price))
        if not prices and self.errors.keys() <= {"starts_at", "ends_at"}:
            self.errors["for_all"] = str(_("Type a price: here for all, or beside a variant."))
        return None if self.errors else PricesWanted(prices, starts_at, ends_at)

    def explain(self, refusal: PriceChangeRefusedError) -> None:
        """Write beside its moments why they are no time for a price."""
        over = _("That moment is over. What readers paid is never rewritten; choose a later one.")
        if refusal.begins_in_past:
            self.errors["starts_at"] = str(over)
        if refusal.ends_before_it_begins:
            early = _("It would end before it begins.") if self.starts_at else over
            self.errors["ends_at"] = str(early)

    def _amount(self, place: str, typed: str, currency: str) -> Money | None:
        try:
            return cells.price(typed, Field.PRICE, currency)
        except RowRefusedError:
            self.errors[place] = str(_("Write an amount such as 45 or 1,299.50."))
            return None

    def _moment(self, name: str, zone: ZoneInfo) -> datetime | None:
        typed = self.starts_at if name == "starts_at" else self.ends_at
        if not typed:
            return None
        try:
            # Far ends of the calendar have no moment in every zone.
            return datetime.strptime(typed[:16], MOMENT).replace(tzinfo=zone).astimezone(UTC)
        except (ValueError, OverflowError):
            self.errors[name] = str(_("Write a date and a time, such as 2026-12-01T09:00."))
            return None
