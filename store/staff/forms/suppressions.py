"""Reads an address that staff look up, and why it shall be written to or not."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, Form, StringField, ValidationError
from wtforms.validators import DataRequired, Length

from store.mail.outgoing import UnmailableError, mailable

LONGEST_WORDS = 300


def _trim(text: str | None) -> str:
    return (text or "").strip()


class AddressForm(Form):
    email = EmailField(filters=[_trim])

    def validate_email(self, field: EmailField) -> None:
        try:
            mailable(field.data or "")
        except UnmailableError:
            raise ValidationError(_l("That is no e-mail address.")) from None

    def to_email(self) -> str:
        return mailable(self.email.data or "")


class ReasonForm(AddressForm):
    words = StringField(
        filters=[_trim],
        validators=[
            DataRequired(_l("Fill this in first.")),
            Length(max=LONGEST_WORDS, message=_l("That is too long.")),
        ],
    )

    def to_words(self) -> str:
        return self.words.data or ""
