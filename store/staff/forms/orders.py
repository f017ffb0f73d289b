"""Reads what staff say of an order, as they typed it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, HiddenField, StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, Length

from store.digits import whole_number
from store.money import Money, decimals
from store.orders.listing import Parcels, View, Wanted
from store.orders.models import Order, OrderState
from store.orders.notes import LONGEST_NOTE
from store.orders.readdressing import Destination, one_line
from store.orders.refund_plans import RefundWish
from store.orders.shipping import Parcel
from store.staff.forms.tracking import DoubtedForm
from store.story_urls import normal_url

LONGEST_REASON = 200
_UNITS = re.compile(r"units-(\d{1,12})", re.ASCII)
_AMOUNT = re.compile(r"(\d{1,12}|\d{1,3}(?:,\d{3}){1,3})(\.\d{1,3})?", re.ASCII)
Choice = TypeVar("Choice", bound=StrEnum)


def _trim(text: str | None) -> str:
    return one_line(text or "")


def read_wanted(asked: Mapping[str, str], *, may_search_people: bool) -> Wanted:
    """Return which orders an address asks for; what makes no sense in it is left out.

    Who asks for nothing sees what is to be packed, and who looks for something looks everywhere.
    """
    wanted = Wanted(
        view=_choice(View, asked.get("view", "")) or View.ALL,
        state=_choice(OrderState, asked.get("state", "")),
        parcels=_choice(Parcels, asked.get("parcels", "")),
        since=_day(asked.get("since", "")),
        until=_day(asked.get("until", "")),
        goods=one_line(asked.get("goods", ""))[:200],
        story=normal_url(asked.get("story", "")),
        words=one_line(asked.get("q", ""))[:200],
        may_search_people=may_search_people,
    )
    is_named = bool(asked.get("view")) or wanted.is_narrowed
    return wanted if is_named else replace(wanted, view=View.TO_SHIP)


class NoteForm(Form):
    text = TextAreaField(
        filters=[lambda text: (text or "").replace("\r\n", "\n").strip()],
        validators=[
            DataRequired(_l("Write something first.")),
            Length(max=LONGEST_NOTE, message=_l("Keep a note under 2,000 characters.")),
        ],
    )


class AddressForm(Form):
    name = StringField(
        filters=[_trim],
        validators=[
            DataRequired(_l("A parcel needs a name.")),
            Length(max=200, message=_l("Keep the name under 200 characters.")),
        ],
    )
    line1 = StringField(
        filters=[_trim],
        validators=[
            DataRequired(_l("Say the street and the number.")),
            Length(max=200, message=_l("Keep a line under 200 characters.")),
        ],
    )
    line2 = StringField(filters=[_trim], validators=[Length(max=200, message=_l("Too long."))])
    city = StringField(
        filters=[_trim],
        validators=[
            DataRequired(_l("Say the town or suburb.")),
            Length(max=120, message=_l("Too long.")),
        ],
    )
    state = StringField(filters=[_trim], validators=[Length(max=120, message=_l("Too long."))])
    postal_code = StringField(
        filters=[_trim], validators=[Length(max=20, message=_l("Too long for a postcode."))]
    )
    country = StringField(filters=[_trim])
    phone = StringField(filters=[_trim], validators=[Length(max=40, message=_l("Too long."))])
    version = HiddenField()

    @classmethod
    def of(cls, to: Destination) -> "AddressForm":
        """Return the form with where the order goes now."""
        return cls(data={**to.address, "name": to.name, "phone": to.phone, "version": to.version})

    def to_destination(self) -> Destination:
        parts = ("line1", "line2", "city", "state", "postal_code", "country")
        return Destination(
            name=self.name.data or "",
            phone=self.phone.data or "",
            address={part: self[part].data or "" for part in parts},
            version=whole_number(str(self.version.data or "")) or 0,
        )


@dataclass(frozen=True, slots=True)
class Units:
    """The fields units-<line> as they came: what was read, and what was typed instead."""

    read: Mapping[int, int]
    typed: Mapping[int, str]
    wrong: Mapping[int, str]


class ParcelForm(DoubtedForm):
    seen = HiddenField()

    def to_parcel(self, units: Units) -> Parcel:
        chosen = {line_id: number for line_id, number in units.read.items() if number}
        return Parcel(chosen, self.carrier.data or "", self.tracking.data or "")


class How(StrEnum):
    """What a refund is reckoned by."""

    EVERYTHING = "everything"
    LINES = "lines"
    AMOUNT = "amount"


class RefundForm(Form):
    how = StringField(default=How.LINES.value, validators=[AnyOf(list(How), _l("Choose one."))])
    shipping = BooleanField()
    amount = StringField(filters=[_trim])
    returns = BooleanField()
    reason = StringField(
        filters=[_trim],
        validators=[Length(max=LONGEST_REASON, message=_l("Keep it under 200 characters."))],
    )
    seen = HiddenField()

    def to_wish(self, order: Order, units: Units) -> RefundWish | None:
        """Return what to give back, or None with the errors in their fields."""
        how, amount = How(self.how.data or ""), None
        if how is How.AMOUNT:
            amount = amount_of(self.amount.data or "", order.currency)
            if amount is None:
                words = _("Write an amount above zero, such as 12.50.")
                self.amount.errors = [*self.amount.errors, words]
                return None
        named = {line_id: number for line_id, number in units.read.items() if number}
        has_shipping = bool(self.shipping.data)
        if how is How.LINES and not named and not has_shipping:
            self.how.errors = [*self.how.errors, _("Say how many units, or tick the shipping.")]
            return None
        is_named = how is How.LINES
        return RefundWish(
            amount=amount,
            units=named if is_named else {},
            shipping=has_shipping and is_named,
            reason=self.reason.data or "",
            returns=bool(self.returns.data),
            seen=whole_number(str(self.seen.data or "")),
        )


def read_units(posted: "MultiDict[str, str]", most: Mapping[int, int]) -> Units:
    """Read units-<line> for each line that may have some; empty is none of it."""
    read, typed, wrong = dict[int, int](), dict[int, str](), dict[int, str]()
    for name, given in posted.items():
        found = _UNITS.fullmatch(name)
        if found is None or int(found[1]) not in most:
            continue
        line_id, number = int(found[1]), whole_number(given.strip() or "0")
        typed[line_id] = given[:20]
        if number is None or number > most[line_id]:
            wrong[line_id] = str(_("From 0 to %(most)s.", most=most[line_id]))
        else:
            read[line_id] = number
    return Units(read, typed, wrong)


def amount_of(typed: str, currency: str) -> Money | None:
    """Return an exact amount above zero; None for everything else."""
    text = typed.strip().removeprefix("$").strip()
    if not _AMOUNT.fullmatch(text):
        return None
    try:
        minor = Decimal(text.replace(",", "")).scaleb(decimals(currency))
    except InvalidOperation:
        return None
    is_exact = minor == minor.to_integral_value() and minor > 0
    return Money(int(minor), currency) if is_exact else None


def _choice(choices: type[Choice], asked: str) -> Choice | None:
    return choices(asked) if asked in set(choices) else None


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
