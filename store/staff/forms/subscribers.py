"""Reads on whose word a list of addresses is brought in: where and when its people agreed."""

from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from store.newsletter.forms import TopicsField
from store.newsletter.importing.bringing_in import Statement
from store.newsletter.topics import EVERYTHING

OLDEST = date(1995, 1, 1)
LONGEST_STATEMENT = 300


def _trim(text: str | None) -> str:
    return " ".join((text or "").split())


class ListForm(Form):
    agreed_where = StringField(
        filters=[_trim],
        validators=[
            DataRequired(_l("Say where they agreed: it stands beside each of them, for good.")),
            Length(min=8, message=_l("Say it so that somebody else could find it again.")),
            Length(max=LONGEST_STATEMENT, message=_l("Keep it under 300 characters.")),
        ],
    )
    agreed_on = StringField(filters=[_trim], validators=[DataRequired(_l("Say when they agreed."))])
    topics = TopicsField(default=EVERYTHING)
    states = BooleanField(
        validators=[InputRequired(_l("Tick the box: without it nobody is asked."))],
        false_values=(False, "", "0", "false"),
    )

    def to_statement(self, made_by: str, now: datetime) -> Statement | None:
        """Return what staff state; None with the errors beside the fields."""
        is_valid, day = self.validate(), self._day(now.date())
        if not self.topics.data:
            self.topics.errors = [_("Choose at least one.")]
        if not is_valid or day is None or not self.topics.data:
            return None
        return Statement(made_by, self.agreed_where.data or "", day, self.topics.data)

    def _day(self, today: date) -> date | None:
        given = self.agreed_on.data or ""
        if not given:
            return None
        try:
            day = date.fromisoformat(given)
        except ValueError:
            self.agreed_on.errors = [_("Type a day such as 2026-03-02.")]
            return None
        if not OLDEST <= day <= today:
            self.agreed_on.errors = [_("That day cannot be: nobody agreed then.")]
            return None
        return day
