"""Reads what a reader typed to find an order again."""

from wtforms import EmailField, Form
from wtforms.validators import Length

from store.mail.outgoing import UnmailableError

LONGEST_EMAIL = 320


class FindForm(Form):
    email = EmailField(
        filters=[lambda text: (text or "").strip()], validators=[Length(max=LONGEST_EMAIL)]
    )

    def to_email(self) -> str:
        """Return the address as it was typed; UnmailableError where it is longer than any is."""
        if not self.validate():
            raise UnmailableError("longer than an address may be")
        return self.email.data or ""
