"""The mails that returns cause; each is a row in the transaction of its cause."""

from collections.abc import Sequence
from typing import Any

from store.mail.letterhead import branded
from store.mail.wording import ReaderMail, render_worded
from store.orders.links import order_url
from store.orders.messages import mail_reader
from store.orders.models import Order
from store.orders.returning.mail_words import APPROVED, ASKED, DECLINED, EXCHANGED, RECEIVED
from store.orders.returning.models import Return
from store.services import Services


def mail_asked(asked: Return, services: Services) -> None:
    """Tell the reader that her wish has come."""
    _mail(ASKED, asked, "return_asked", services, lines=_named(asked))


def mail_approved(asked: Return, services: Services) -> None:
    """Tell the reader how to send it."""
    words = paragraphs(asked.instructions)
    _mail(APPROVED, asked, "return_approved", services, lines=_named(asked), words=words)


def mail_declined(asked: Return, services: Services) -> None:
    """Tell the reader why not."""
    _mail(DECLINED, asked, "return_declined", services, words=paragraphs(asked.refusal))


def mail_received(asked: Return, services: Services) -> None:
    """Tell the reader what came out of her parcel."""
    lines = [f"{line.received} × {line.line.called}" for line in asked.lines if line.received]
    _mail(RECEIVED, asked, "return_received", services, lines=lines)


def mail_exchanged(asked: Return, replacement: Order, services: Services) -> None:
    """Tell the reader which order sends the other variant: it is that order's confirmation."""
    settings = branded(services.settings)
    rendered = render_worded(
        EXCHANGED,
        settings=settings,
        names={"number": asked.order.number, "replacement": replacement.number},
        link=order_url(replacement, settings),
        lines=[f"{line.quantity} × {line.called}" for line in replacement.lines],
    )
    mail_reader(replacement, rendered, "confirmed", services)


def paragraphs(words: str) -> list[list[str]]:
    """Return what somebody typed as paragraphs of lines."""
    tidy = words.replace("\r\n", "\n").split("\n\n")
    return [part.strip().split("\n") for part in tidy if part.strip()]


def _named(asked: Return) -> Sequence[str]:
    return [f"{line.quantity} × {line.line.called}" for line in asked.lines]


def _mail(mail: ReaderMail, asked: Return, what: str, services: Services, **values: Any) -> None:
    settings, order = branded(services.settings), asked.order
    rendered = render_worded(
        mail,
        settings=settings,
        names={"number": order.number},
        link=order_url(order, settings),
        **values,
    )
    mail_reader(order, rendered, f"{what}:{asked.id}", services)
