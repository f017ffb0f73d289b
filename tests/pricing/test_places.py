"""Promises about places: the most specific area wins, and what is typed is read kindly."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.pricing.places import (
    Part,
    Place,
    asked_for,
    find_area,
    is_certain,
    part_of,
    read_regions,
    wrong_region,
)
from store.pricing.states import POSTCODES, is_postcode


@dataclass(frozen=True)
class Area:
    name: str
    countries: tuple[str, ...]
    regions: tuple[str, ...] = ()


WHOLE = Area("whole", ("AU", "NZ"))
WEST = Area("west", ("AU",), ("WA", "NT"))
DARWIN = Area("darwin", ("AU",), ("0800-0832",))
CITY = Area("city", ("AU",), ("0800",))
TOP = Area("top", ("AU",), ("08*",))


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (Place.of("AU", "NSW"), "whole"),
        (Place.of("AU", "wa"), "west"),
        (Place.of("AU", "Western Australia"), "west"),
        (Place.of("AU", "N.T."), "west"),
        (Place.of("AU", "NT", "0850"), "top"),
        (Place.of("AU", "NT", "0820"), "darwin"),
        (Place.of("AU", "", "0800"), "city"),
        (Place.of("NZ", "WA", "0800"), "whole"),
    ],
)
def test_a_postcode_goes_before_a_state_and_a_narrow_run_before_a_wide(
    place: Place, name: str
) -> None:
    found = find_area(place, [WHOLE, WEST, TOP, DARWIN, CITY])

    assert found
    assert found.name == name


def test_a_place_in_no_area_is_found_nowhere() -> None:
    assert find_area(Place("FR"), [WHOLE, WEST]) is None
    assert find_area(Place("AU", "VIC"), [WEST]) is None


@given(st.permutations([WHOLE, WEST, TOP, DARWIN, CITY]), st.integers(0, 9999))
def test_the_order_of_areas_says_nothing_where_one_is_closer(
    areas: list[Area], number: int
) -> None:
    place = Place.of("AU", "NT", f"{number:04d}")

    assert find_area(place, areas) == find_area(place, [WHOLE, WEST, TOP, DARWIN, CITY])


def test_a_country_asks_for_what_tells_its_parts_apart() -> None:
    assert asked_for("NZ", [WHOLE, WEST]) == ()
    assert asked_for("AU", [WHOLE, WEST]) == (Part.STATE,)
    assert asked_for("AU", [WHOLE, WEST, TOP]) == (Part.STATE, Part.POSTCODE)


def test_a_place_is_certain_once_it_says_what_is_asked() -> None:
    assert is_certain(Place("AU"), ())
    assert not is_certain(Place("AU"), (Part.STATE,))
    assert not is_certain(Place.of("AU", "Sydney"), (Part.STATE,))
    assert is_certain(Place.of("AU", "TAS"), (Part.STATE,))
    assert is_certain(Place.of("JP", "Hokkaido"), (Part.STATE,))


def test_lists_of_parts_are_read_as_people_write_them() -> None:
    assert read_regions("AU", "Tasmania, w.a.; 6000–6999, 08*") == ("TAS", "WA", "6000-6999", "08*")
    assert read_regions("GB", "sw1*, im 1") == ("SW1*", "IM1")
    assert part_of("WA") is Part.STATE


@pytest.mark.parametrize(
    ("country", "regions", "wrong"),
    [
        ("AU", ("WA", "6000-6999"), ""),
        ("AU", ("WA", "TX"), "TX"),
        ("AU", ("6999-6000",), "6999-6000"),
        ("AU", ("600-6999",), "600-6999"),
        ("JP", ("HOKKAIDO",), ""),
    ],
)
def test_a_part_that_the_country_cannot_have_is_named(
    country: str, regions: tuple[str, ...], wrong: str
) -> None:
    assert wrong_region(country, regions) == wrong


@pytest.mark.parametrize("country", sorted(POSTCODES))
def test_the_example_of_a_postcode_is_one(country: str) -> None:
    assert is_postcode(country, POSTCODES[country].example)


@pytest.mark.parametrize(
    ("country", "typed"),
    [
        ("AU", "20100"),
        ("AU", "\uff12\uff10\uff11\uff10"),
        ("NZ", "60"),
        ("US", "1000"),
        ("GB", "SW1"),
        ("CA", "K1A 0BB"),
        ("DE", "1011"),
        ("FJ", "1234567890123"),
        ("FJ", "–"),
    ],
)
def test_what_cannot_be_a_postcode_is_none(country: str, typed: str) -> None:
    assert not is_postcode(country, typed)


def test_an_american_postcode_is_compared_by_its_first_five() -> None:
    assert Place.of("US", "ny", "10001-1234") == Place("US", "NY", "10001")
    assert Place.of("CA", "Québec", "h2x 1y4") == Place("CA", "QC", "H2X1Y4")
