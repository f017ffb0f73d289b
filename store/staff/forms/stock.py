"""Reads what staff say of the shelves, as they typed it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from wtforms import Form, IntegerField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange

from store.inventory.models import MovementKind

MOST_UNITS = 1_000_000
COUNT = "count"
REASONS = (
    (MovementKind.RECEIVE.value, _l("Received: units came in")),
    (COUNT, _l("Counted: so many lie there")),
    (MovementKind.ADJUST.value, _l("Corrected: more or fewer, such as -2")),
    (MovementKind.DAMAGE.value, _l("Damaged or lost: units to take away")),
    (MovementKind.RETURN.value, _l("Returned: units that came back")),
)
WORDS = {
    MovementKind.RECEIVE.value: _l("Received"),
    MovementKind.ADJUST.value: _l("Corrected"),
    MovementKind.SALE.value: _l("Shipped"),
    MovementKind.RETURN.value: _l("Came back"),
    MovementKind.DAMAGE.value: _l("Damaged"),
    MovementKind.IMPORT.value: _l("Imported"),
}
_NAME = re.compile(r"(?P<prefix>units|was)-(?P<variant>\d{1,9})")


def _trim(text: str | None) -> str:
    return " ".join((text or "").split())


class MovementForm(Form):
    kind = StringField(validators=[AnyOf([value for value, _words in REASONS], _l("Choose one."))])
    quantity = IntegerField(
        validators=[
            InputRequired(_l("Say how many; a whole number.")),
            NumberRange(-MOST_UNITS, MOST_UNITS, _l("That is more than any shelf holds.")),
        ]
    )
    cause = StringField(
        filters=[_trim],
        validators=[
            InputRequired(_l("Say why: whoever asks next month will want to know.")),
            Length(max=80, message=_l("Keep the reason under 80 characters; there is a note.")),
        ],
    )
    note = StringField(
        filters=[_trim], validators=[Length(max=400, message=_l("Keep the note under 400."))]
    )

    @property
    def delta(self) -> int:
        """The signed change that the number means for this kind."""
        number = self.quantity.data or 0
        return -abs(number) if self.kind.data == MovementKind.DAMAGE else number

    @property
    def is_count(self) -> bool:
        return bool(self.kind.data == COUNT)


class DeliveryForm(Form):
    lines = TextAreaField(
        validators=[
            InputRequired(_l("Paste at least one line: a SKU and how many.")),
            Length(max=60_000, message=_l("That is too much for one delivery; send it in parts.")),
        ]
    )
    reference = StringField(
        filters=[_trim],
        validators=[Length(max=80, message=_l("Keep the reference under 80 characters."))],
    )


@dataclass(frozen=True, slots=True)
class CountSheet:
    """A counting form as it came: numbers by variant, and what could not be read."""

    units: Mapping[int, int]
    wrong: Mapping[int, str]


def read_count(posted: Mapping[str, str], prefix: str = "units") -> CountSheet:
    """Return the fields units-<variant>; an empty one was not counted."""
    units, wrong = dict[int, int](), dict[int, str]()
    for name, typed in posted.items():
        found, text = _NAME.fullmatch(name), typed.strip()
        if not found or found["prefix"] != prefix or not text:
            continue
        variant_id = int(found["variant"])
        if text.isascii() and text.isdigit() and len(text) <= 7:
            units[variant_id] = int(text)
        else:
            wrong[variant_id] = typed[:40]
    return CountSheet(units, wrong)
