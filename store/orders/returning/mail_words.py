"""The words that ship with the mails about returns."""

from flask_babel import lazy_gettext as _l

from store.mail.wording import ReaderMail

ASKED = ReaderMail(
    template="orders/return_asked",
    title=_l("Return asked for"),
    cause=_l("Sent when a reader asks to send something back."),
    carries=_l("What it is, and the link to the order."),
    subject=_l("{{ sender }}: your return of order {{ number }}"),
    opening=_l(
        "You would like to send back something of order {{ number }}."
        " A person reads it, most days within one working day, and mails you what comes next."
        " Please wait with the parcel until then."
    ),
    own_names=("number",),
)
APPROVED = ReaderMail(
    template="orders/return_approved",
    title=_l("Return approved"),
    cause=_l("Sent when a return is approved."),
    carries=_l("What it is, how to send it, and the link to the order."),
    subject=_l("{{ sender }}: how to send back your parcel"),
    opening=_l("You may send this back:"),
    closing=_l("Put the order number {{ number }} into the parcel, so that we know whose it is."),
    own_names=("number",),
)
DECLINED = ReaderMail(
    template="orders/return_declined",
    title=_l("Return declined"),
    cause=_l("Sent when a return is declined."),
    carries=_l("The reason, and the link to the order."),
    subject=_l("{{ sender }}: about your return of order {{ number }}"),
    opening=_l("We cannot take back what you asked about, and this is why:"),
    closing=_l("If you see it another way, answer this mail: a person reads it."),
    own_names=("number",),
)
RECEIVED = ReaderMail(
    template="orders/return_received",
    title=_l("Return arrived"),
    cause=_l("Sent when what was sent back has been counted."),
    carries=_l("What arrived, and the link to the order."),
    subject=_l("{{ sender }}: your parcel back is here"),
    opening=_l("This came back to us. What you wished for comes next, in a mail of its own."),
    own_names=("number",),
)
EXCHANGED = ReaderMail(
    template="orders/exchanged",
    title=_l("Exchange under way"),
    cause=_l("Sent when another variant is set aside for what came back."),
    carries=_l("What is sent, and the link to the order that sends it."),
    subject=_l("{{ sender }}: your exchange, order {{ replacement }}"),
    opening=_l(
        "In place of what came back of order {{ number }} we send this, at no cost,"
        " as order {{ replacement }}. We write again when it leaves."
    ),
    own_names=("number", "replacement"),
)
READER_MAILS = (ASKED, APPROVED, DECLINED, RECEIVED, EXCHANGED)
