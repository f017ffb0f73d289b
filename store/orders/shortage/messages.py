"""The mails about what is gone; each is a row in the transaction of its cause."""

from collections.abc import Sequence
from typing import Any

from store.mail.letterhead import branded
from store.mail.wording import ReaderMail, render_worded
from store.money import Money
from store.orders.links import missing_url, order_url
from store.orders.messages import mail_reader
from store.orders.models import Order
from store.orders.shortage.mail_words import ARRIVED, CHOSEN, MISSING, REMINDER, SWAPPED
from store.orders.shortage.models import Shortfall
from store.services import Services


def mail_missing(order: Order, missing: Sequence[Shortfall], services: Services) -> None:
    """Ask the reader what to do."""
    _mail_choice(MISSING, "missing", order, missing, services)


def mail_reminder(order: Order, missing: Sequence[Shortfall], services: Services) -> None:
    """Ask once more, before the money goes back by itself."""
    _mail_choice(REMINDER, "missing_reminder", order, missing, services)


def mail_arrived(order: Order, here: Sequence[Shortfall], services: Services) -> None:
    """Tell the reader that what was missing is kept for her."""
    lines = [named(one) for one in here]
    _mail(ARRIVED, order, f"missing_arrived:{_marks(here)}", services, lines=lines)


def mail_chosen(
    order: Order, decided: Sequence[Shortfall], outcomes: Sequence[str], services: Services
) -> None:
    """Tell the reader what happens now; outcomes are whole sentences, one a line."""
    states = "-".join(sorted({one.state for one in decided}))
    what = f"missing_chosen:{_marks(decided)}:{states}"
    _mail(CHOSEN, order, what, services, lines=outcomes)


def mail_swapped(order: Order, replacement: Order, back: Money, services: Services) -> None:
    """Tell the reader which order sends something else: it is that order's confirmation."""
    settings = branded(services.settings)
    rendered = render_worded(
        SWAPPED,
        settings=settings,
        names={"number": order.number, "replacement": replacement.number},
        link=order_url(replacement, settings),
        lines=[f"{line.quantity} × {line.called}" for line in replacement.lines],
        back=back,
    )
    mail_reader(replacement, rendered, "confirmed", services)


def named(one: Shortfall) -> str:
    return f"{one.quantity} × {one.line.called}"


def _mail_choice(
    mail: ReaderMail, what: str, order: Order, missing: Sequence[Shortfall], services: Services
) -> None:
    _mail(
        mail,
        order,
        f"{what}:{_marks(missing)}",
        services,
        lines=[named(one) for one in missing],
        decide_by=min(one.decide_by for one in missing),
        choose_link=missing_url(order, branded(services.settings)),
    )


def _marks(rows: Sequence[Shortfall]) -> str:
    return "-".join(str(one.id) for one in rows)[:60]


def _mail(mail: ReaderMail, order: Order, what: str, services: Services, **values: Any) -> None:
    settings = branded(services.settings)
    rendered = render_worded(
        mail,
        settings=settings,
        names={"number": order.number},
        link=order_url(order, settings),
        **values,
    )
    mail_reader(order, rendered, what, services)
