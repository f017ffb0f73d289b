"""The forms of gift cards: issue one, put on or take off, void it, mail it again."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from store.catalog.importing import cells
from store.catalog.importing.formats import Field
from store.catalog.importing.notes import RowRefusedError
from store.gift_cards.issuing import Addressee
from store.mail.outgoing import UnmailableError, mailable
from store.money import Money, smallest_charge_step

NO_ADDRESS = _l("That is no e-mail address. It looks like name@example.org.")


def _trim(text: str | None) -> str:
    return " ".join((text or "").split())


class ReasonForm(Form):
    """Why something is done by hand: it stands in the ledger and in the audit."""

    reason = StringField(
        filters=[_trim],
        validators=[
            DataRequired(_l("Say why; it stands in the ledger.")),
            Length(max=200, message=_l("Keep it under 200 characters.")),
        ],
    )

    def to_reason(self) -> str | None:
        """Return the reason; None with the error beside it."""
        return (self.reason.data or "") if self.validate() else None


class AmountForm(ReasonForm):
    """An amount, above or below zero, and why."""

    amount = StringField(filters=[_trim])

    def to_amount(self, currency: str, *, may_take_off: bool) -> Money | None:
        """Return the amount; None with the error beside the field."""
        typed = (self.amount.data or "").replace("\N{MINUS SIGN}", "-")
        sign = -1 if may_take_off and typed.startswith("-") else 1
        try:
            found = cells.price(typed.removeprefix("-" if sign < 0 else "+"), Field.PRICE, currency)
        except RowRefusedError:
            found = None
        if not found or found.minor % smallest_charge_step(currency):
            self.amount.errors = [_("Write an amount such as 25 or 12.50.")]
            return None
        return found * sign


class IssueForm(AmountForm):
    """A card that nobody bought: for whom, how much, and why."""

    recipient = StringField(filters=[_trim])
    recipient_name = StringField(
        filters=[_trim], validators=[Length(max=120, message=_l("Keep it under 120 characters."))]
    )
    message = TextAreaField(
        validators=[Length(max=500, message=_l("Keep it under 500 characters."))]
    )

    def to_addressee(self) -> Addressee | None:
        """Return to whom it goes; None with the errors beside their fields."""
        is_valid = self.validate()
        try:
            recipient = mailable(self.recipient.data or "")
        except UnmailableError:
            self.recipient.errors = [str(NO_ADDRESS)]
            return None
        if not is_valid:
            return None
        message = (self.message.data or "").replace("\r\n", "\n").strip()
        return Addressee(recipient, self.recipient_name.data or "", "", message)


class SendForm(Form):
    """Where a card is mailed again."""

    recipient = StringField(filters=[_trim])

    def to_recipient(self) -> str | None:
        try:
            return mailable(self.recipient.data or "")
        except UnmailableError:
            self.recipient.errors = [str(NO_ADDRESS)]
            return None
