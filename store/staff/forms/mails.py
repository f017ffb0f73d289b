"""Reads which mails of the house somebody wants."""

from wtforms import BooleanField, Form

from store.orders.messages import ATTENTION, NEW


class MailsForm(Form):
    new = BooleanField()
    attention = BooleanField()

    def to_kinds(self) -> set[str]:
        ticked = {NEW: self.new.data, ATTENTION: self.attention.data}
        return {kind for kind, is_wanted in ticked.items() if is_wanted}
