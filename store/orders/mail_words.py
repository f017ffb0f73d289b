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
READER_MAILS = (
    CONFIRMED,
    SHIPPED,
    CONFIRMED_PICKUP,
    PICKUP_READY,
    PAYMENT_FAILED,
    LINKS,
)
