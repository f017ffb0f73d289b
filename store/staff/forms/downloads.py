"""Reads how many more downloads a reader may have, and for how long."""

from flask_babel import lazy_gettext as _l
from wtforms import Form, IntegerField
from wtforms.validators import InputRequired, NumberRange

from store.settings import Settings

MOST_TIMES, MOST_DAYS = 100, 3_650


class GrantForm(Form):
    times = IntegerField(
        validators=[
            InputRequired(_l("Write a number.")),
            NumberRange(0, MOST_TIMES, _l("From 0 to 100.")),
        ]
    )
    days = IntegerField(
        validators=[
            InputRequired(_l("Write a number.")),
            NumberRange(1, MOST_DAYS, _l("From 1 to 3,650.")),
        ]
    )

    @classmethod
    def usual(cls, settings: Settings) -> "GrantForm":
        """Return the form with what every buyer gets."""
        return cls(data={"times": settings.download_limit, "days": settings.download_days})
