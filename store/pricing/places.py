"""Which of several areas a place lies in: the one rule by which zones and taxes are found."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar

from store.pricing.states import STATES, bare_postcode, is_known_state, state_code

_RANGE = re.compile(r"([0-9]{2,10})-([0-9]{2,10})", re.ASCII)
_PREFIX = re.compile(r"([A-Z0-9]{1,10})\*", re.ASCII)
_EXACT = re.compile(r"[A-Z0-9]*[0-9][A-Z0-9]*", re.ASCII)
MOST_REGIONS = 120
LONGEST_STATE, LONGEST_POSTCODE = 80, 20


class Part(StrEnum):
    """What more than the country tells areas apart."""

    STATE = "state"
    POSTCODE = "postcode"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something goes; state and postcode as they are compared, empty where nobody said."""

    country: str
    state: str = ""
    postcode: str = ""

    @classmethod
    def of(cls, country: str, state: str = "", postcode: str = "") -> "Place":
        """Return the place that somebody typed."""
        return cls(country, state_code(country, state), bare_postcode(country, postcode))


class Area(Protocol):
    """Countries, or parts of one; without regions it is all of each of its countries."""

    @property
    def countries(self) -> Sequence[str]: ...

    @property
    def regions(self) -> Sequence[str]: ...


AnArea = TypeVar("AnArea", bound=Area)


def find_area(place: Place, areas: Iterable[AnArea]) -> AnArea | None:
    """Return the most specific area that holds the place.

    A postcode goes before a state and a state before the country; of two runs of postcodes the
    narrower wins, and of two areas alike the one that stands first.
    """
    fits = [(fit, area) for area in areas if (fit := _fit(area, place)) is not None]
    return min(fits, key=lambda found: found[0])[1] if fits else None


def asked_for(country: str, areas: Iterable[Area]) -> tuple[Part, ...]:
    """Return what must be known of a place in this country before its area is certain."""
    regions = [r for area in areas if country in area.countries for r in area.regions]
    kinds = {part_of(region) for region in regions}
    return tuple(part for part in Part if part in kinds)


def part_of(region: str) -> Part:
    """Say what a region is: "6000-6999", "08*" and "2010" are postcodes, "WA" is a state."""
    patterns = (_RANGE, _PREFIX, _EXACT)
    is_code = any(pattern.fullmatch(region) for pattern in patterns)
    return Part.POSTCODE if is_code else Part.STATE


def read_regions(country: str, text: str) -> tuple[str, ...]:
    """Return regions as staff list them, with commas between; states become their codes."""
    found = []
    for listed in re.split(r"[,;\n]", text):
        plain = " ".join(listed.upper().split())
        if not plain:
            continue
        tight = plain.replace(" ", "").replace("–", "-")
        is_code = part_of(tight) is Part.POSTCODE
        found.append(tight if is_code else state_code(country, plain))
    return tuple(dict.fromkeys(found))


def wrong_region(country: str, regions: Sequence[str]) -> str:
    """Return the first region that this country cannot have, or nothing."""
    for region in regions:
        run = _RANGE.fullmatch(region)
        if run and (len(run[1]) != len(run[2]) or run[1] > run[2]):
            return region
        if part_of(region) is Part.STATE and not is_known_state(country, region):
            return region
    return ""


def is_certain(place: Place, parts: Iterable[Part]) -> bool:
    """Whether a place says all that tells the areas of its country apart."""
    for part in parts:
        if part is Part.STATE and not is_known_state(place.country, place.state):
            return False
        if part is Part.POSTCODE and not place.postcode:
            return False
    return True


def states_of(country: str) -> tuple[tuple[str, str], ...]:
    """Return codes and names for a choice; empty where we know none and readers type."""
    return tuple(sorted(STATES.get(country, {}).items(), key=lambda pair: pair[1]))


def _fit(area: Area, place: Place) -> tuple[int, float] | None:
    """Return how closely an area holds a place, smaller is closer; None where it does not."""
    if place.country not in area.countries:
        return None
    if not area.regions:
        return (2, 1.0)
    shares = [share for region in area.regions if (share := _share(region, place)) is not None]
    return min(shares) if shares else None


def _share(region: str, place: Place) -> tuple[int, float] | None:
    if part_of(region) is Part.STATE:
        return (1, 1.0) if region == place.state else None
    if not place.postcode:
        return None
    run = _RANGE.fullmatch(region)
    if run:
        return _share_of_run(run[1], run[2], place.postcode)
    prefix = _PREFIX.fullmatch(region)
    stem = prefix[1] if prefix else region
    is_in = place.postcode.startswith(stem) if prefix else place.postcode == stem
    return (0, 10.0 ** -len(stem)) if is_in else None


def _share_of_run(first: str, last: str, postcode: str) -> tuple[int, float] | None:
    is_in = len(postcode) == len(first) and postcode.isdigit() and first <= postcode <= last
    return (0, (int(last) - int(first) + 1) / 10.0 ** len(first)) if is_in else None
