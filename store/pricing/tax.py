"""How much tax is in a price or on it: by place and class, and none on what leaves the country."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from store.catalog.models import TaxClass
from store.database import db
from store.money import Money, smallest_charge_step
from store.pricing.models import TaxTerms
from store.pricing.places import Part, Place, asked_for, find_area
from store.settings import Settings

WHOLE = 10_000
"""Basis points in the whole: a rate of 10 % is 1,000."""
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class TaxRate:
    """A tax by its name on receipts; 9.975 % is 997 basis points and 50 hundredths of one."""

    name: str
    basis_points: int
    hundredths: int = 0

    @classmethod
    def of_millionths(cls, name: str, millionths: int) -> "TaxRate":
        return cls(name, *divmod(millionths, 100))

    @property
    def millionths(self) -> int:
        return self.basis_points * 100 + self.hundredths

    @property
    def percent(self) -> str:
        """The rate as people write it: 10, or 8.875."""
        return percent_of(self.millionths)

    @property
    def label(self) -> str:
        """The name with its rate, as receipts list it."""
        return f"{self.name} {self.percent} %"


@dataclass(frozen=True, slots=True)
class TaxRule:
    """A rate for goods of one class that go to one country, or to parts of it."""

    name: str
    country: str
    regions: tuple[str, ...]
    tax_class: TaxClass
    millionths: int

    @property
    def countries(self) -> tuple[str, ...]:
        return (self.country,)

    @property
    def rate(self) -> TaxRate:
        return TaxRate.of_millionths(self.name, self.millionths)


@dataclass(frozen=True, slots=True)
class TaxRules:
    """How tax is taken: inside prices or on top; rounded line by line, or once for each rate."""

    is_included: bool = True
    by_line: bool = True


@dataclass(frozen=True, slots=True)
class Taxes:
    """Everything the shop knows of tax; what nobody's rule names bears none."""

    rules: tuple[TaxRule, ...]
    how: TaxRules = field(default_factory=TaxRules)
    is_by_stripe: bool = False
    """Stripe Tax reckons what is paid; what we say before is an estimate."""
    codes: Mapping[str, str] = field(default_factory=dict)
    """Stripe's tax code of each class, where staff gave one."""

    def rate(self, place: Place, tax_class: TaxClass) -> TaxRate | None:
        """Return the rate for goods of this class sent there; None where there is no tax at all."""
        if tax_class is TaxClass.EXEMPT:
            return None
        standard = self._rule(place, TaxClass.STANDARD)
        if tax_class is TaxClass.ZERO:
            return TaxRate(standard.name, 0) if standard else None
        rule = self._rule(place, tax_class) or standard
        return rule.rate if rule else None

    def rates(self, place: Place) -> tuple[TaxRate | None, ...]:
        """Return the rate of every class, by which two places are taxed alike or not."""
        return tuple(self.rate(place, tax_class) for tax_class in TaxClass)

    def asked_for(self, country: str) -> tuple[Part, ...]:
        return asked_for(country, self.rules)

    def regional(self, country: str) -> tuple[TaxRule, ...]:
        """Return the rules of a country that has some for parts of it; else none."""
        own = tuple(rule for rule in self.rules if rule.country == country)
        return own if any(rule.regions for rule in own) else ()

    def _rule(self, place: Place, tax_class: TaxClass) -> TaxRule | None:
        return find_area(place, (rule for rule in self.rules if rule.tax_class == tax_class))


def taxes(settings: Settings) -> Taxes:
    """Return how tax is reckoned now: as staff wrote it, else as the settings say."""
    written = db.session.scalar(select(TaxTerms.terms).where(TaxTerms.id == 1))
    return read_taxes(written) if written else default_taxes(settings)


def default_taxes(settings: Settings) -> Taxes:
    """Return one rate for the shop's own country; what leaves it bears none.

    Exports are GST-free: A New Tax System (Goods and Services Tax) Act 1999, 38-185.
    """
    rule = TaxRule(
        settings.tax_name,
        settings.country,
        (),
        TaxClass.STANDARD,
        settings.tax_rate_basis_points * 100,
    )
    return Taxes((rule,), TaxRules(is_included=settings.prices_include_tax))


def read_taxes(written: Mapping[str, object]) -> Taxes:
    """Return what is kept as JSON."""
    rules, codes = written["rules"], written["codes"]
    if not isinstance(rules, list) or not isinstance(codes, Mapping):
        raise TypeError("tax terms are kept as lists and maps")
    return Taxes(
        tuple(
            TaxRule(
                rule["name"],
                rule["country"],
                tuple(rule["regions"]),
                TaxClass(rule["tax_class"]),
                rule["millionths"],
            )
            for rule in rules
        ),
        TaxRules(is_included=bool(written["is_included"]), by_line=bool(written["by_line"])),
        is_by_stripe=bool(written["is_by_stripe"]),
        codes=dict(codes),
    )


def kept_taxes(taxes: Taxes) -> dict[str, object]:
    """Return the same as JSON keeps it."""
    return {
        "is_included": taxes.how.is_included,
        "by_line": taxes.how.by_line,
        "is_by_stripe": taxes.is_by_stripe,
        "codes": dict(taxes.codes),
        "rules": [
            {
                "name": rule.name,
                "country": rule.country,
                "regions": list(rule.regions),
                "tax_class": rule.tax_class.value,
                "millionths": rule.millionths,
            }
            for rule in taxes.rules
        ],
    }


def rate_for(destination: str, settings: Settings) -> TaxRate:
    """Return the rate of the settings for goods sent there: at home as they say, abroad none."""
    rate = default_taxes(settings).rate(Place(destination), TaxClass.STANDARD)
    return rate or TaxRate(settings.tax_name, 0)


def taxed_alike(countries: Iterable[str], place: Place, taxes: Taxes) -> tuple[str, ...]:
    """Return those of the countries where all goods carry the same tax as at the place.

    Of a country with rules for its parts nobody knows, except of the place's own.
    """
    rates = taxes.rates(place)
    return tuple(
        country
        for country in countries
        if country == place.country
        or (not taxes.regional(country) and taxes.rates(Place(country)) == rates)
    )


def included(price: Money, rate: TaxRate) -> Money:
    """Return the tax inside a price: price × rate / (100 % + rate), half a minor unit rounds up."""
    whole = MILLION + rate.millionths
    return Money((2 * price.minor * rate.millionths + whole) // (2 * whole), price.currency)


def on_top(price: Money, rate: TaxRate) -> Money:
    """Return the tax on a price without it, half rounds up, in steps that can be charged."""
    step = smallest_charge_step(price.currency)
    whole = MILLION * step
    steps = (2 * price.minor * rate.millionths + whole) // (2 * whole)
    return Money(steps * step, price.currency)


def percent_of(millionths: int) -> str:
    """Write a rate in per cent: 8.875 for 88,750 millionths."""
    whole, rest = divmod(millionths, 10_000)
    return f"{whole}.{rest:04d}".rstrip("0").rstrip(".")
