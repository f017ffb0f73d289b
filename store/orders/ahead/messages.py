"""The mail about a day that moved; its subject names the order and nothing in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from store.catalog.ahead_words import day_words, ships_words
from store.mail.letterhead import branded
from store.mail.wording import render_worded
from store.orders.ahead.calling_off import can_call_ahead_off
from store.orders.ahead.mail_words import NEW_DATE
from store.orders.cancelling import can_be_cancelled_by_reader
from store.orders.links import cancellation_url, order_url
from store.orders.messages import mail_reader
from store.orders.models import Order, OrderLine
from store.services import Services


@dataclass(frozen=True, slots=True)
class MovedLine:
    """A thing, when it leaves now, and the day that was told before."""

    name: str
    words: str
    before: str
    """Empty where none was told."""


def mail_new_date(
    order: Order, moved: Sequence[tuple[OrderLine, date | None, date | None]], services: Services
) -> None:
    """Tell the reader of the days that moved, and how to call it off where she may."""
    settings = branded(services.settings)
    may_call_off = can_be_cancelled_by_reader(order, services) or can_call_ahead_off(order)
    rendered = render_worded(
        NEW_DATE,
        settings=settings,
        names={"number": order.number},
        lines=[_moved(order, *one) for one in moved],
        link=order_url(order, settings),
        cancel_link=cancellation_url(order, settings) if may_call_off else "",
    )
    told = int(services.clock.now().timestamp())
    mail_reader(order, rendered, f"new_date:{told}", services)


def _moved(order: Order, line: OrderLine, before: date | None, now: date | None) -> MovedLine:
    name = f"{line.title}, {line.combination}" if line.combination else line.title
    today = order.placed_at.date()
    return MovedLine(name, ships_words(now, today), day_words(before, today) if before else "")
