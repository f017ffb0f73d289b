"""Reads what a reader typed into the cart's forms; whatever makes no sense is refused by name."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from wtforms import BooleanField, Form, StringField, TextAreaField
from wtforms.validators import Length

from store.cart.basket import MOST_OF_ONE, NOTE_LENGTH, TooManyUnitsError
from store.catalog.importing import cells
from store.catalog.importing.formats import Field
from store.catalog.importing.notes import RowRefusedError
from store.catalog.queries import UnknownVariantError
from store.errors import InvalidError
from store.gift_cards.issuing import Addressee
from store.mail.outgoing import UnmailableError, mailable
from store.money import Money
from store.pricing.places import LONGEST_STATE, Part, Place, asked_for
from store.pricing.rates import ShippingGroup
from store.pricing.shipping import reachable
from store.pricing.states import is_known_state, is_postcode
from store.pricing.tax import Taxes

LARGEST_ID = 2**31 - 1
LONGEST_CODE = 60
LONGEST_WAY = 120
LONGEST_NAME, LONGEST_MESSAGE = 120, 500
OWN_PRICE, SOMEBODY = "own", "somebody"
"""What the fields say when an amount of one's own, or somebody else, is meant."""
LATEST_GIFT = timedelta(days=366)
MAILED_AT = time(8)
"""When cards are mailed that wait for their day, by the clock of the shop."""
_DIGITS = re.compile(r"[0-9]{1,30}", re.ASCII)


class QuantityError(InvalidError):
    """A quantity that is no whole number, or one below what makes sense here."""

    def __init__(self, least: int) -> None:
        super().__init__(f"not a whole number from {least} to {MOST_OF_ONE}")
        self.least = least


class NoteTooLongError(InvalidError):
    """More words than a note has room for; they are kept in the form."""

    def __init__(self, length: int) -> None:
        super().__init__(f"{length} characters, at most {NOTE_LENGTH}")
        self.length = length


class UnknownCountryError(InvalidError):
    """No parcel of ours goes there."""


class NoCodeError(InvalidError):
    """The field of the code was left empty."""


class UnknownStateError(InvalidError):
    """The country has no such state."""

    def __init__(self, country: str) -> None:
        super().__init__(f"no such state in {country}")
        self.country = country


class WrongPostcodeError(InvalidError):
    """No postcode of the country looks like this."""

    def __init__(self, country: str) -> None:
        super().__init__(f"no postcode of {country}")
        self.country = country


class CodeAddressError(InvalidError):
    """Whose code it is was typed, and is no e-mail address."""


def trimmed(text: str | None) -> str:
    return (text or "").strip()


def tidied(text: str | None) -> str:
    """Return the text with plain line ends and without characters that nobody can see."""
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign == "\n" or _is_visible(sign)).strip()


def _is_visible(sign: str) -> bool:
    # Control characters and lone surrogates; joiners stay, because names and emoji need them.
    return unicodedata.category(sign) not in {"Cc", "Cs"}


class GiftError(InvalidError):
    """A gift card is to go to somebody, and what was typed about her makes no sense."""

    def __init__(self, field: str) -> None:
        super().__init__(f"{field} makes no sense")
        self.field = field


class LineForm(Form):
    """How many units, and of which variant where a new line is meant; and what is chosen of it."""

    variant_id = StringField(filters=[trimmed])
    quantity = StringField(filters=[trimmed])
    price = StringField(filters=[trimmed])
    own_price = StringField(filters=[trimmed])
    """What was typed in place of one of the suggested amounts."""
    for_whom = StringField(filters=[trimmed])
    recipient = StringField(filters=[trimmed])
    recipient_name = StringField(filters=[trimmed])
    giver = StringField(filters=[trimmed])
    message = StringField(filters=[trimmed])
    send_on = StringField(filters=[trimmed])

    def to_variant_id(self) -> int:
        """Return the variant that was chosen; UnknownVariantError for what cannot be an id."""
        number = _whole_number(self.variant_id.data)
        if number is None or number > LARGEST_ID:
            raise UnknownVariantError(0)
        return number

    def to_quantity(self, *, least: int) -> int:
        """Return the quantity, which is written in ASCII digits: "²" and "1.5" are none."""
        number = _whole_number(self.quantity.data)
        if number is None or number < least:
            raise QuantityError(least)
        if number > MOST_OF_ONE:
            raise TooManyUnitsError(number, 0)
        return number

    def to_price(self, currency: str) -> Money | None:
        """Return the price that was chosen; None without one, or where it makes no sense."""
        typed = self.price.data or ""
        if typed in {"", OWN_PRICE}:
            typed = self.own_price.data or ""
        try:
            return cells.price(typed.lstrip("$").strip(), Field.PRICE, currency)
        except RowRefusedError:
            return None

    def to_gift(self, zone: ZoneInfo, now: datetime) -> Addressee | None:
        """Return to whom a gift card goes, None for the buyer herself; raises GiftError."""
        if self.for_whom.data != SOMEBODY:
            return None
        try:
            recipient = mailable(self.recipient.data or "")
        except UnmailableError as error:
            raise GiftError("recipient") from error
        message = tidied(self.message.data)
        if len(message) > LONGEST_MESSAGE:
            raise GiftError("message")
        return Addressee(
            recipient,
            tidied(self.recipient_name.data)[:LONGEST_NAME],
            tidied(self.giver.data)[:LONGEST_NAME],
            message,
            self._send_at(zone, now),
        )

    def _send_at(self, zone: ZoneInfo, now: datetime) -> datetime | None:
        if not self.send_on.data:
            return None
        try:
            day = date.fromisoformat(self.send_on.data)
        except ValueError as error:
            raise GiftError("send_on") from error
        today = now.astimezone(zone).date()
        if not today <= day <= today + LATEST_GIFT:
            raise GiftError("send_on")
        if day == today:
            return None
        return datetime.combine(day, MAILED_AT, tzinfo=zone).astimezone(UTC)


class DestinationForm(Form):
    """Where it goes: the country, and what else its zones and taxes depend on."""

    country = StringField(filters=[trimmed, str.upper])
    region = StringField(filters=[trimmed])
    postcode = StringField(filters=[trimmed])
    asked_in = StringField(filters=[trimmed, str.upper])
    """The country whose state and postcode the page asked for; those of another are no answer."""

    def to_place(self, among: Sequence[ShippingGroup], terms: Taxes) -> Place:
        """Return the place; raises one of the errors above for what makes no sense.

        A state or postcode that was left empty can be said later: the page asks for it.
        """
        country, postcode = self.country.data or "", self.postcode.data or ""
        if country not in reachable(among):
            raise UnknownCountryError("no such destination")
        asked = {*asked_for(country, among), *terms.asked_for(country)}
        if self.asked_in.data and self.asked_in.data != country:
            return Place(country)
        place = Place.of(
            country,
            (self.region.data or "") if Part.STATE in asked else "",
            postcode if Part.POSTCODE in asked else "",
        )
        if place.state and not is_known_state(country, place.state):
            raise UnknownStateError(country)
        if len(place.state) > LONGEST_STATE:
            raise UnknownStateError(country)
        if place.postcode and not is_postcode(country, postcode):
            raise WrongPostcodeError(country)
        return place


class WayForm(Form):
    way = StringField(filters=[trimmed])

    def to_way(self) -> str:
        return (self.way.data or "")[:LONGEST_WAY]


class NoteForm(Form):
    note = TextAreaField(filters=[tidied], validators=[Length(max=NOTE_LENGTH)])
    is_gift = BooleanField(false_values=(False, "", "0", "false"))

    def to_note(self) -> str:
        """Return the note, tidied; NoteTooLongError where there is no room for it."""
        note = self.note.data or ""
        if not self.validate():
            raise NoteTooLongError(len(note))
        return note


class CodeForm(Form):
    """A code, and whose it is: the address is asked for where a code counts by it."""

    code = StringField(filters=[trimmed])
    email = StringField(filters=[trimmed])

    def to_code(self) -> str:
        """Return the code as typed; NoCodeError where there is none."""
        code = tidied(self.code.data)[:LONGEST_CODE]
        if not code:
            raise NoCodeError("no code")
        return code

    def to_email(self) -> str:
        """Return the address, "" where none was asked for; CodeAddressError for anything else."""
        email = self.email.data or ""
        if not email:
            return ""
        try:
            return mailable(email)
        except UnmailableError as error:
            raise CodeAddressError("no address") from error


def _whole_number(digits: str | None) -> int | None:
    return int(digits) if digits and _DIGITS.fullmatch(digits) else None
