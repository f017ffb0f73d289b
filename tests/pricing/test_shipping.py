"""Promises about shipping: every country has one price, and the pay page offers its group only."""

import typing
from pathlib import Path

import pytest
from flask import Flask
from stripe.params.checkout import _session_create_params as stripe_params

from store.database import db, writing
from store.money import Money, smallest_charge_step
from store.pricing.countries import PACIFIC_AND_ASIA, SHIPPABLE
from store.pricing.models import ShippingRate, ShippingZone
from store.pricing.places import Place
from store.pricing.rates import Parcel, ShippingGroup
from store.pricing.shipping import groups, quote
from store.settings import Settings
from tests.builders import aud
from tests.shop import some_settings


def shop_settings(**changed: object) -> Settings:
    return some_settings(Path("unused"), "sqlite://", **changed)


def a_zone(name: str, countries: list[str], *rates: ShippingRate, position: int = 0) -> None:
    zone = ShippingZone(name=name, countries=countries, position=position, rates=list(rates))
    db.session.add(zone)
    db.session.flush()


def a_rate(cents: int, *, name: str = "Post", currency: str = "AUD") -> ShippingRate:
    return ShippingRate(name=name, price_minor=cents, currency=currency, min_days=2, max_days=5)


def among(settings: Settings | None = None) -> tuple[ShippingGroup, ...]:
    return groups(settings or shop_settings())


def test_within_australia_costs_895_until_it_is_free(app: Flask) -> None:
    below, above = (
        quote(Place("AU"), Parcel(subtotal), among=among()) for subtotal in (aud(119.95), aud(120))
    )

    assert below.chosen
    assert above.chosen
    assert (below.chosen.price, below.until_free) == (aud(8.95), aud(0.05))
    assert (above.chosen.price, above.until_free) == (aud(0), None)


@pytest.mark.parametrize(
    ("country", "group"),
    [("NZ", "New Zealand"), ("SG", "Pacific & Asia"), ("DE", "Rest of the world")],
)
def test_each_country_is_in_one_group(app: Flask, country: str, group: str) -> None:
    assert quote(Place(country), Parcel(aud(10)), among=among()).group_name == group
    assert country in quote(Place(country), Parcel(aud(10)), among=among()).countries


def test_default_groups_share_out_every_country_once(app: Flask) -> None:
    everywhere = [country for group in among() for country in group.countries]

    assert len(everywhere) == len(set(everywhere))
    assert set(everywhere) == SHIPPABLE
    assert set(PACIFIC_AND_ASIA) <= SHIPPABLE


def test_the_list_is_what_stripe_accepts() -> None:
    address = typing.get_type_hints(
        stripe_params.SessionCreateParamsShippingAddressCollection, include_extras=False
    )
    literal_or_text = typing.get_args(address["allowed_countries"])[0]
    accepted = typing.get_args(typing.get_args(literal_or_text)[0])

    assert set(accepted) - {"ZZ"} == SHIPPABLE


def test_no_parcel_goes_where_stripe_takes_no_address(app: Flask) -> None:
    refused = quote(Place("KP"), Parcel(aud(10)), among=among())

    assert (refused.is_possible, refused.options, refused.countries) == (False, (), ())


def test_nothing_to_send_costs_nothing(app: Flask) -> None:
    nothing = quote(Place("KP"), Parcel(aud(10)), among=among(), requires_shipping=False)

    assert (nothing.is_possible, nothing.chosen) == (True, None)


@pytest.mark.parametrize("currency", ["AUD", "JPY", "KWD", "EUR", "ISK", "KRW", "BHD"])
def test_every_currency_has_prices_that_can_be_charged(app: Flask, currency: str) -> None:
    found = among(shop_settings(currency=currency))

    prices = [rate.price for group in found for rate in group.rates]
    assert all(price.currency == currency and price.minor > 0 for price in prices)
    assert all(price.minor % smallest_charge_step(currency) == 0 for price in prices)


def test_yen_and_dinar_are_about_what_a_parcel_costs(app: Flask) -> None:
    yen, dinar = (among(shop_settings(currency=c))[0].rates[0].price for c in ("JPY", "KWD"))

    assert (yen, dinar) == (Money(900, "JPY"), Money(1_790, "KWD"))


def test_shop_in_another_country_has_its_own_at_home(app: Flask) -> None:
    found = among(shop_settings(country="DE", currency="EUR"))

    assert [group.name for group in found] == ["Germany", "Rest of the world"]
    assert found[0].countries == ("DE",)


def test_rates_of_staff_replace_those_that_ship(app: Flask) -> None:
    with writing():
        a_zone("Home", ["AU"], a_rate(500), a_rate(1_500, name="Express"))
        a_zone("Elsewhere", ["*"], a_rate(3_000), position=1)

    home, abroad = (
        quote(Place(country), Parcel(aud(10)), among=among()) for country in ("AU", "NZ")
    )

    assert [(o.name, o.price) for o in home.options] == [("Post", aud(5)), ("Express", aud(15))]
    assert abroad.group_name == "Elsewhere"
    assert "AU" not in abroad.countries


def test_zone_without_a_rate_in_this_currency_is_not_offered(app: Flask) -> None:
    with writing():
        a_zone("Home", ["AU"], a_rate(500, currency="EUR"))

    assert not quote(Place("AU"), Parcel(aud(10)), among=among()).is_possible
