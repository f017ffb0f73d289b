"""The words that ship with the mails of gift cards."""

from flask_babel import lazy_gettext as _l

from store.mail.wording import ReaderMail

CARD = ReaderMail(
    template="gift_cards/card",
    title=_l("Gift card"),
    cause=_l("Sent when a gift card was paid, on the day that its buyer chose, or by staff."),
    carries=_l("The code, what is on it, how long it is good, and what its giver wrote."),
    subject=_l("{{ sender }}: a gift card for you"),
    opening=_l("Here is a gift card for {{ amount }}."),
    closing=_l(
        "Type the code into the cart at {{ store }}. It may be spent bit by bit."
        " Whoever has the code has the money: keep this mail."
    ),
    own_names=("amount",),
)

READER_MAILS = (CARD,)
