"""The words that ship with the mails of signing up; none of their subjects names a newsletter."""

from flask_babel import lazy_gettext as _l

from store.mail.wording import ReaderMail

INVITATION = ReaderMail(
    template="newsletter/invitation",
    title=_l("Newsletter: was it you"),
    cause=_l("Sent when an address is typed into a signup box."),
    carries=_l("The button that confirms the address, and why this mail came."),
    subject=_l("{{ sender }}: please confirm your address"),
    opening=_l(
        "Somebody, most likely you, gave us this address for our newsletter."
        " Say yes here, within seven days:"
    ),
    closing=_l(
        "If it was not you, do nothing, and the address is forgotten."
        " The same page has a button that keeps anybody from typing it again."
    ),
)
WELCOME = ReaderMail(
    template="newsletter/welcome",
    title=_l("Newsletter: welcome"),
    cause=_l("Sent when an address was confirmed."),
    carries=_l("The links to choose topics or a pause, and to leave."),
    subject=_l("{{ sender }}: your address is confirmed"),
    opening=_l("You are on the list. Expect about two mails a month."),
)
ALREADY = ReaderMail(
    template="newsletter/already",
    title=_l("Newsletter: on the list already"),
    cause=_l("Sent when an address that is on the list is typed in again."),
    carries=_l("The links to choose topics or a pause, and to leave."),
    subject=_l("{{ sender }}: you asked about your address"),
    opening=_l(
        "Somebody, most likely you, asked for our newsletter with this address."
        " It is on the list already, so nothing changes."
    ),
)
READER_MAILS = (INVITATION, WELCOME, ALREADY)
