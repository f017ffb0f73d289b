"""Reads who gets what costs nothing, and where it goes, as typed."""

import re
from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, StringField
from wtforms.validators import DataRequired, Length

from store.mail.outgoing import UnmailableError, mailable
from store.orders.readdressing import PARTS, one_line
from store.payments.gateway import Recipient

STATES_NEEDED = frozenset({"AU", "CA", "US"})
TOO_LONG = _l("Keep a line under 200 characters.")


def _trim(text: str | None) -> str:
    return one_line(text or "")


class RecipientForm(Form):
    email = StringField(
        filters=[_trim],
        validators=[DataRequired(_l("Where shall the receipt go?")), Length(max=320)],
    )
    name = StringField(
        filters=[_trim],
        validators=[DataRequired(_l("Say whose it is.")), Length(max=200, message=TOO_LONG)],
    )


class ParcelForm(RecipientForm):
    """Whom it is for and where the parcel goes."""

    line1 = StringField(
        filters=[_trim],
        validators=[
            DataRequired(_l("Say the street and the number.")),
            Length(max=200, message=TOO_LONG),
        ],
    )
    line2 = StringField(filters=[_trim], validators=[Length(max=200, message=TOO_LONG)])
    city = StringField(
        filters=[_trim],
        validators=[
            DataRequired(_l("Say the town or suburb.")),
            Length(max=120, message=_l("Keep it under 120 characters.")),
        ],
    )
    state = StringField(
        filters=[_trim], validators=[Length(max=120, message=_l("Keep it under 120 characters."))]
    )
    postal_code = StringField(
        filters=[_trim], validators=[Length(max=20, message=_l("That is too long for a postcode."))]
    )
    country = StringField(filters=[_trim])


def to_recipient(form: RecipientForm, countries: Sequence[str]) -> Recipient | None:
    """Return whom it is for; None with the errors beside their fields."""
    is_valid = form.validate()
    _check_email(form)
    if isinstance(form, ParcelForm):
        _check_place(form, countries)
    if not is_valid or any(field.errors for field in form):
        return None
    parts = {part: str(form[part].data or "") for part in PARTS if part in form}
    return Recipient(
        email=form.email.data or "",
        name=form.name.data or "",
        phone="",
        address={part: line for part, line in parts.items() if line},
    )


def _check_email(form: RecipientForm) -> None:
    if form.email.errors:
        return
    try:
        form.email.data = mailable(form.email.data or "")
    except UnmailableError:
        form.email.errors = [_("That is no e-mail address. It looks like name@example.org.")]


def _check_place(form: ParcelForm, countries: Sequence[str]) -> None:
    country = form.country.data or ""
    if country not in countries:
        form.country.errors = [_("Choose a country from the list.")]
    if country in STATES_NEEDED and not form.state.data:
        form.state.errors = [_("Say the state.")]
    if country == "AU" and not re.fullmatch(r"\d{4}", form.postal_code.data or "", re.ASCII):
        form.postal_code.errors = [_("An Australian postcode has four digits.")]
