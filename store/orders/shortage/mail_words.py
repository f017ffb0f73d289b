"""The words that ship with the mails about what is gone."""

from flask_babel import lazy_gettext as _l

from store.mail.wording import ReaderMail

MISSING = ReaderMail(
    template="orders/missing",
    title=_l("Paid, and gone"),
    cause=_l("Sent when what was paid for is not on the shelf any more."),
    carries=_l("What is missing, until when to choose, and the link to choose by."),
    subject=_l("{{ sender }}: please choose, order {{ number }}"),
    opening=_l(
        "Thank you for your order {{ number }}. Your payment arrived, and meanwhile the last of"
        " something in it had gone to somebody else. We are sorry. You choose what happens:"
        " wait for it, take something else, or have your money back."
    ),
    closing=_l(
        "The rest of your order is not affected. If you do not choose, your money goes back by"
        " itself."
    ),
    own_names=("number",),
)
REMINDER = ReaderMail(
    template="orders/missing_reminder",
    title=_l("Paid, and gone: a reminder"),
    cause=_l("Sent once, two days before the money goes back by itself."),
    carries=_l("What is missing, until when to choose, and the link to choose by."),
    subject=_l("{{ sender }}: two days to choose, order {{ number }}"),
    opening=_l(
        "Something in your order {{ number }} is still missing, and you have not said what you"
        " would like. You may wait for it, take something else, or have your money back."
    ),
    closing=_l("If you do not choose, your money goes back by itself. This is the only reminder."),
    own_names=("number",),
)
CHOSEN = ReaderMail(
    template="orders/missing_chosen",
    title=_l("Paid, and gone: what was chosen"),
    cause=_l("Sent when somebody has chosen, or when the time to choose is over."),
    carries=_l("What happens now, line by line, and the link to the order."),
    subject=_l("{{ sender }}: what happens with order {{ number }}"),
    opening=_l("This is what happens with what was missing in your order {{ number }}:"),
    own_names=("number",),
)
SWAPPED = ReaderMail(
    template="orders/missing_swapped",
    title=_l("Paid, and gone: something else instead"),
    cause=_l("Sent when something else is taken in place of what is gone."),
    carries=_l("What is sent, what goes back, and the link to the order that sends it."),
    subject=_l("{{ sender }}: your choice, order {{ replacement }}"),
    opening=_l(
        "In place of what was gone of order {{ number }} we send this, and you pay nothing for it,"
        " as order {{ replacement }}. We write again when it leaves."
    ),
    own_names=("number", "replacement"),
)
ARRIVED = ReaderMail(
    template="orders/missing_arrived",
    title=_l("Paid, and here after all"),
    cause=_l("Sent when what was missing is on the shelf again."),
    carries=_l("What it is, and the link to the order."),
    subject=_l("{{ sender }}: it is here, order {{ number }}"),
    opening=_l(
        "Good news of your order {{ number }}: what was missing is here and is kept for you."
        " There is nothing left to choose, and we write again when it leaves."
    ),
    own_names=("number",),
)
READER_MAILS = (MISSING, REMINDER, CHOSEN, SWAPPED, ARRIVED)
