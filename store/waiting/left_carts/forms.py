"""Reads the box that a reader ticks to have her cart mailed: unticked it is no consent."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, Form, StringField
from wtforms.validators import InputRequired, Length

from store.newsletter.forms import LONGEST_EMAIL
from store.waiting.left_carts.wording import WORDINGS


def _trim(text: str | None) -> str:
    return (text or "").strip()


class LinkForm(Form):
    email = EmailField(
        filters=[_trim],
        validators=[
            InputRequired(_l("Type the address that the link goes to.")),
            Length(max=LONGEST_EMAIL, message=_l("That is longer than an address may be.")),
        ],
    )
    agrees = BooleanField(
        validators=[InputRequired(_l("Tick the box: without it nothing is mailed."))],
        false_values=(False, "", "0", "false"),
    )
    website = StringField()
    """Nobody sees it, so nobody fills it in who reads the page."""
    wording = StringField(filters=[_trim])

    @property
    def is_from_a_robot(self) -> bool:
        return bool(self.website.data)

    @property
    def agreed(self) -> str:
        """Return the version of the words that the page showed, if it is one of ours."""
        return self.wording.data if self.wording.data in WORDINGS else ""
