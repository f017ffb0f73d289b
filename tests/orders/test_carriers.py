"""Whose number it is, whether it can be right, and where the parcel can be followed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.orders.carriers import (
    Carrier,
    Doubt,
    Fault,
    carrier_named,
    doubt_about,
    guess,
    mod10_adds_up,
    readings_of,
    s10_adds_up,
    tracking_page,
)

AP, DHL, ROYAL, UPS, USPS = (
    Carrier.AUSTRALIA_POST,
    Carrier.DHL,
    Carrier.ROYAL_MAIL,
    Carrier.UPS,
    Carrier.USPS,
)
SOUND = {
    "1Z5R89390357567127": UPS,
    "1Z 8V9 2A7 03 6720 302 4": UPS,
    "9505 5110 6960 5048 6006 24": USPS,
    "92748931507708513018050063": USPS,
    "420 22153 9101026837331000039521": USPS,
    "4201028200009261290113185417468510": USPS,
    "0307 1790 0005 2348 3741": USPS,
    "3318810025": DHL,
    "EE876543216GB": ROYAL,
    "LX473124829AU": AP,
    "CP473124829US": USPS,
    "rr 473 124 829 de": DHL,
}
"""Numbers as carriers have printed them; all have a check digit."""


@pytest.mark.parametrize(("number", "carrier"), SOUND.items())
def test_a_number_names_its_carrier(number: str, carrier: Carrier) -> None:
    assert guess(number, home="AU") is carrier
    assert doubt_about(number, carrier, home="AU") is None
    assert doubt_about(number, "", home="AU") is None


@pytest.mark.parametrize(("number", "carrier"), SOUND.items())
def test_a_slip_of_the_pen_is_noticed(number: str, carrier: Carrier) -> None:
    places = [at for at, sign in enumerate(number) if sign.isdigit() and at > 1]
    at = places[-2]
    wrong = f"{number[:at]}{(int(number[at]) + 1) % 10}{number[at + 1 :]}"

    assert doubt_about(wrong, carrier, home="AU") == Doubt(Fault.CHECK_DIGIT, carrier)


@pytest.mark.parametrize(
    ("number", "home", "to", "carrier"),
    [
        # No check digit is published; where the post is at home the shape is enough.
        # pragma: allowlist nextline secret - a number of a parcel
        ("ABC1234567", "AU", "AU", AP),
        # pragma: allowlist nextline secret - a number of a parcel
        ("ABC1234567", "US", "US", None),
        # pragma: allowlist nextline secret - a number of a parcel
        ("33ABC012345601000935005", "AU", "NZ", AP),
        ("99702000000123456789", "US", "US", AP),
        # Ten digits are a waybill where the digit adds up, and a consignment in Australia else.
        ("3318810025", "AU", "AU", DHL),
        ("3318810010", "AU", "AU", AP),
        # Another post's item: that of the destination follows it as well.
        ("RB123456785NZ", "AU", "GB", ROYAL),
        ("RB123456785NZ", "AU", "FR", None),
        ("JJD0099999999000001", "AU", "AU", DHL),
        ("T1", "AU", "AU", None),
        ("", "AU", "AU", None),
    ],
)
def test_where_it_comes_from_and_goes_to_decides_among_equals(
    number: str, home: str, to: str, carrier: Carrier | None
) -> None:
    assert guess(number, home=home, to=to) is carrier


@pytest.mark.parametrize(
    ("number", "carrier", "doubt"),
    [
        ("1Z5R89390357567127", "USPS", Doubt(Fault.OTHER_CARRIER, UPS)),
        ("hello there", "UPS", Doubt(Fault.SHAPE, UPS)),
        ("AA123456789AU", "", Doubt(Fault.CHECK_DIGIT, AP)),
        # Whoever is not known is not judged, and no number is none to judge.
        ("1Z5R89390357567128", "Bicycle", None),
        ("", "UPS", None),
        ("something else", "", None),
    ],
)
def test_what_cannot_be_a_carriers_number_is_doubted(
    number: str, carrier: str, doubt: Doubt | None
) -> None:
    assert doubt_about(number, carrier, home="AU") == doubt


@pytest.mark.parametrize("written", ["DHL Express", "dhl", "D.H.L.", "DHL eCommerce"])
def test_a_carrier_is_known_however_it_is_written(written: str) -> None:
    assert carrier_named(written) is DHL


def test_a_page_shows_where_the_parcel_is() -> None:
    assert tracking_page("1Z 5R8 93903 57567127", "UPS").endswith("tracknum=1Z5R89390357567127")
    assert tracking_page("EE876543216GB", "").startswith("https://www.royalmail.com/")
    assert tracking_page("EE876543216GB", "Bicycle") == ""
    assert tracking_page("", "UPS") == ""
    assert tracking_page("<script>", "UPS") == ""


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_without_a_fault(typed: str) -> None:
    readings_of(typed, to="AU", home="AU")
    doubt_about(typed, "UPS")
    page = tracking_page(typed, "Royal Mail", home="AU")

    assert page == "" or page.startswith("https://www.royalmail.com/")


@given(st.integers(0, 10**8 - 1))
def test_exactly_one_check_digit_adds_up(serial: int) -> None:
    assert sum(s10_adds_up(f"RB{serial:08}{digit}AU") for digit in range(10)) == 1
    assert sum(mod10_adds_up(f"9400{serial:017}{digit}") for digit in range(10)) == 1
