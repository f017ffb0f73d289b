"""The words that ship with the mails about what was sold out.

What was asked for is the templates' to name: no subject can tell it.
"""

from flask_babel import lazy_gettext as _l

from store.mail.wording import ReaderMail

INVITATION = ReaderMail(
    template="back_in_stock/invitation",
    title=_l("Back in stock: was it you"),
    cause=_l("Sent when an address that nobody confirmed asks to be told what is back."),
    carries=_l("What was asked for, the button that confirms the address, and why this mail came."),
    subject=_l("{{ sender }}: please confirm your address"),
    opening=_l("Somebody, most likely you, asked us to tell this address when this is back:"),
    closing=_l(
        "Say yes within seven days."
        " If it was not you, do nothing, and the address is forgotten."
        " The same page has a button that keeps anybody from typing it again."
    ),
)
BACK = ReaderMail(
    template="back_in_stock/back",
    title=_l("Back in stock: it is back"),
    cause=_l("Sent once, when it can be bought again and it is this reader’s turn."),
    carries=_l(
        "What can be bought again, whether it is on the shelf, the button that leads to it, and"
        " the link that forgets the request."
    ),
    subject=_l("{{ sender }}: what you asked about"),
    opening=_l("You asked to be told:"),
    closing=_l(
        "Nothing is held for you: who is quicker has it."
        " This is the one mail that you asked for, and your address is out of the line."
    ),
)
READER_MAILS = (INVITATION, BACK)
