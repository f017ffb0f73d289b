"""States and postcodes as countries write them: what a reader may type, and an example of it."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

_AUSTRALIA = {
    "ACT": "Australian Capital Territory",
    "NSW": "New South Wales",
    "NT": "Northern Territory",
    "QLD": "Queensland",
    "SA": "South Australia",
    "TAS": "Tasmania",
    "VIC": "Victoria",
    "WA": "Western Australia",
}
_CANADA = {
    "AB": "Alberta",
    "BC": "British Columbia",
    "MB": "Manitoba",
    "NB": "New Brunswick",
    "NL": "Newfoundland and Labrador",
    "NS": "Nova Scotia",
    "NT": "Northwest Territories",
    "NU": "Nunavut",
    "ON": "Ontario",
    "PE": "Prince Edward Island",
    "QC": "Quebec",
    "SK": "Saskatchewan",
    "YT": "Yukon",
}
_UNITED_STATES = {
    "AL": "Alabama",
    "AK": "Alaska",
    "AZ": "Arizona",
    "AR": "Arkansas",
    "CA": "California",
    "CO": "Colorado",
    "CT": "Connecticut",
    "DE": "Delaware",
    "DC": "District of Columbia",
    "FL": "Florida",
    "GA": "Georgia",
    "HI": "Hawaii",
    "ID": "Idaho",
    "IL": "Illinois",
    "IN": "Indiana",
    "IA": "Iowa",
    "KS": "Kansas",
    "KY": "Kentucky",
    "LA": "Louisiana",
    "ME": "Maine",
    "MD": "Maryland",
    "MA": "Massachusetts",
    "MI": "Michigan",
    "MN": "Minnesota",
    "MS": "Mississippi",
    "MO": "Missouri",
    "MT": "Montana",
    "NE": "Nebraska",
    "NV": "Nevada",
    "NH": "New Hampshire",
    "NJ": "New Jersey",
    "NM": "New Mexico",
    "NY": "New York",
    "NC": "North Carolina",
    "ND": "North Dakota",
    "OH": "Ohio",
    "OK": "Oklahoma",
    "OR": "Oregon",
    "PA": "Pennsylvania",
    "RI": "Rhode Island",
    "SC": "South Carolina",
    "SD": "South Dakota",
    "TN": "Tennessee",
    "TX": "Texas",
    "UT": "Utah",
    "VT": "Vermont",
    "VA": "Virginia",
    "WA": "Washington",
    "WV": "West Virginia",
    "WI": "Wisconsin",
    "WY": "Wyoming",
    "AA": "Armed Forces Americas",
    "AE": "Armed Forces Europe",
    "AP": "Armed Forces Pacific",
}
STATES: Mapping[str, Mapping[str, str]] = {
    "AU": _AUSTRALIA,
    "CA": _CANADA,
    "US": _UNITED_STATES,
}
"""Codes and names of the countries whose states we know; elsewhere a state is what it is called."""


@dataclass(frozen=True, slots=True)
class PostcodeForm:
    """What a country's postcodes look like, without spaces and hyphens, and one that exists."""

    pattern: re.Pattern[str]
    example: str


def _form(pattern: str, example: str) -> PostcodeForm:
    return PostcodeForm(re.compile(pattern), example)


# By the addressing sheets of the Universal Postal Union.
POSTCODES: Mapping[str, PostcodeForm] = {
    "AT": _form(r"\d{4}", "1010"),
    "AU": _form(r"\d{4}", "2010"),
    "BE": _form(r"\d{4}", "1000"),
    "BR": _form(r"\d{8}", "01310-100"),
    "CA": _form(r"[A-Z]\d[A-Z]\d[A-Z]\d", "K1A 0B1"),
    "CH": _form(r"\d{4}", "8001"),
    "DE": _form(r"\d{5}", "10115"),
    "DK": _form(r"\d{4}", "1050"),
    "ES": _form(r"\d{5}", "28013"),
    "FI": _form(r"\d{5}", "00100"),
    "FR": _form(r"\d{5}", "75001"),
    "GB": _form(r"(GIR0AA|[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2})", "SW1A 1AA"),
    "IE": _form(r"[A-Z](\d{2}|6W)[A-Z\d]{4}", "D02 AF30"),
    "IN": _form(r"\d{6}", "110001"),
    "IT": _form(r"\d{5}", "00184"),
    "JP": _form(r"\d{7}", "100-0001"),
    "NL": _form(r"\d{4}[A-Z]{2}", "1012 JS"),
    "NO": _form(r"\d{4}", "0150"),
    "NZ": _form(r"\d{4}", "6011"),
    "PL": _form(r"\d{5}", "00-001"),
    "PT": _form(r"\d{7}", "1100-148"),
    "SE": _form(r"\d{5}", "111 20"),
    "SG": _form(r"\d{6}", "018956"),
    "US": _form(r"\d{5}(\d{4})?", "10001"),
}


def state_code(country: str, typed: str) -> str:
    """Return what a state goes by here: its code where we know it, else its name in capitals."""
    letters = unicodedata.normalize("NFKD", typed.replace(".", ""))
    kept = "".join(sign for sign in letters if not unicodedata.combining(sign))
    plain = " ".join(kept.upper().split())
    known = STATES.get(country, {})
    if plain in known:
        return plain
    return next((code for code, name in known.items() if name.upper() == plain), plain)


def is_known_state(country: str, code: str) -> bool:
    """Whether a code can be one of this country's; where we know none, every word can."""
    known = STATES.get(country)
    return bool(code) and (known is None or code in known)


def bare_postcode(country: str, typed: str) -> str:
    """Return a postcode as it is compared: capitals, no spaces or hyphens, US ones cut to five."""
    bare = "".join(sign for sign in typed.upper() if sign.isalnum())
    return bare[:5] if country == "US" else bare


def is_postcode(country: str, typed: str) -> bool:
    """Whether this can be a postcode there; where we know no form, anything of a few signs can."""
    bare = "".join(sign for sign in typed.upper() if sign.isalnum())
    form = POSTCODES.get(country)
    if form is None:
        return 0 < len(bare) <= 12
    return bare.isascii() and form.pattern.fullmatch(bare) is not None


def example_postcode(country: str) -> str:
    form = POSTCODES.get(country)
    return form.example if form else ""
