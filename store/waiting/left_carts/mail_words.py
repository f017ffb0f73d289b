"""The words that ship with the mail about a cart; its subject tells nothing of what is in it."""

from flask_babel import lazy_gettext as _l

from store.mail.wording import ReaderMail

LEFT_CART = ReaderMail(
    template="left_carts/link",
    title=_l("The link of a cart"),
    cause=_l("Sent once, some hours after a cart was left, to whoever ticked the box for it."),
    carries=_l("What is in the cart, the button that leads back to it, and the way out."),
    subject=_l("{{ sender }}: the link you asked for"),
    opening=_l("You asked us to mail you this cart. It is as you left it:"),
    closing=_l(
        "Nothing is held for you, and prices and stock are those of the moment in which you look."
        " This is the one mail that you agreed to."
    ),
)
READER_MAILS = (LEFT_CART,)
