"""The mails that staff may word, each with an order that nobody placed: to look at, and to test."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from store.catalog.ahead_words import day_words, ships_words
from store.gift_cards import mail_words as gift_card_mails
from store.mail.prose import filled
from store.mail.rendering import Rendered
from store.mail.wording import ReaderMail, Wording, every_name, render_worded
from store.money import Money, smallest_charge_step
from store.newsletter import mail_words as newsletter_mails
from store.newsletter.back_in_stock import mail_words as stock_mails
from store.orders import mail_words as order_mails
from store.orders.ahead import mail_words as ahead_mails
from store.orders.ahead.messages import MovedLine
from store.orders.returning import mail_words as return_mails
from store.orders.shortage import mail_words as missing_mails
from store.settings import Settings
from store.waiting.last_unit import mail_words as last_unit_mails
from store.waiting.left_carts import mail_words as cart_mails
from store.web.filters import locale_in, moment_words, money

MAILS: Mapping[str, ReaderMail] = {
    mail.template: mail
    for mail in (
        *order_mails.READER_MAILS,
        *ahead_mails.READER_MAILS,
        *return_mails.READER_MAILS,
        *missing_mails.READER_MAILS,
        *newsletter_mails.READER_MAILS,
        *stock_mails.READER_MAILS,
        *gift_card_mails.READER_MAILS,
        *last_unit_mails.READER_MAILS,
        *cart_mails.READER_MAILS,
    )
}
"""Every mail that readers get, by its template."""
CODE = "7K3Q-F2XW"
OTHER_CODE = "M4TD-9HRC"


@dataclass(frozen=True, slots=True)
class SampleLine:
    title: str
    note: str
    amount: Money


@dataclass(frozen=True, slots=True)
class SampleOrder:
    lines: tuple[SampleLine, ...]
    shipping: Money
    tax: Money
    total: Money
    taxes_shown: tuple[object, ...] = ()
    is_tax_included: bool = True
    is_sent: bool = True
    is_picked_up: bool = False
    pickup: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SampleFile:
    expires_at: datetime
    name: str = "Saturday crossword.pdf"
    kind: str = "PDF"
    size: str = "340\N{NO-BREAK SPACE}kB"
    edition: int = 2
    left: int = 5
    allowed: int = 5


@dataclass(frozen=True, slots=True)
class SampleParcel:
    carrier: str = "Australia Post"
    tracking_number: str = "LX473124829AU"
    page: str = "https://auspost.com.au/mypost/track/details/LX473124829AU"
    units: int = 2
    units_to_come: int = 1


PARCEL = {"carrier": SampleParcel().carrier, "tracking": SampleParcel().tracking_number}


@dataclass(frozen=True, slots=True)
class Sample:
    """What fills a mail: the names that its wording may use, and what its templates print."""

    names: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)


def sample_mail(mail: ReaderMail, wording: Wording, settings: Settings, now: datetime) -> Rendered:
    """Render a mail in these words; its links lead to nobody's order and to nobody's address."""
    sample = _SAMPLES[mail.template](settings, now)
    return render_worded(
        mail, settings=settings, names=sample.names, wording=wording, **sample.values
    )


def sample_subject(mail: ReaderMail, own: str | None, settings: Settings) -> str:
    """Return the subject as a mailbox lists it: staff's own, or the one that ships."""
    known = every_name(settings) | _numbered(settings) | _replaced(settings) | PARCEL
    return filled(own or mail.shipped.subject, known)


def _confirmed(settings: Settings, _now: datetime) -> Sample:
    order = _order(settings)
    values = {
        "order": order,
        "sums": [(_("Shipping"), order.shipping)],
        "after": [],
        "link": _order_link(settings),
        "receipt_link": _order_link(settings),
        "downloads": (),
    }
    return Sample(_numbered(settings), values)


def _shipped(settings: Settings, _now: datetime) -> Sample:
    values = {"parcel": SampleParcel(), "link": _order_link(settings)}
    return Sample(_numbered(settings) | PARCEL, values)


def _arrived(settings: Settings, _now: datetime) -> Sample:
    parcel = SampleParcel(units_to_come=0)
    return Sample(_numbered(settings), {"parcel": parcel, "link": _order_link(settings)})


def _linked(settings: Settings, _now: datetime) -> Sample:
    return Sample(_numbered(settings), {"link": _order_link(settings)})


def _paid_back(settings: Settings, _now: datetime) -> Sample:
    values = {"link": _order_link(settings), "amount": _order(settings).total, "parts": []}
    return Sample(_numbered(settings), values)


def _paid_back_later(settings: Settings, now: datetime) -> Sample:
    sample = _paid_back(settings, now)
    return Sample(sample.names, {**sample.values, "wants_action": False})


def _coming_back(settings: Settings, _now: datetime) -> Sample:
    values = {
        "link": _order_link(settings),
        "lines": [_("1 × A shirt (M)")],
        "words": [
            [_("Put it into any parcel, please unworn, and send it to:")],
            [_("1 Press Lane")],
        ],
    }
    return Sample(_numbered(settings), values)


def _missing(settings: Settings, now: datetime) -> Sample:
    values = {
        "link": _order_link(settings),
        "choose_link": _order_link(settings),
        "decide_by": now + timedelta(days=settings.missing_days),
        "lines": [_("1 × A shirt (M)")],
        "back": Money(0, settings.currency),
    }
    return Sample({**_numbered(settings), **_replaced(settings)}, values)


def _new_date(settings: Settings, now: datetime) -> Sample:
    before, after = (now.date() + timedelta(days=days) for days in (30, 60))
    moved = MovedLine(
        _("A shirt, M"), ships_words(after, now.date()), day_words(before, now.date())
    )
    values = {
        "link": _order_link(settings),
        "lines": [moved],
        "cancel_link": _order_link(settings),
    }
    return Sample(_numbered(settings), values)


def _exchanged(settings: Settings, _now: datetime) -> Sample:
    values = {"link": _order_link(settings), "lines": [_("1 × A shirt (L)")]}
    names = {**_numbered(settings), **_replaced(settings)}
    return Sample(names, values)


def _replaced(settings: Settings) -> dict[str, str]:
    return {"replacement": f"{settings.brand_order_prefix}-{OTHER_CODE}"}


def _confirmed_pickup(settings: Settings, now: datetime) -> Sample:
    sample = _confirmed(settings, now)
    order = replace(sample.values["order"], is_picked_up=True, pickup=_pickup())
    return Sample(sample.names, {**sample.values, "order": order})


def _confirmed_digital(settings: Settings, now: datetime) -> Sample:
    sample = _confirmed(settings, now)
    values = {
        "order": replace(sample.values["order"], is_sent=False),
        "sums": (),
        "downloads": (SampleFile(now + timedelta(days=settings.download_days)),),
    }
    return Sample(sample.names, {**sample.values, **values})


def _new_edition(settings: Settings, now: datetime) -> Sample:
    until = now + timedelta(days=settings.download_days)
    file = SampleFile(until)
    values = {
        "file": file.name,
        "about": f"{file.kind}, {file.size}",
        "until": until,
        "link": _order_link(settings),
    }
    return Sample(_numbered(settings), values)


def _pickup_ready(settings: Settings, _now: datetime) -> Sample:
    return Sample(_numbered(settings), {"pickup": _pickup(), "link": _order_link(settings)})


def _pickup() -> dict[str, str]:
    return {
        "address": _("12 Oxford Street, Darlinghurst"),
        "hours": _("Monday to Friday, 10 to 4"),
    }


def _payment_failed(settings: Settings, _now: datetime) -> Sample:
    return Sample(_numbered(settings))


def _links(settings: Settings, now: datetime) -> Sample:
    return Sample(values={"orders": [(_number(settings), now, _order_link(settings))]})


def _newsletter(settings: Settings, _now: datetime) -> Sample:
    page = f"{settings.public_url}/newsletter"
    return Sample(values={"link": page, "preferences": page})


def _gift_card(settings: Settings, now: datetime) -> Sample:
    price = money(_order(settings).total, locale_in(settings.country))
    values = {
        "code": "7K3Q-F2XW-M4TD-9HRC",
        "name": _("Alex"),
        "giver": _("Robin"),
        "message": _("For the shirt that you looked at."),
        "last_day": now + timedelta(days=3 * 365),
        "link": f"{settings.public_url}/gift-cards",
    }
    return Sample({"amount": price}, values)


def _back_in_stock(settings: Settings, _now: datetime) -> Sample:
    values = {
        "name": _("A shirt, M"),
        "link": f"{settings.public_url}/products",
        "leave": f"{settings.public_url}/back-in-stock",
        "is_on_shelf": True,
    }
    return Sample(values=values)


def _last_unit(settings: Settings, now: datetime) -> Sample:
    values = {
        "name": _("A shirt, M"),
        "until": moment_words(now + timedelta(minutes=30), settings, "h:mm a, d MMMM"),
        "link": f"{settings.public_url}/cart",
        "leave": f"{settings.public_url}/cart",
    }
    return Sample(values=values)


def _left_cart(settings: Settings, _now: datetime) -> Sample:
    cart = f"{settings.public_url}/cart"
    return Sample(values={"lines": [_("1 × A shirt, M")], "link": cart, "leave": cart})


_SAMPLES: Mapping[str, Callable[[Settings, datetime], Sample]] = {
    order_mails.CONFIRMED.template: _confirmed,
    order_mails.SHIPPED.template: _shipped,
    order_mails.TRACKING_CORRECTED.template: _shipped,
    order_mails.DELIVERED.template: _arrived,
    order_mails.REFUNDED.template: _paid_back,
    order_mails.CANCELLED.template: _paid_back,
    order_mails.REFUND_WAITS.template: _paid_back_later,
    order_mails.REFUND_FAILED.template: _paid_back,
    order_mails.PAID_OTHERWISE.template: _paid_back,
    order_mails.DATA_LINK.template: _linked,
    ahead_mails.NEW_DATE.template: _new_date,
    **{mail.template: _coming_back for mail in return_mails.READER_MAILS},
    return_mails.EXCHANGED.template: _exchanged,
    **{mail.template: _missing for mail in missing_mails.READER_MAILS},
    order_mails.CONFIRMED_PICKUP.template: _confirmed_pickup,
    order_mails.CONFIRMED_DIGITAL.template: _confirmed_digital,
    order_mails.NEW_EDITION.template: _new_edition,
    order_mails.PICKUP_READY.template: _pickup_ready,
    order_mails.PAYMENT_FAILED.template: _payment_failed,
    order_mails.LINKS.template: _links,
    **{mail.template: _newsletter for mail in newsletter_mails.READER_MAILS},
    gift_card_mails.CARD.template: _gift_card,
    **{mail.template: _back_in_stock for mail in stock_mails.READER_MAILS},
    **{mail.template: _last_unit for mail in last_unit_mails.READER_MAILS},
    cart_mails.LEFT_CART.template: _left_cart,
}


def _order(settings: Settings) -> SampleOrder:
    step = smallest_charge_step(settings.currency)
    shirt, post = (Money(minor * step, settings.currency) for minor in (4_500, 895))
    nothing = Money(0, settings.currency)
    line = SampleLine(_("A shirt"), _("M, 1 piece"), shirt)
    return SampleOrder((line,), post, nothing, shirt + post)


def _number(settings: Settings) -> str:
    return f"{settings.brand_order_prefix}-{CODE}"


def _numbered(settings: Settings) -> dict[str, str]:
    return {"number": _number(settings)}


def _order_link(settings: Settings) -> str:
    return f"{settings.public_url}/orders/find"
