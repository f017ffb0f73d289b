"""Promises about tax rules: by place and class, and kept as staff wrote them."""

import pytest
from flask import Flask

from store.catalog.models import TaxClass
from store.clock import FixedClock
from store.database import writing
from store.mail.letterhead import branded, write_letterhead
from store.pricing.places import Place
from store.pricing.tax import (
    Taxes,
    TaxRate,
    TaxRule,
    TaxRules,
    default_taxes,
    kept_taxes,
    percent_of,
    read_taxes,
    taxed_alike,
    taxes,
)
from store.pricing.writing_taxes import TaxesRefusedError, write_taxes
from tests.pricing.test_shipping import shop_settings

STANDARD, REDUCED = TaxClass.STANDARD, TaxClass.REDUCED
RULES = (
    TaxRule("MwSt", "DE", (), STANDARD, 190_000),
    TaxRule("MwSt", "DE", (), REDUCED, 70_000),
    TaxRule("Sales tax", "US", ("NY",), STANDARD, 88_750),
    TaxRule("City tax", "US", ("10001-10292",), STANDARD, 90_000),
    TaxRule("GST", "AU", (), STANDARD, 100_000),
)
TERMS = Taxes(RULES, TaxRules(is_included=False))


@pytest.mark.parametrize(
    ("place", "tax_class", "label"),
    [
        (Place("DE"), STANDARD, "MwSt 19 %"),
        (Place("DE"), REDUCED, "MwSt 7 %"),
        (Place("DE"), TaxClass.ZERO, "MwSt 0 %"),
        (Place("AU"), REDUCED, "GST 10 %"),
        (Place.of("US", "NY"), STANDARD, "Sales tax 8.875 %"),
        (Place.of("US", "NY", "10118"), STANDARD, "City tax 9 %"),
    ],
)
def test_the_most_specific_rule_of_the_class_counts(
    place: Place, tax_class: TaxClass, label: str
) -> None:
    rate = TERMS.rate(place, tax_class)

    assert rate
    assert rate.label == label


def test_what_nobody_taxes_bears_nothing() -> None:
    assert TERMS.rate(Place("NZ"), STANDARD) is None
    assert TERMS.rate(Place("NZ"), TaxClass.ZERO) is None
    assert TERMS.rate(Place.of("US", "TX"), STANDARD) is None
    assert TERMS.rate(Place("DE"), TaxClass.EXEMPT) is None


def test_countries_are_alike_where_every_class_is() -> None:
    assert taxed_alike(("NZ", "FJ", "DE", "US"), Place("NZ"), TERMS) == ("NZ", "FJ")
    assert taxed_alike(("US", "NZ"), Place.of("US", "NY"), TERMS) == ("US",)


def test_terms_come_back_as_they_were_written(app: Flask, clock: FixedClock) -> None:
    terms = Taxes(RULES, TaxRules(is_included=False, by_line=False), codes={"reduced": "txcd_1"})
    with writing():
        write_taxes(terms, clock, home="AU")

    assert taxes(shop_settings()) == terms == read_taxes(kept_taxes(terms))


def test_without_terms_the_settings_count(app: Flask, clock: FixedClock) -> None:
    with writing():
        write_taxes(TERMS, clock, home="AU")
        write_taxes(None, clock, home="AU")

    settings = shop_settings()
    assert taxes(settings) == default_taxes(settings)
    assert taxes(settings).rate(Place("AU"), STANDARD) == TaxRate("GST", 1_000)
    assert branded(settings).prices_include_tax


def test_pages_learn_whether_tax_is_in_the_prices(app: Flask, clock: FixedClock) -> None:
    with writing():
        write_taxes(TERMS, clock, home="US")
        write_letterhead({"name": "The Paper"}, clock)

    shown = branded(shop_settings())
    assert (shown.brand_name, shown.tax_name, shown.prices_include_tax) == (
        "The Paper",
        "Sales tax",
        False,
    )


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        ([TaxRule("X", "XX", (), STANDARD, 1)], "unknown"),
        ([TaxRule("X", "AU", ("TX",), STANDARD, 1)], "unknown_region"),
        ([TaxRule("X", "AU", (), STANDARD, 1_000_001)], "bounds"),
        ([TaxRule("X", "AU", (), STANDARD, 1), TaxRule("Y", "AU", (), STANDARD, 2)], "taken"),
    ],
)
def test_rules_that_contradict_themselves_are_refused(
    app: Flask, clock: FixedClock, rules: list[TaxRule], reason: str
) -> None:
    with pytest.raises(TaxesRefusedError) as refused, writing():
        write_taxes(Taxes(tuple(rules)), clock, home="AU")

    assert reason in {why for _place, _field, why in refused.value.faults}


@pytest.mark.parametrize(
    ("millionths", "percent"),
    [(100_000, "10"), (88_750, "8.875"), (99_750, "9.975"), (0, "0"), (1, "0.0001")],
)  # fmt: skip
def test_rates_are_written_in_per_cent(millionths: int, percent: str) -> None:
    assert percent_of(millionths) == percent
