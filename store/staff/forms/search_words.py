"""Reads words that mean the same, as staff typed them."""

from flask_babel import lazy_gettext as _l
from wtforms import Form, StringField
from wtforms.validators import InputRequired, Length

from store.catalog.synonyms import LONGEST_LINE


class LineForm(Form):
    words = StringField(
        validators=[
            InputRequired(_l("Fill this in first.")),
            Length(max=LONGEST_LINE, message=_l("That is too long.")),
        ]
    )

    def to_line(self) -> str:
        return self.words.data or ""
