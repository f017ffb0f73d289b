"""The words that ship with the mail about a day that moved."""

from flask_babel import lazy_gettext as _l

from store.mail.wording import ReaderMail

NEW_DATE = ReaderMail(
    template="orders/new_date",
    title=_l("Pre-order: another date"),
    cause=_l("Sent when the day changes on which something that was ordered ahead leaves."),
    carries=_l(
        "What it is about, the new day and the one before, the link to the order, and the way to"
        " call it off where it became later."
    ),
    subject=_l("{{ sender }}: order {{ number }} leaves on another day"),
    opening=_l("Something that you ordered ahead, in order {{ number }}, has another day now."),
    closing=_l("If the new day suits you, there is nothing to do."),
    own_names=("number",),
)
READER_MAILS = (NEW_DATE,)
