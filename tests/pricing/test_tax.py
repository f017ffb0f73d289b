"""Promises about the tax inside a price."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.money import Money
from store.pricing.tax import TaxRate, included, rate_for
from tests.builders import aud
from tests.shop import Shop

GST = TaxRate("GST", 1_000)


@pytest.mark.parametrize(
    ("price", "tax"), [(aud(45), 409), (aud(11), 100), (aud(0.05), 0), (aud(0.06), 1), (aud(0), 0)]
)
def test_gst_is_one_eleventh_and_half_a_cent_rounds_up(price: Money, tax: int) -> None:
    assert included(price, GST) == Money(tax, "AUD")


@given(st.integers(0, 10**9), st.integers(0, 10_000))
def test_included_tax_stays_inside_the_price(minor: int, basis_points: int) -> None:
    tax = included(Money(minor, "AUD"), TaxRate("Tax", basis_points)).minor

    assert 0 <= tax <= minor
    # Within half a minor unit of the exact share.
    assert abs(2 * (tax * (10_000 + basis_points) - minor * basis_points)) <= 10_000 + basis_points


def test_what_leaves_the_country_carries_no_tax(shop: Shop) -> None:
    settings = shop.services.settings

    assert rate_for("AU", settings) == GST
    assert rate_for("NZ", settings).basis_points == 0
