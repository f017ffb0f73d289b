"""The words that ship with the mails that orders cause."""

from flask_babel import lazy_gettext as _l

from store.mail.wording import ReaderMail

CONFIRMED = ReaderMail(
    template="orders/confirmed",
    title=_l("Order confirmed"),
    cause=_l("Sent when an order is paid."),
    carries=_l("The receipt, and the link to the order."),
    subject=_l("{{ sender }}: your order {{ number }}"),
    opening=_l("Your order {{ number }} is paid. We write again when it leaves."),
    closing=_l(
        "The link opens your order without a password. Keep it to yourself."
        " The parcel shows “{{ sender }}” and nothing about what is in it."
    ),
    own_names=("number",),
)
CONFIRMED_PICKUP = ReaderMail(
    template="orders/confirmed_pickup",
    title=_l("Order to be picked up confirmed"),
    cause=_l("Sent when an order that is picked up is paid."),
    carries=_l("The receipt, where it is picked up, and the link to the order."),
    subject=_l("{{ sender }}: your order {{ number }}"),
    opening=_l("Your order {{ number }} is paid. We write again when it lies ready."),
    closing=_l("The link opens your order without a password. Keep it to yourself."),
    own_names=("number",),
)
CONFIRMED_DIGITAL = ReaderMail(
    template="orders/confirmed_digital",
    title=_l("Order without a parcel confirmed"),
    cause=_l("Sent when an order is paid of which nothing is sent."),
    carries=_l(
        "The receipt, the names of files to download if there are any, and the link to the order."
    ),
    subject=_l("{{ sender }}: your order {{ number }}"),
    opening=_l(
        "Your order {{ number }} is paid. Nothing of it comes by post: files wait on its page, gift"
        " cards come in mails of their own."
    ),
    closing=_l("The link opens your order without a password. Keep it to yourself."),
    own_names=("number",),
)
NEW_EDITION = ReaderMail(
    template="orders/new_edition",
    title=_l("New edition to download"),
    cause=_l("Sent when a file gets a new edition and whoever put it there wishes it."),
    carries=_l("The name of the file, until when it can be fetched, and the link to the order."),
    subject=_l("{{ sender }}: a new edition for order {{ number }}"),
    opening=_l(
        "There is a new edition of a file of your order {{ number }}."
        " It costs nothing more, and you may download it anew."
    ),
    own_names=("number",),
)
SHIPPED = ReaderMail(
    template="orders/shipped",
    title=_l("Parcel on its way"),
    cause=_l("Sent when a parcel is marked as sent."),
    carries=_l("Carrier and tracking number where there are any, and the link to the order."),
    subject=_l("{{ sender }}: order {{ number }} is on its way"),
    opening=_l("Your order {{ number }} has left us."),
    own_names=("number", "carrier", "tracking"),
)
PICKUP_READY = ReaderMail(
    template="orders/pickup_ready",
    title=_l("Ready to be picked up"),
    cause=_l("Sent when an order that is picked up lies ready."),
    carries=_l("Where and when it can be picked up, and the link to the order."),
    subject=_l("{{ sender }}: order {{ number }} is ready"),
    opening=_l("Your order {{ number }} lies ready. Bring its number; nothing else is asked for."),
    own_names=("number",),
)
PAYMENT_FAILED = ReaderMail(
    template="orders/payment_failed",
    title=_l("Payment did not arrive"),
    cause=_l("Sent when a bank says no after the reader has left."),
    carries=_l("The way back to the cart."),
    subject=_l("{{ sender }}: order {{ number }} was not paid"),
    opening=_l(
        "Your bank did not make the payment for order {{ number }},"
        " so nothing was charged and nothing will be sent.\n\n"
        "If you still want it, your cart may still be there."
    ),
    own_names=("number",),
)
LINKS = ReaderMail(
    template="orders/links",
    title=_l("Links to orders"),
    cause=_l("Sent when somebody asks to find her orders."),
    carries=_l("A link to every order of this address."),
    subject=_l("{{ sender }}: the links you asked for"),
    opening=_l("These links open your orders. They need no password, so keep them to yourself."),
)
TRACKING_CORRECTED = ReaderMail(
    template="orders/tracking_corrected",
    title=_l("Tracking number corrected"),
    cause=_l("Sent when staff correct the number of a parcel and wish its reader to know."),
    carries=_l("The number that is right, the carrier’s page, and the link to the order."),
    subject=_l("{{ sender }}: another tracking number for order {{ number }}"),
    opening=_l(
        "The tracking number that we gave you for order {{ number }} was not right."
        " This one is. Your parcel is on its way all the same."
    ),
    own_names=("number",),
)
DELIVERED = ReaderMail(
    template="orders/delivered",
    title=_l("Parcel arrived"),
    cause=_l("Sent when a parcel is marked as arrived."),
    carries=_l("The link to the order, where something can be sent back."),
    subject=_l("{{ sender }}: order {{ number }} has arrived"),
    opening=_l(
        "A parcel of your order {{ number }} has arrived, so we are told."
        " If it is not with you, answer this mail and we look for it."
    ),
    own_names=("number",),
)
REFUNDED = ReaderMail(
    template="orders/refunded",
    title=_l("Money back"),
    cause=_l("Sent when a refund has gone through."),
    carries=_l("The amount, and the link to the order with its papers."),
    subject=_l("{{ sender }}: money back for order {{ number }}"),
    opening=_l(
        "Money for your order {{ number }} went back to where it came from."
        " Banks take up to ten days to show it."
    ),
    own_names=("number",),
)
REFUND_WAITS = ReaderMail(
    template="orders/refund_waits",
    title=_l("Refund under way"),
    cause=_l("Sent when a refund waits for a bank, or for its reader."),
    carries=_l("The amount, what the bank still needs, and the link to the order."),
    subject=_l("{{ sender }}: money on its way back for order {{ number }}"),
    opening=_l(
        "Money for your order {{ number }} is on its way back to where it came from."
        " Your bank has not confirmed it yet, and we write again when it has."
    ),
    own_names=("number",),
)
REFUND_FAILED = ReaderMail(
    template="orders/refund_failed",
    title=_l("Refund did not arrive"),
    cause=_l("Sent when a bank does not take a refund."),
    carries=_l("The amount, and the link to the order."),
    subject=_l("{{ sender }}: a refund for order {{ number }} did not arrive"),
    opening=_l(
        "Your bank did not take the money that we gave back for order {{ number }}."
        " It is not lost: it is with us, it is yours, and a person looks after it."
    ),
    closing=_l(
        "If the card or the account is closed, answer this mail and say how the money may"
        " reach you. Please send no card number."
    ),
    own_names=("number",),
)
PAID_OTHERWISE = ReaderMail(
    template="orders/paid_otherwise",
    title=_l("Money back by other means"),
    cause=_l("Sent when staff note that they paid back in another way."),
    carries=_l("The amount, and the link to the order with its papers."),
    subject=_l("{{ sender }}: money back for order {{ number }}"),
    opening=_l(
        "A refund for your order {{ number }} could not reach you the way the payment came,"
        " so we have paid it to you in another way."
    ),
    closing=_l("If it is not with you within a week, answer this mail."),
    own_names=("number",),
)
CANCELLED = ReaderMail(
    template="orders/cancelled",
    title=_l("Order cancelled"),
    cause=_l("Sent when a whole order is cancelled before anything was sent."),
    carries=_l("What goes back, and the link to the order."),
    subject=_l("{{ sender }}: order {{ number }} is cancelled"),
    opening=_l("Your order {{ number }} is cancelled, and nothing of it will be sent."),
    own_names=("number",),
)
DATA_LINK = ReaderMail(
    template="orders/data_link",
    title=_l("Link to one’s data"),
    cause=_l("Sent when somebody asks what is kept of her."),
    carries=_l("The link, which opens for a day."),
    subject=_l("{{ sender }}: the link you asked for"),
    opening=_l(
        "This link shows what we keep of this address, lets you take it with you,"
        " and lets you have it erased. It opens for a day."
    ),
)
READER_MAILS = (
    CONFIRMED,
    SHIPPED,
    TRACKING_CORRECTED,
    CONFIRMED_PICKUP,
    CONFIRMED_DIGITAL,
    NEW_EDITION,
    PICKUP_READY,
    DELIVERED,
    REFUNDED,
    REFUND_WAITS,
    REFUND_FAILED,
    PAID_OTHERWISE,
    CANCELLED,
    PAYMENT_FAILED,
    LINKS,
    DATA_LINK,
)
