"""Tries rates and taxes on a parcel that nobody sends, and says why they come out as they do."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from store.catalog.models import TaxClass
from store.money import Money
from store.pricing.places import Part, Place, is_certain, part_of
from store.pricing.rates import Parcel, RateKind, ShippingGroup
from store.pricing.shipping import Hindrance, ShippingQuote, find_group, quote
from store.pricing.tax import Taxes
from store.pricing.totals import PricedLine, Totals, reckon


@dataclass(frozen=True, slots=True)
class Tried:
    """One way to get the parcel there, and what the reader would pay for all of it."""

    name: str
    why: str
    totals: Totals


@dataclass(frozen=True, slots=True)
class Trial:
    """What comes of a parcel: the zone and the reason that it is this one, then each way."""

    zone: str
    why: str
    tax: str
    ways: Sequence[Tried]
    is_estimate: bool


@dataclass(frozen=True, slots=True)
class Sample:
    """A parcel of one thing: where it goes, what it weighs and costs, how it is taxed."""

    place: Place
    parcel: Parcel
    tax_class: TaxClass


def try_rates(sample: Sample, among: Sequence[ShippingGroup], terms: Taxes) -> Trial:
    found = quote(sample.place, sample.parcel, among=among)
    group = find_group(sample.place, among)
    rates = {rate.name: rate.kind for rate in group.rates} if group else {}
    return Trial(
        zone=found.group_name,
        why=_why(found, group),
        tax=_tax_words(sample, terms),
        ways=[
            Tried(
                option.name,
                _price_words(rates.get(option.name), sample.parcel, is_free=not option.price),
                totals_of(sample, option.price, terms),
            )
            for option in found.options
        ],
        is_estimate=terms.is_by_stripe,
    )


def totals_of(sample: Sample, shipping: Money, terms: Taxes) -> Totals:
    """Return what a cart with this one thing comes to."""
    rate = terms.rate(sample.place, sample.tax_class)
    line = PricedLine(1, sample.parcel.value, 1, is_taxable=rate is not None, tax_rate=rate)
    standard = terms.rate(sample.place, TaxClass.STANDARD)
    return reckon([line], shipping, tax_rate=standard, rules=terms.how)


def _why(found: ShippingQuote, group: ShippingGroup | None) -> str:
    match found.hindrance:
        case Hindrance.PLACE_UNKNOWN:
            parts = [_("state") if p is Part.STATE else _("postcode") for p in found.asked_for]
            return str(
                _("The country’s zones differ: give the %(parts)s.", parts=_(" and ").join(parts))
            )
        case Hindrance.NO_ZONE:
            return str(_("No zone holds this place, so nothing is sent there."))
        case Hindrance.NO_RATE:
            return str(_("The zone has no rate in the shop’s currency, so nothing is sent there."))
        case Hindrance.TOO_HEAVY:
            return str(_("It is more than the last step of every rate of the zone."))
        case None:
            return _why_zone(found.place, group)


def _why_zone(place: Place, group: ShippingGroup | None) -> str:
    if group is None or not group.regions:
        return str(_("The zone holds all of the country."))
    if any(part_of(region) is Part.POSTCODE for region in group.regions) and place.postcode:
        return str(_("Its postcode is the closest that a zone names."))
    return str(_("The zone names its state, which goes before the whole country."))


def _price_words(kind: RateKind | None, parcel: Parcel, *, is_free: bool) -> str:
    match kind:
        case RateKind.PICKUP:
            return str(_("picked up"))
        case RateKind.WEIGHT if not is_free:
            return str(_("by its weight of %(grams)s g", grams=parcel.grams))
        case RateKind.VALUE if not is_free:
            return str(_("by the value of the goods"))
        case _:
            return str(_("free for this value")) if is_free else str(_("flat"))


def _tax_words(sample: Sample, terms: Taxes) -> str:
    if sample.tax_class is TaxClass.EXEMPT:
        return str(_("Exempt: no tax anywhere."))
    asked = terms.asked_for(sample.place.country)
    if asked and not is_certain(sample.place, asked):
        return str(_("The country’s tax differs by part, and nobody has said which."))
    rate = terms.rate(sample.place, sample.tax_class)
    if rate is None:
        return str(_("No rule names this country, so there is no tax: it is an export."))
    return rate.label
