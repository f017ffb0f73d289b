"""Reads what staff say of the brand, and whether its colours can be read on our paper."""

from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, StringField
from wtforms.fields import Field
from wtforms.validators import Length, Regexp, ValidationError

from store.content.accent import (
    LEAST,
    day_contrast,
    day_match,
    is_colour,
    night_contrast,
    night_match,
)
from store.mail.letterhead import NAMES
from store.mail.outgoing import UnmailableError, mailable
from store.settings import MOST_RETURN_DAYS

STATEMENT = r"^([A-Za-z0-9 .-]{5,22})?$"
"""As the setting has it: what Stripe prints on a card statement."""


LONGEST_NUMBER = 9


def _line(text: str | None) -> str:
    shown = "".join(char if char.isprintable() else " " for char in text or "")
    return " ".join(shown.split())


def _colour(text: str | None) -> str:
    typed = _line(text).lower()
    return f"#{typed}" if typed and not typed.startswith("#") else typed


def _words(longest: int) -> StringField:
    too_long = _l("Keep it under %(number)s characters.", number=longest)
    return StringField(filters=[_line], validators=[Length(max=longest, message=too_long)])


class BrandForm(Form):
    """Each field may stay empty: then it is as the environment says."""

    name = _words(60)
    tagline = _words(120)
    legal_name = _words(120)
    business_number = _words(40)
    address = _words(200)
    email = _words(254)
    sender = _words(40)
    statement = StringField(
        filters=[_line],
        validators=[
            Regexp(
                STATEMENT,
                message=_l("5 to 22 letters, digits, spaces, full stops or hyphens, no others."),
            )
        ],
    )
    price_note = _words(60)
    return_days = StringField(filters=[_line])
    accent = StringField(filters=[_colour])
    accent_night = StringField(filters=[_colour])

    def validate_email(self, field: Field) -> None:
        try:
            if field.data:
                mailable(field.data)
        except UnmailableError as error:
            raise ValidationError(_("That is no e-mail address.")) from error

    def validate_return_days(self, field: Field) -> None:
        typed = field.data or ""
        is_number = typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_NUMBER
        if typed and not (is_number and 1 <= int(typed) <= MOST_RETURN_DAYS):
            words = _("Write a whole number of days from 1 to %(most)s.", most=MOST_RETURN_DAYS)
            raise ValidationError(words)

    def validate_accent(self, field: Field) -> None:
        _check(field, day_contrast, day_match)

    def validate_accent_night(self, field: Field) -> None:
        _check(field, night_contrast, night_match)

    def to_words(self) -> dict[str, str]:
        """Return what was filled in, by the names of the letterhead."""
        return {name: self[name].data for name in NAMES if self[name].data}

    def sound_words(self) -> dict[str, str]:
        """Return what was filled in and may stand, after `validate`."""
        return {name: word for name, word in self.to_words().items() if not self[name].errors}


def _check(field: Field, contrast: Callable[[str], float], match: Callable[[str], str]) -> None:
    if not field.data:
        return
    if not is_colour(field.data):
        raise ValidationError(_("Write a colour as six figures behind a hash, such as #8a1c4f."))
    measured = contrast(field.data)
    if measured < LEAST:
        words = _(
            "Words in it could not be read: %(measured)s to 1 on our paper, and 4.5 is the least."
            " %(match)s would do.",
            # Cut, not rounded: 4.49 must not read as enough.
            measured=f"{int(measured * 10) / 10}",
            match=match(field.data),
        )
        raise ValidationError(words)
