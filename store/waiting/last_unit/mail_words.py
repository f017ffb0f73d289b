"""The words that ship with the mails about the queue; what it is for no subject tells."""

from flask_babel import lazy_gettext as _l

from store.mail.wording import ReaderMail

TURN = ReaderMail(
    template="last_unit/turn",
    title=_l("Last unit: it is your turn"),
    cause=_l("Sent when a unit is free again and this reader is first in line."),
    carries=_l("What is kept, until when, the button that puts it in the cart, and the way out."),
    subject=_l("{{ sender }}: it is your turn"),
    opening=_l("You stood in line for this. Nobody paid for it after all, so it is kept for you:"),
    closing=_l(
        "After that it goes to whoever is next. If you do not want it any more, give it up."
    ),
)
SOLD = ReaderMail(
    template="last_unit/sold",
    title=_l("Last unit: it was sold"),
    cause=_l("Sent to everybody in line when the last unit was paid for."),
    carries=_l("What was sold, and the way to be told when it is back."),
    subject=_l("{{ sender }}: what you waited for"),
    opening=_l("You stood in line for this, and we are sorry: the last one was paid for just now."),
    closing=_l("This is the end of the line, and your address is out of it."),
)
READER_MAILS = (TURN, SOLD)
