"""Promises about rates: by steps of weight or value, picked up, and never where none leads."""

import pytest
from flask import Flask

from store.database import writing
from store.money import Money
from store.pricing.places import Place
from store.pricing.rates import Parcel, PriceStep, RateKind
from store.pricing.shipping import (
    Hindrance,
    ShippingQuote,
    delivery_within,
    free_within,
    groups,
    quote,
)
from store.pricing.writing_rates import RateRow, RatesRefusedError, write_rates
from tests.builders import aud
from tests.pricing.test_shipping import shop_settings

FLAT = RateRow("Home", ("AU",), "Post", aud(8.95), None, 2, 6)
BY_WEIGHT = RateRow(
    "Home",
    ("AU",),
    "Post",
    aud(0),
    aud(100),
    2,
    6,
    kind=RateKind.WEIGHT,
    steps=(PriceStep(500, aud(8.95)), PriceStep(2_000, aud(12.95))),
)
BY_VALUE = RateRow(
    "Home",
    ("AU",),
    "Post",
    aud(0),
    None,
    2,
    6,
    kind=RateKind.VALUE,
    steps=(PriceStep(5_000, aud(9.95)), PriceStep(None, aud(4.95))),
)
WEST = RateRow("West", ("AU",), "Far post", aud(14.95), None, 4, 9, regions=("WA", "NT"))
PICKUP = RateRow(
    "Home",
    ("AU",),
    "Our counter",
    aud(0),
    None,
    0,
    0,
    kind=RateKind.PICKUP,
    pickup_address="12 Oxford Street",
    pickup_hours="Mon–Fri 10–4",
)


def quoted(place: Place, parcel: Parcel, *rows: RateRow, picked: str = "") -> ShippingQuote:
    with writing():
        write_rates(rows)
    return quote(place, parcel, among=groups(shop_settings()), picked=picked)


@pytest.mark.parametrize(
    ("grams", "price"), [(0, 8.95), (500, 8.95), (501, 12.95), (2_000, 12.95), (2_001, None)]
)
def test_a_parcel_costs_the_first_step_that_holds_it(
    app: Flask, grams: int, price: float | None
) -> None:
    found = quoted(Place("AU"), Parcel(aud(50), grams), BY_WEIGHT)

    assert (found.chosen.price if found.chosen else None) == (aud(price) if price else None)
    assert found.hindrance is (None if price else Hindrance.TOO_HEAVY)


def test_free_over_an_amount_goes_before_every_step_but_sends_nothing_heavier(app: Flask) -> None:
    found = quoted(Place("AU"), Parcel(aud(100), 2_000), BY_WEIGHT)
    heavier = quoted(Place("AU"), Parcel(aud(100), 2_001), BY_WEIGHT)

    assert found.chosen
    assert found.chosen.price == aud(0)
    assert heavier.hindrance is Hindrance.TOO_HEAVY


@pytest.mark.parametrize(("value", "price"), [(50, 9.95), (50.01, 4.95)])
def test_a_price_can_depend_on_the_goods(app: Flask, value: float, price: float) -> None:
    found = quoted(Place("AU"), Parcel(aud(value)), BY_VALUE)

    assert found.chosen
    assert found.chosen.price == aud(price)


def test_a_part_of_the_country_has_a_price_of_its_own(app: Flask) -> None:
    west, east, unknown = (
        quoted(Place.of("AU", state), Parcel(aud(50)), FLAT, WEST) for state in ("WA", "NSW", "")
    )

    assert [o.name for o in west.options] == ["Far post"]
    assert [o.name for o in east.options] == ["Post"]
    assert (unknown.options, unknown.hindrance) == ((), Hindrance.PLACE_UNKNOWN)


def test_pages_promise_only_what_holds_in_all_of_the_country(app: Flask) -> None:
    home = RateRow("Home", ("AU",), "Post", aud(8.95), aud(100), 2, 6)
    west = RateRow("West", ("AU",), "Far", aud(14.95), aud(150), 4, 9, regions=("WA",))
    with writing():
        write_rates([home, west])

    among = groups(shop_settings())
    assert delivery_within("AU", among) is None
    assert free_within("AU", among) == aud(150)


def test_what_is_picked_up_stands_behind_what_is_sent(app: Flask) -> None:
    found = quoted(Place("AU"), Parcel(aud(50)), PICKUP, FLAT)

    assert [(o.name, o.is_pickup) for o in found.options] == [
        ("Post", False),
        ("Our counter", True),
    ]
    assert found.chosen
    assert found.chosen.name == "Post"


def test_a_way_that_is_gone_gives_way_to_the_first(app: Flask) -> None:
    picked = quoted(Place("AU"), Parcel(aud(50)), FLAT, PICKUP, picked="Our counter")
    gone = quoted(Place("AU"), Parcel(aud(50)), FLAT, PICKUP, picked="Drone")

    assert [q.chosen.name for q in (picked, gone) if q.chosen] == ["Our counter", "Post"]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([WEST, RateRow("M", ("AU",), "X", aud(1), None, 1, 1, regions=("WA",))], "taken_region"),
        ([RateRow("W", ("AU", "NZ"), "X", aud(1), None, 1, 1, regions=("WA",))], "one_country"),
        ([RateRow("W", ("*",), "X", aud(1), None, 1, 1, regions=("WA",))], "one_country"),
        ([RateRow("W", ("AU",), "X", aud(1), None, 1, 1, regions=("TX",))], "unknown_region"),
        ([RateRow("W", ("AU",), "X", aud(1), None, 1, 1, kind=RateKind.PICKUP)], "pickup_free"),
        ([RateRow("W", ("AU",), "X", aud(0), None, 1, 1, kind=RateKind.PICKUP)], "where"),
        ([RateRow("W", ("AU",), "X", aud(0), None, 1, 1, kind=RateKind.WEIGHT)], "rise"),
        ([FLAT, FLAT], "twice"),
        ([RateRow("H", ("AU",), f"Way {n}", aud(n), None, 1, 1) for n in range(6)], "many"),
    ],
)  # fmt: skip
def test_a_table_that_contradicts_itself_is_refused(
    app: Flask, rows: list[RateRow], reason: str
) -> None:
    with pytest.raises(RatesRefusedError) as refused, writing():
        write_rates(rows)

    assert reason in {why for _place, _field, why in refused.value.faults}


def test_steps_that_fall_are_refused(app: Flask) -> None:
    falling = (PriceStep(2_000, aud(5)), PriceStep(500, aud(9)))
    open_first = (PriceStep(None, aud(5)), PriceStep(500, aud(9)))
    for steps in (falling, open_first):
        row = RateRow("H", ("AU",), "X", aud(0), None, 1, 1, kind=RateKind.WEIGHT, steps=steps)
        with pytest.raises(RatesRefusedError), writing():
            write_rates([row])


def test_dinar_steps_end_in_nought(app: Flask) -> None:
    steps = (PriceStep(None, Money(1_795, "KWD")),)
    row = RateRow("H", ("AU",), "X", Money(0, "KWD"), None, 1, 1, kind=RateKind.WEIGHT, steps=steps)
    with pytest.raises(RatesRefusedError), writing():
        write_rates([row])
