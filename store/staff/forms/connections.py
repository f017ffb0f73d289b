"""Reads who is to be connected: a token with its scopes, or an address with what it is told of."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, StringField
from wtforms.validators import AnyOf, DataRequired, Length, ValidationError

from store.connections import endpoints, tokens
from store.connections.models import CHOSEN_KINDS, Endpoint, Scope
from store.orders.readdressing import one_line

DAYS: dict[str, LazyString] = {
    "30": _l("After 30 days"),
    "90": _l("After 90 days"),
    "365": _l("After a year"),
    "0": _l("Never"),
}


def _trim(text: str | None) -> str:
    return one_line(text or "")


class TickedField(Field):
    """The values of all boxes of one name that are ticked."""

    data: list[str]

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist[:50]


def _some_of(known: Collection[str], missing: LazyString) -> Callable[[Form, Field], None]:
    def check(_form: Form, field: Field) -> None:
        if not field.data or not set(field.data) <= set(known):
            raise ValidationError(missing)

    return check


class TokenForm(Form):
    name = StringField(
        filters=[_trim],
        validators=[
            DataRequired(_l("Whose token is it? A name tells it from others.")),
            Length(max=80, message=_l("Keep it under 80 characters.")),
        ],
    )
    scopes = TickedField(
        validators=[_some_of(set(Scope), _l("Choose at least one thing that it may do."))]
    )
    days = StringField(default="90", validators=[AnyOf(list(DAYS), _l("Choose one."))])

    def to_wanted(self, now: datetime) -> tokens.Wanted:
        days = int(self.days.data or 0)
        return tokens.Wanted(
            name=self.name.data or "",
            scopes=[Scope(scope) for scope in self.scopes.data],
            expires_at=now + timedelta(days=days) if days else None,
        )


class EndpointForm(Form):
    name = StringField(
        filters=[_trim],
        validators=[
            DataRequired(_l("Who listens there? A name tells it from others.")),
            Length(max=80, message=_l("Keep it under 80 characters.")),
        ],
    )
    url = StringField(
        filters=[_trim],
        validators=[
            DataRequired(_l("Write the address that is told.")),
            Length(max=2_000, message=_l("Keep it under 2,000 characters.")),
        ],
    )
    kinds = TickedField(
        validators=[_some_of(set(CHOSEN_KINDS), _l("Choose at least one thing to tell."))]
    )

    @classmethod
    def of(cls, endpoint: Endpoint) -> "EndpointForm":
        return cls(data={"name": endpoint.name, "url": endpoint.url, "kinds": endpoint.kinds})

    def to_wanted(self) -> endpoints.Wanted:
        return endpoints.Wanted(self.name.data or "", self.url.data or "", list(self.kinds.data))
