"""Reads what a reader types who would like to stand in line."""

from wtforms import EmailField, Form, StringField
from wtforms.validators import Length

from store.mail.outgoing import UnmailableError
from store.newsletter.forms import LONGEST_EMAIL
from store.waiting.last_unit.wording import WORDINGS


def _trim(text: str | None) -> str:
    return (text or "").strip()


class PlaceForm(Form):
    email = EmailField(filters=[_trim], validators=[Length(max=LONGEST_EMAIL)])
    website = StringField()
    """Nobody sees it, so nobody fills it in who reads the page."""
    wording = StringField(filters=[_trim])

    @property
    def is_from_a_robot(self) -> bool:
        return bool(self.website.data)

    @property
    def typed(self) -> str:
        return (self.email.data or "")[:LONGEST_EMAIL]

    @property
    def agreed(self) -> str:
        """Return the version of the words that the page showed, if it is one of ours."""
        return self.wording.data if self.wording.data in WORDINGS else ""

    def to_email(self) -> str:
        """Return the address, or nothing where none was given; UnmailableError for anything else.

        Whether mail reaches it is checked by whoever keeps it.
        """
        if not self.validate():
            raise UnmailableError("longer than an address may be")
        return self.email.data or ""
