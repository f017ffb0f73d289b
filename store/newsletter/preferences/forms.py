"""Reads what a reader chose on the page of her preferences."""

from wtforms import Form, StringField

from store.newsletter.forms import TopicsField
from store.newsletter.preferences.choosing import PAUSES
from store.newsletter.topics import Topic


class TopicsForm(Form):
    topics = TopicsField()

    @property
    def chosen(self) -> tuple[Topic, ...]:
        """Return what was chosen; nothing is no choice, because leaving has its own button."""
        return self.topics.data or ()


class PauseForm(Form):
    months = StringField()

    def to_months(self) -> int:
        """Return for how long, or 0 for whoever would like to be written to again."""
        given = self.months.data or ""
        return int(given) if given in {str(months) for months in PAUSES} else 0
