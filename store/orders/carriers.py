"""Who carries a parcel: recognised from its number, judged by its check digit, and linked to.

A format is what a carrier prints and publishes. Where it has a check digit a slip of the pen shows;
where it has none only the shape does, so such a number never speaks against another reading.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote

_BETWEEN = re.compile(r"[\s.\-_/]+")
_S10 = re.compile(r"[A-Z]{2}(?P<digits>\d{8})(?P<check>\d)(?P<country>[A-Z]{2})", re.ASCII)
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
Sums = Callable[[str], bool]
"""Whether the check digit of a number of this shape adds up."""


class Carrier(StrEnum):
    """Those whose numbers and pages the store knows; the value is what readers are told."""

    AUSTRALIA_POST = "Australia Post"
    DHL = "DHL"
    ROYAL_MAIL = "Royal Mail"
    UPS = "UPS"
    USPS = "USPS"


class Fault(StrEnum):
    """What speaks against a number; whoever knows better keeps it."""

    CHECK_DIGIT = "check_digit"
    OTHER_CARRIER = "other_carrier"
    SHAPE = "shape"


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a number. is_sound: its check digit adds up; None where it has none."""

    carrier: Carrier | None
    is_sound: bool | None


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a number may be wrong, and whose it looks like."""

    fault: Fault
    looks_like: Carrier | None = None


@dataclass(frozen=True, slots=True)
class _Format:
    carrier: Carrier
    shape: re.Pattern[str]
    adds_up: Sums | None = None
    is_local: bool = False
    """So wide a shape that it means something only where this carrier is at home."""


HOMES = {
    "AU": Carrier.AUSTRALIA_POST,
    "DE": Carrier.DHL,
    "GB": Carrier.ROYAL_MAIL,
    "US": Carrier.USPS,
}
"""The post of a country, which also knows what other posts hand over to it."""
PAGES = {
    Carrier.AUSTRALIA_POST: "https://auspost.com.au/mypost/track/details/{}",
    Carrier.DHL: "https://www.dhl.com/global-en/home/tracking.html?tracking-id={}",
    Carrier.ROYAL_MAIL: "https://www.royalmail.com/track-your-item#/tracking-results/{}",
    Carrier.UPS: "https://www.ups.com/track?tracknum={}",
    Carrier.USPS: "https://tools.usps.com/go/TrackConfirmAction?tLabels={}",
}
_NAMES = {
    "auspost": Carrier.AUSTRALIA_POST,
    "australiapost": Carrier.AUSTRALIA_POST,
    "eparcel": Carrier.AUSTRALIA_POST,
    "deutschepost": Carrier.DHL,
    "dhl": Carrier.DHL,
    "dhlecommerce": Carrier.DHL,
    "dhlexpress": Carrier.DHL,
    "dhlpaket": Carrier.DHL,
    "royalmail": Carrier.ROYAL_MAIL,
    "unitedparcelservice": Carrier.UPS,
    "unitedstatespostalservice": Carrier.USPS,
    "ups": Carrier.UPS,
    "usps": Carrier.USPS,
}


def tidy_tracking(number: str) -> str:
    """Return a number as carriers keep it: no spaces, no dashes, capital letters."""
    return _BETWEEN.sub("", number).upper()


def carrier_named(name: str) -> Carrier | None:
    """Return the carrier that somebody wrote in her own way; None for one we do not know."""
    return _NAMES.get(re.sub(r"[^a-z]", "", name.casefold()))


def readings_of(
    number: str, *, to: str = "", home: str = "", named: Carrier | None = None
) -> list[Reading]:
    """Return every way to read a number of a parcel from one country to another."""
    tidied = tidy_tracking(number)
    near = {HOMES.get(home), HOMES.get(to), named}
    found = [
        Reading(one.carrier, one.adds_up(tidied) if one.adds_up else None)
        for one in _FORMATS
        if one.shape.fullmatch(tidied) and not (one.is_local and one.carrier not in near)
    ]
    postal = _S10.fullmatch(tidied)
    if postal:
        sender = HOMES.get(postal["country"]) or HOMES.get(to)
        found.append(Reading(sender, s10_adds_up(tidied)))
    return found


def guess(number: str, *, to: str = "", home: str = "") -> Carrier | None:
    """Return who most likely carries it; None where nobody's number looks so.

    A check digit that adds up comes before a mere shape. Among equals the carrier decides that is
    at home where the parcel comes from, then where it goes; without either nobody is guessed.
    """
    readings = readings_of(number, to=to, home=home)
    for is_sound in (True, None):
        carriers = _named(reading for reading in readings if reading.is_sound is is_sound)
        if len(carriers) == 1:
            return carriers[0]
        at_home = [HOMES[country] for country in (home, to) if HOMES.get(country) in carriers]
        if at_home:
            return at_home[0]
    return None


def doubt_about(number: str, carrier: str, *, to: str = "", home: str = "") -> Doubt | None:
    """Return what speaks against this number of this carrier; None for what we cannot judge."""
    if not tidy_tracking(number):
        return None
    named = carrier_named(carrier)
    if carrier and named is None:
        return None
    readings = readings_of(number, to=to, home=home, named=named)
    own = [one for one in readings if named is None or one.carrier is named]
    if any(one.is_sound is not False for one in own):
        return None
    if own:
        return Doubt(Fault.CHECK_DIGIT, named or own[0].carrier)
    if named is None:
        return None
    others = _named(reading for reading in readings if reading.is_sound)
    return Doubt(Fault.OTHER_CARRIER, others[0]) if others else Doubt(Fault.SHAPE, named)


def tracking_page(number: str, carrier: str, *, to: str = "", home: str = "") -> str:
    """Return where its reader can follow a parcel; empty where no page is known for it."""
    tidied = tidy_tracking(number)
    known = carrier_named(carrier) if carrier else guess(number, to=to, home=home)
    if not tidied or known is None or not (tidied.isascii() and tidied.isalnum()):
        return ""
    return PAGES[known].format(quote(tidied, safe=""))


def s10_adds_up(number: str) -> bool:
    """Check an item identifier of the world's posts: UPU standard S10, weighted, modulo 11."""
    found = _S10.fullmatch(number)
    if found is None:
        return False
    weighed = zip(found["digits"], _S10_WEIGHTS, strict=True)
    rest = 11 - sum(int(digit) * weight for digit, weight in weighed) % 11
    return int(found["check"]) == {10: 0, 11: 5}.get(rest, rest)


def ups_adds_up(number: str) -> bool:
    """Check what follows 1Z: letters count as (place + 1) modulo 10, every second one twice."""
    values = [_ups_value(sign) for sign in number[2:]]
    odd, even = sum(values[:-1:2]), sum(values[1:-1:2])
    return (odd + 2 * even + values[-1]) % 10 == 0


def mod10_adds_up(number: str) -> bool:
    """Check digits as GS1 does: from the right, every second one counts three times."""
    digits = [int(sign) for sign in reversed(number)]
    return (sum(digits[::2]) + 3 * sum(digits[1::2])) % 10 == 0


def mod7_adds_up(number: str) -> bool:
    """Check a waybill of DHL Express: its last digit is the rest of the others by 7."""
    return int(number[:-1]) % 7 == int(number[-1])


def _ups_value(sign: str) -> int:
    return int(sign) if sign.isdigit() else (ord(sign) - ord("A") + 2) % 10


def _without_zip(number: str) -> bool:
    """Check what follows the 420 and the ZIP code of a whole barcode of the USPS."""
    return any(mod10_adds_up(number[-length:]) for length in (22, 26) if _is_tail(number, length))


def _is_tail(number: str, length: int) -> bool:
    return len(number) - length in {8, 12} and number[-length] == "9"


def _named(readings: Iterable[Reading]) -> Sequence[Carrier]:
    return list(dict.fromkeys(one.carrier for one in readings if one.carrier is not None))


def _shape(text: str) -> re.Pattern[str]:
    return re.compile(text, re.ASCII)


_FORMATS = (
    _Format(Carrier.UPS, _shape(r"1Z[0-9A-Z]{15}\d"), ups_adds_up),
    # Package identification codes, then the barcode with the destination's ZIP code before one.
    _Format(Carrier.USPS, _shape(r"9[1-5]\d{20}(\d{4})?"), mod10_adds_up),
    _Format(Carrier.USPS, _shape(r"(0[1-9]|[27]\d)\d{18}"), mod10_adds_up),
    _Format(Carrier.USPS, _shape(r"420(\d{5}|\d{9})9[1-5]\d{20}(\d{4})?"), _without_zip),
    # A waybill, the pieces of one, the parcels of DHL eCommerce and of DHL in Germany.
    _Format(Carrier.DHL, _shape(r"\d{10}"), mod7_adds_up),
    _Format(Carrier.DHL, _shape(r"J[A-Z]{1,3}\d{10,20}")),
    _Format(Carrier.DHL, _shape(r"GM\d{10,20}")),
    _Format(Carrier.DHL, _shape(r"00340\d{15}"), mod10_adds_up),
    # A consignment is a place of lodgement and seven digits; an article of it says what it is as
    # well. Australia Post tells its contract customers the check digit, and nobody else.
    _Format(Carrier.AUSTRALIA_POST, _shape(r"[A-Z0-9]{3,5}\d{7}"), is_local=True),
    _Format(Carrier.AUSTRALIA_POST, _shape(r"[A-Z0-9]{3,5}\d{18}"), is_local=True),
    _Format(Carrier.AUSTRALIA_POST, _shape(r"99\d{14,21}")),
)
