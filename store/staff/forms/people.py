"""Reads whom to invite, and what somebody may do from now on."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import Form, StringField
from wtforms.validators import AnyOf, DataRequired, Length

from store.staff.people import LONGEST_NAME
from store.staff.roles import Role

LONGEST_EMAIL = 255
ROLE_WORDS: dict[Role, LazyString] = {
    Role.OWNER: _l("Everything, and who works here."),
    Role.MANAGER: _l("Everything but who works here."),
    Role.FULFILMENT: _l("Orders, parcels and stock; no money back."),
    Role.EDITOR: _l("Products, pages, the block under stories, inboxes and reports."),
    Role.ANALYST: _l("Looks at orders, stock, reports and changes; changes nothing."),
}


def _trim(text: str | None) -> str:
    return (text or "").strip()


class RoleForm(Form):
    role = StringField(validators=[AnyOf(list(Role), message=_l("Choose one of the roles."))])

    def to_role(self) -> Role:
        return Role(self.role.data or "")


class InvitationForm(RoleForm):
    name = StringField(
        filters=[_trim],
        validators=[
            DataRequired(_l("What do colleagues call this person?")),
            Length(max=LONGEST_NAME, message=_l("That is too long; what they go by is enough.")),
        ],
    )
    email = StringField(
        filters=[_trim],
        validators=[
            DataRequired(_l("The invitation goes to an e-mail address.")),
            Length(max=LONGEST_EMAIL, message=_l("That is too long for an address.")),
        ],
    )
