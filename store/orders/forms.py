"""Reads what a reader typed about her orders."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import EmailField, Form, HiddenField, StringField
from wtforms.validators import DataRequired, Length

from store.digits import whole_number
from store.mail.outgoing import UnmailableError
from store.orders.readdressing import Destination, one_line
from store.orders.returning.asking import WishedLine
from store.orders.returning.models import Why

LONGEST_EMAIL = 320
LONGEST_NOTE = 1_000
_LINE = re.compile(r"units-(\d{1,12})", re.ASCII)


class FindForm(Form):
    email = EmailField(
        filters=[lambda text: (text or "").strip()], validators=[Length(max=LONGEST_EMAIL)]
    )

    def to_email(self) -> str:
        """Return the address as it was typed; UnmailableError where it is longer than any is."""
        if not self.validate():
            raise UnmailableError("longer than an address may be")
        return self.email.data or ""


def _trim(text: str | None) -> str:
    return one_line(text or "")


class AddressForm(Form):
    """Where the parcel goes; the country stays, because the shipping was paid to there."""

    name = StringField(
        filters=[_trim],
        validators=[
            DataRequired(_l("Say the name that stands on the parcel; any name will do.")),
            Length(max=200, message=_l("Keep the name under 200 characters.")),
        ],
    )
    line1 = StringField(
        filters=[_trim],
        validators=[
            DataRequired(_l("Say the street and the number.")),
            Length(max=200, message=_l("Keep a line under 200 characters.")),
        ],
    )
    line2 = StringField(
        filters=[_trim], validators=[Length(max=200, message=_l("Keep it under 200 characters."))]
    )
    city = StringField(
        filters=[_trim],
        validators=[
            DataRequired(_l("Say the suburb or town.")),
            Length(max=120, message=_l("Keep it under 120 characters.")),
        ],
    )
    state = StringField(
        filters=[_trim], validators=[Length(max=120, message=_l("Keep it under 120 characters."))]
    )
    postal_code = StringField(
        filters=[_trim], validators=[Length(max=20, message=_l("Too long for a postcode."))]
    )
    version = HiddenField()

    @classmethod
    def of(cls, to: Destination) -> "AddressForm":
        """Return the form with where the order goes now."""
        return cls(data={**to.address, "name": to.name, "version": to.version})

    def to_destination(self, now: Destination) -> Destination:
        """Return what was typed, in the country and with the telephone of now."""
        parts = ("line1", "line2", "city", "state", "postal_code")
        address = {part: self[part].data or "" for part in parts}
        return Destination(
            name=self.name.data or "",
            phone=now.phone,
            address={**address, "country": now.address.get("country", "")},
            version=whole_number(str(self.version.data or "")) or 0,
        )


@dataclass(frozen=True, slots=True)
class ReturnForm:
    """What shall come back, line by line: units-<line>, reason-<line>, instead-<line>."""

    wished: tuple[WishedLine, ...] = ()
    note: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    """What spoke against a field, by its name; the empty name is the whole form."""

    @classmethod
    def read(cls, posted: "MultiDict[str, str]", most: Mapping[int, int]) -> "ReturnForm":
        """Read what was posted; lines of which nothing may come back are passed over."""
        typed = {name: value[:LONGEST_NOTE] for name, value in posted.items()}
        wished, wrong = list[WishedLine](), dict[str, str]()
        for name, given in posted.items():
            found = _LINE.fullmatch(name)
            if found is None or not most.get(int(found[1])):
                continue
            line_id, units = int(found[1]), whole_number(given.strip() or "0")
            if units is None or units > most[line_id]:
                wrong[name] = str(_("From 0 to %(most)s.", most=most[line_id]))
            elif units:
                reason = typed.get(f"reason-{line_id}", "")
                if reason not in set(Why):
                    wrong[f"reason-{line_id}"] = str(_("Say why."))
                    continue
                swap = whole_number(typed.get(f"instead-{line_id}", ""))
                wished.append(WishedLine(line_id, units, Why(reason), swap))
        note = typed.get("note", "").replace("\r\n", "\n").strip()
        if not wished and not wrong:
            wrong[""] = str(_("Say how many of what you would like to send back."))
        return cls(tuple(wished), note, typed, wrong)
