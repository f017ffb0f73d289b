"""The mails that orders cause; each is a row in the transaction of its cause.

Subjects name the sender and the order, never a product: mailboxes are read over shoulders.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import LazyString, gettext
from flask_babel import lazy_gettext as _l

from store.mail.letterhead import branded
from store.mail.outgoing import UnmailableError, write_mail
from store.mail.recipients import key_for, recipients_of
from store.mail.rendering import Rendered, render
from store.mail.wording import ReaderMail, render_worded
from store.money import Money
from store.orders.downloads.presenting import shown_downloads
from store.orders.lifecycle import note
from store.orders.links import desk_url, order_url, receipt_url
from store.orders.mail_words import (
    CONFIRMED,
    CONFIRMED_DIGITAL,
    CONFIRMED_PICKUP,
    LINKS,
    PAYMENT_FAILED,
    PICKUP_READY,
    SHIPPED,
)
from store.orders.models import Fulfilment, Order
from store.orders.parcels_shown import mailed_parcel
from store.orders.presenting import ShownOrder, shown
from store.services import Services


@dataclass(frozen=True, slots=True)
class Concern:
    """Why staff must look at an order, and what they can do about it."""

    what: LazyString
    advice: LazyString
    commands: tuple[str, ...] = ()


NEW, ATTENTION = "orders.new", "orders.attention"
"""The kinds of mail that go to the house; whoever works here may want either."""
REFUND = "store orders refund {number}"
CONCERNS = {
    "parked": Concern(
        _l("What was paid is not what was ordered; nothing ships until somebody decides."),
        _l("Look at the payment at Stripe, then take the order as it is or give the money back:"),
        ("store orders show {number}", "store orders accept {number}", REFUND),
    ),
    "shortage": Concern(
        _l("It was paid after its units had gone back on sale, and some of them are sold."),
        _l(
            "Its reader is asked to wait, to take something else, or to have the money back, which"
            " goes by itself in the end. The next delivery belongs to this order; you may also"
            " choose for her:"
        ),
        ("store orders show {number}", REFUND),
    ),
    "paid_twice": Concern(
        _l("A second payment arrived for it."),
        _l("Give the second one back in Stripe's dashboard; the timeline names it:"),
        ("store orders show {number}",),
    ),
    "gift_card_spent": Concern(
        _l("All of its money went back, and a gift card that it bought had been spent."),
        _l("Look at the card in its ledger, and write to whoever bought it."),
        ("store orders show {number}",),
    ),
    "unmailable": Concern(
        _l("It is paid, but its e-mail address takes no mail."),
        _l("Send the parcel; there is no way to write to the reader."),
    ),
    "refund_failed": Concern(
        _l("A refund failed at the bank; the money is back in the Stripe account."),
        _l("Ask the reader for another way, or try again:"),
        ("store orders show {number}", REFUND),
    ),
    "return_asked": Concern(
        _l("Its reader would like to send something back."),
        _l("Approve it with instructions, or decline it with a reason; she is mailed either."),
    ),
    "refund_canceled": Concern(
        _l("A refund was cancelled before it arrived."),
        _l("Try again if the reader is still owed it:"),
        ("store orders show {number}", REFUND),
    ),
}
DISPUTE = Concern(
    _l("The reader’s bank disputes the payment."),
    _l("Answer at the desk before the deadline, or accept it; do not refund as well."),
    ("store orders show {number}",),
)
CONCERNS |= {
    "dispute_created": DISPUTE,
    "dispute_warning": Concern(
        _l("The reader’s bank asks about the payment; no money has moved."),
        _l("Answer at the desk before the deadline, or give the money back, which ends it."),
        ("store orders show {number}",),
    ),
    "dispute_won": Concern(
        _l("A dispute is won: the money is back."),
        _l("Nothing is to be done. What was held may be sent."),
    ),
    "dispute_lost": Concern(
        _l("A dispute is lost: the bank keeps the money."),
        _l("Nothing of it is to be refunded. What had not left will not be sent."),
    ),
    "dispute_warning_closed": Concern(
        _l("The bank has no more questions about the payment."),
        _l("Nothing is to be done."),
    ),
    "dispute_prevented": Concern(
        _l("A dispute was kept from being opened."), _l("Nothing is to be done.")
    ),
}


def mail_confirmation(order: Order, services: Services, *, again: str = "") -> None:
    """Tell the reader that the order is paid, with the link to it; `again` tells repetitions."""
    settings, finished = branded(services.settings), shown(order)
    downloads = [one for one in shown_downloads(order, services) if one.is_open]
    rendered = render_worded(
        _confirmation(finished),
        settings=settings,
        names={"number": order.number},
        order=finished,
        sums=_sums(finished),
        after=_after_cards(finished),
        link=order_url(order, settings),
        receipt_link=receipt_url(order, settings),
        downloads=downloads,
    )
    mail_reader(order, rendered, f"confirmed{again}", services)


def _confirmation(order: ShownOrder) -> ReaderMail:
    """Return the mail that says what happens next: it is sent, fetched, or here already."""
    if order.is_picked_up:
        return CONFIRMED_PICKUP
    return CONFIRMED if order.is_sent else CONFIRMED_DIGITAL


def _sums(order: ShownOrder) -> list[tuple[str, Money]]:
    """Return the steps from the lines to the total, each discount and tax by its name."""
    on_top = () if order.is_tax_included else order.taxes_shown
    named = [(d.name, -d.amount, d.is_shipping) for d in order.discounts]
    return [
        *((name, amount) for name, amount, is_shipping in named if not is_shipping),
        *([(_by_words(order), order.shipping)] if order.is_sent or order.shipping else []),
        *((name, amount) for name, amount, is_shipping in named if is_shipping),
        *((tax.label, tax.tax) for tax in on_top),
    ]


def _after_cards(order: ShownOrder) -> list[tuple[str, Money]]:
    """Return what gift cards paid of the total and what was charged; nothing without any."""
    if not order.card_payments:
        return []
    paid = [(name, -amount) for name, amount in order.card_payments]
    return [*paid, (gettext("Paid by card"), order.charged)]


def _by_words(order: ShownOrder) -> str:
    words: str = gettext("Pick up") if order.is_picked_up else gettext("Shipping")
    return words


def mail_payment_failed(order: Order, services: Services) -> None:
    """Tell the reader that the bank did not pay; she has long left the shop."""
    settings = branded(services.settings)
    rendered = render_worded(PAYMENT_FAILED, settings=settings, names={"number": order.number})
    mail_reader(order, rendered, "payment_failed", services)


def mail_shipped(order: Order, parcel: Fulfilment, services: Services, *, again: str = "") -> None:
    """Tell the reader that a parcel has left; `again` tells repetitions apart."""
    settings = branded(services.settings)
    rendered = render_worded(
        SHIPPED,
        settings=settings,
        names={
            "number": order.number,
            "carrier": parcel.carrier,
            "tracking": parcel.tracking_number,
        },
        parcel=mailed_parcel(order, parcel),
        link=order_url(order, settings),
    )
    mail_reader(order, rendered, f"shipped:{parcel.id}{again}", services)


def mail_pickup_ready(order: Order, services: Services) -> None:
    """Tell the reader where and when the order can be picked up."""
    settings = branded(services.settings)
    rendered = render_worded(
        PICKUP_READY,
        settings=settings,
        names={"number": order.number},
        pickup=order.pickup,
        link=order_url(order, settings),
    )
    mail_reader(order, rendered, "pickup_ready", services)


def mail_new_order(order: Order, services: Services) -> None:
    """Tell staff what to pack."""
    settings = branded(services.settings)
    link = desk_url(order, settings)
    rendered = render("orders/new_order", settings=settings, order=shown(order), link=link)
    _mail_staff(rendered, f"order:{order.number}:new", NEW, services)


def mail_attention(order: Order, what: str, services: Services, *, about: str = "") -> None:
    """Tell staff that an order needs a person; `about` tells repeated causes apart."""
    concern = CONCERNS[what]
    rendered = render(
        "orders/attention",
        settings=branded(services.settings),
        order=order,
        what=concern.what,
        advice=concern.advice,
        link=desk_url(order, services.settings),
        commands=[command.format(number=order.number) for command in concern.commands],
    )
    _mail_staff(rendered, f"order:{order.number}:{what}:{about}", ATTENTION, services)


def mail_links(orders: Sequence[Order], recipient: str, lookup_id: int, services: Services) -> None:
    """Send a reader the links to what this address bought."""
    settings = branded(services.settings)
    links = [(order.number, order.placed_at, order_url(order, settings)) for order in orders]
    rendered = render_worded(LINKS, settings=settings, orders=links)
    write_mail(
        rendered,
        recipient=recipient,
        dedupe_key=f"order-lookup:{lookup_id}",
        kind="orders.links",
        clock=services.clock,
        settings=settings,
    )


def mail_reader(order: Order, rendered: Rendered, what: str, services: Services) -> None:
    """Write a mail to whoever bought; `what` tells it from all others about this order."""
    try:
        write_mail(
            rendered,
            recipient=order.email,
            dedupe_key=f"order:{order.number}:{what}",
            kind=f"orders.{what.partition(':')[0]}",
            clock=services.clock,
            settings=services.settings,
        )
    except UnmailableError:
        # What happened stands; staff learn that nobody could be told.
        note(order, "unmailable", services.clock)
        if order.paid_at is not None:
            mail_attention(order, "unmailable", services)


def _mail_staff(rendered: Rendered, key: str, kind: str, services: Services) -> None:
    settings = services.settings
    for recipient in recipients_of(kind, settings):
        write_mail(
            rendered,
            recipient=recipient,
            dedupe_key=key_for(recipient, key, settings),
            kind=kind,
            clock=services.clock,
            settings=settings,
        )
