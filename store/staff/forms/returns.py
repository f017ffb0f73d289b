"""Reads what staff decide about a return, as they typed it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from store.digits import whole_number
from store.orders.returning.deciding import LONGEST_WORDS
from store.orders.returning.giving_back import Giving
from store.orders.returning.models import Return
from store.orders.returning.receiving import Arrived
from store.staff.forms.orders import amount_of

_UNITS = re.compile(r"(good|damaged)-(\d{1,12})", re.ASCII)


def _tidy(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").strip()


def _words() -> TextAreaField:
    return TextAreaField(
        filters=[_tidy],
        validators=[
            DataRequired(_l("Write something first: the reader is mailed these words.")),
            Length(max=LONGEST_WORDS, message=_l("Keep it under 2,000 characters.")),
        ],
    )


class ApproveForm(Form):
    instructions = _words()


class DeclineForm(Form):
    refusal = _words()


@dataclass(frozen=True, slots=True)
class ArrivedForm:
    """The fields good-<line> and damaged-<line> as they came."""

    read: Mapping[int, Arrived] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, asked: Return) -> "ArrivedForm":
        """Return the form as it is when everything came back and is good."""
        return cls(typed={f"good-{line.order_line_id}": str(line.quantity) for line in asked.lines})

    @classmethod
    def read_from(cls, posted: "MultiDict[str, str]", asked: Return) -> "ArrivedForm":
        typed = {name: value[:20] for name, value in posted.items() if _UNITS.fullmatch(name)}
        read, wrong = dict[int, Arrived](), dict[str, str]()
        for line in asked.lines:
            names = [f"{kind}-{line.order_line_id}" for kind in ("good", "damaged")]
            good, damaged = (whole_number(typed.get(name, "").strip() or "0") for name in names)
            if good is None or damaged is None or good + damaged > line.quantity:
                wrong[names[0]] = str(
                    _("Good and damaged together from 0 to %(most)s.", most=line.quantity)
                )
            else:
                read[line.order_line_id] = Arrived(good, damaged)
        if not wrong and not any(one.good + one.damaged for one in read.values()):
            wrong[""] = str(_("Say what came out of the parcel. If nothing was in it, decline it."))
        return cls(read, typed, wrong)


class GiveBackForm(Form):
    amount = StringField(filters=[_tidy])
    shipping = BooleanField()
    seen = HiddenField()

    def to_giving(self, asked: Return) -> Giving | None:
        """Return what to give back, or None with the error in its field."""
        amount = None
        if self.amount.data:
            amount = amount_of(self.amount.data, asked.order.currency)
            if amount is None:
                self.amount.errors = [_("Write an amount above zero, such as 12.50.")]
                return None
        seen = whole_number(str(self.seen.data or ""))
        return Giving(amount=amount, shipping=bool(self.shipping.data), seen=seen)
