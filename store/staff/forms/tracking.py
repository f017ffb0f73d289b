"""Reads tracking numbers: one that looks wrong is handed back once, and kept when insisted on."""

from typing import Protocol

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form, HiddenField, StringField
from wtforms.validators import Length

from store.orders.carriers import Doubt, doubt_about, tidy_tracking
from store.orders.correcting import Tracking
from store.orders.models import Fulfilment
from store.orders.readdressing import one_line
from store.staff.tracking_words import doubt_words


def _trim(text: str | None) -> str:
    return one_line(text or "")


class HasTracking(Protocol):
    carrier: StringField
    tracking: StringField


class DoubtedForm(Form):
    """A form with a carrier and a number; `keeps` repeats the number that somebody insists on."""

    carrier = StringField(
        filters=[_trim], validators=[Length(max=80, message=_l("Keep it under 80 characters."))]
    )
    tracking = StringField(
        filters=[_trim], validators=[Length(max=120, message=_l("Keep it under 120 characters."))]
    )
    keeps = StringField()
    mails = BooleanField()
    doubted = ""
    """The number that looks wrong; the page then offers to keep it."""

    def is_doubted(self, doubt: Doubt | None) -> bool:
        """Hand a number back with what speaks against it, unless somebody insists on it."""
        number = tidy_tracking(self.tracking.data or "")
        if doubt is None or self.keeps.data == number:
            return False
        self.doubted = number
        self.tracking.errors = [*self.tracking.errors, doubt_words(doubt)]
        return True


class TrackingForm(DoubtedForm):
    seen_carrier = HiddenField()
    seen_tracking = HiddenField()

    @classmethod
    def of(cls, parcel: Fulfilment) -> "TrackingForm":
        """Return the form with what is known of the parcel now."""
        now = Tracking.of(parcel)
        return cls(
            data={
                "carrier": now.carrier,
                "tracking": now.number,
                "seen_carrier": now.carrier,
                "seen_tracking": now.number,
                "mails": True,
            }
        )

    def to_tracking(self) -> Tracking:
        return Tracking(self.carrier.data or "", self.tracking.data or "")

    def to_seen(self) -> Tracking:
        return Tracking(str(self.seen_carrier.data or ""), str(self.seen_tracking.data or ""))


def doubt_of(form: HasTracking, *, to: str, home: str) -> Doubt | None:
    """Return what speaks against the number that was typed."""
    return doubt_about(form.tracking.data or "", form.carrier.data or "", to=to, home=home)
