"""Reads on what terms something is sold before it is here, as staff typed them."""

from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, Form, IntegerField, StringField
from wtforms.validators import AnyOf, NumberRange, Optional, ValidationError

from store.staff.waiting import AheadTerms

MOST_TO_COME = 1_000_000
AHEAD, HERE = "ahead", "here"
UNREADABLE = _l("Give a day such as 2027-01-12.")
NO_NUMBER = _l("A whole number, or nothing where nobody counts them.")


class AheadForm(Form):
    sold = StringField(validators=[AnyOf([AHEAD, HERE], _l("Choose one."))])
    ships_on = DateField(validators=[Optional()])
    to_come = IntegerField(
        validators=[Optional(), NumberRange(0, MOST_TO_COME, _l("From 0 to a million."))]
    )
    all_variants = BooleanField(false_values=(False, "", "0", "false"))
    today = date.min

    @classmethod
    def of(cls, terms: AheadTerms) -> "AheadForm":
        return cls(
            data={
                "sold": AHEAD if terms.is_ahead else HERE,
                "ships_on": terms.ships_on,
                "to_come": terms.to_come,
            }
        )

    def validate_ships_on(self, field: DateField) -> None:
        if self.sold.data == AHEAD and field.data is not None and field.data < self.today:
            raise ValidationError(_l("That day has passed: readers would wait for nothing."))

    def typed(self, name: str) -> str:
        """Return what stands in a field, also where it made no sense."""
        field = self[name]
        if field.raw_data:
            return str(field.raw_data[0])
        return "" if field.data is None else str(field.data)

    def error(self, name: str) -> str:
        """Return the first thing wrong with a field, in our words."""
        errors = self[name].errors
        if not errors:
            return ""
        if self[name].data is None and name in {"ships_on", "to_come"}:
            return str(UNREADABLE if name == "ships_on" else NO_NUMBER)
        return str(errors[0])

    def to_terms(self) -> AheadTerms:
        """Return the terms; what is not sold ahead has neither a day nor a number."""
        if self.sold.data != AHEAD:
            return AheadTerms(is_ahead=False)
        return AheadTerms(True, self.ships_on.data, self.to_come.data)
