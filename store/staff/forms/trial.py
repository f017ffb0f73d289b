"""Reads the box that tries rates and taxes out on a parcel."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _

from store.catalog.importing import cells
from store.catalog.importing.formats import Field
from store.catalog.importing.notes import RowRefusedError
from store.catalog.models import TaxClass
from store.money import Money
from store.pricing.countries import SHIPPABLE
from store.pricing.places import Place
from store.pricing.rates import Parcel
from store.pricing.states import example_postcode, is_postcode
from store.staff.trying_rates import Sample

MOST_DIGITS = 8


@dataclass(slots=True)
class TrialForm:
    """The box that tries rates out: what was typed, and what is wrong with it."""

    typed: dict[str, str]
    faults: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, asked: Mapping[str, str], *, country: str) -> "TrialForm":
        names = ("country", "region", "postcode", "grams", "value", "tax_class")
        blank = {"country": country, "grams": "500", "tax_class": TaxClass.STANDARD.value}
        is_asked = "value" in asked
        return cls({n: asked.get(n, "" if is_asked else blank.get(n, ""))[:80] for n in names})

    def to_sample(self, currency: str) -> Sample | None:
        """Return the parcel that is meant; None where nothing was asked, or faults say why."""
        typed = {name: text.strip() for name, text in self.typed.items()}
        if not typed["value"]:
            return None
        country = typed["country"].upper()
        if country not in SHIPPABLE:
            self.faults["country"] = str(_("Give a code of two letters, such as AU."))
        elif typed["postcode"] and not is_postcode(country, typed["postcode"]):
            example = example_postcode(country)
            self.faults["postcode"] = str(
                _("That is not a postcode there. One looks like %(example)s.", example=example)
                if example
                else _("That is no postcode.")
            )
        grams = typed["grams"] or "0"
        if not (grams.isascii() and grams.isdigit() and len(grams) <= MOST_DIGITS):
            self.faults["grams"] = str(_("Grams, as a number."))
        value = self._value(typed["value"], currency)
        if self.faults or value is None:
            return None
        is_known = typed["tax_class"] in set(TaxClass)
        tax_class = TaxClass(typed["tax_class"]) if is_known else TaxClass.STANDARD
        place = Place.of(country, typed["region"], typed["postcode"])
        return Sample(place, Parcel(value, int(grams)), tax_class)

    def _value(self, typed: str, currency: str) -> Money | None:
        try:
            return cells.price(typed, Field.PRICE, currency)
        except RowRefusedError:
            self.faults["value"] = str(_("Write an amount such as 45.00."))
            return None
