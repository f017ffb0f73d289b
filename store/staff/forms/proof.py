"""What a person shows to be who she is: a code, or her password."""

from flask_babel import lazy_gettext as _l
from wtforms import Form, PasswordField, StringField
from wtforms.validators import DataRequired, Length

LONGEST_CODE = 40
LONGEST_PASSWORD = 1000


class CodeForm(Form):
    code = StringField(
        validators=[
            DataRequired(_l("Type the code first.")),
            Length(max=LONGEST_CODE, message=_l("That is longer than any code.")),
        ]
    )

    @property
    def typed(self) -> str:
        return self.code.data or ""

    @property
    def error(self) -> str:
        return str(next(iter(self.code.errors), ""))


class PasswordForm(Form):
    password = PasswordField(
        validators=[
            DataRequired(_l("Type your password first.")),
            Length(max=LONGEST_PASSWORD, message=_l("That is longer than any password here.")),
        ]
    )

    @property
    def typed(self) -> str:
        return self.password.data or ""

    @property
    def error(self) -> str:
        return str(next(iter(self.password.errors), ""))
