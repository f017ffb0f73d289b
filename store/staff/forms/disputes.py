"""Reads what staff say to a dispute, as they typed it."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form, TextAreaField
from wtforms.validators import Length

from store.orders.disputing.answering import LONGEST_STATEMENT


def _tidy(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").strip()


class AnswerForm(Form):
    statement = TextAreaField(
        filters=[_tidy],
        validators=[
            Length(max=LONGEST_STATEMENT, message=_l("Keep it under 8,000 characters.")),
        ],
    )
    names_goods = BooleanField()
