"""What our records say about a disputed order: in the fields that a bank reads, and as a package.

Nothing that the store does not keep can be told: no network address, no device. What the goods are
called is told only where staff say so: a bank's letter may be opened by somebody else.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from babel.dates import format_date, format_datetime
from flask_babel import gettext as _
from sqlalchemy import select

from store.catalog.models import Product, Variant
from store.content.frame import Brand
from store.content.queries import text_page
from store.database import db
from store.mail.models import Message
from store.money import Money, decimals
from store.orders.disputing.models import Dispute
from store.orders.models import Fulfilment, Order, RefundStatus
from store.orders.parcels_shown import page_of
from store.orders.presenting import STEPS, address_lines, label_lines
from store.orders.returning.models import ReturnState, Why
from store.orders.returning.presenting import REASONS, returns_of
from store.orders.returning.presenting import STATES as RETURN_STATES
from store.settings import Settings

RETURNS_PAGE = "returns"
LONG, SHORT = 20_000, 5_000
"""The most characters that Stripe takes in a field."""
LONG_FIELDS = frozenset(
    {
        "product_description",
        "refund_policy_disclosure",
        "refund_refusal_explanation",
        "uncategorized_text",
    }
)


@dataclass(frozen=True, slots=True)
class SentMail:
    """One mail to the reader; text is empty once its words were forgotten."""

    at: datetime
    subject: str
    text: str
    was_refused: bool


@dataclass(frozen=True, slots=True)
class Package:
    """Everything at hand: fields are named as Stripe names them, none of them empty."""

    number: str
    fields: Mapping[str, str]
    timeline: Sequence[tuple[str, str]]
    mails: Sequence[SentMail]
    parcels: Sequence[str]
    policy: str
    statement: str


def gather(dispute: Dispute, settings: Settings, *, names_goods: bool = False) -> Package:
    """Return what speaks for us; settings are those that are in print. Reads only."""
    order = dispute.order
    policy = text_page(RETURNS_PAGE, Brand.of(settings).names).body
    mails = list(_mails(order))
    timeline = list(_timeline(order, settings))
    parcels = [_parcel(parcel, settings) for parcel in order.fulfilments]
    told = {
        "customer_name": order.name,
        "customer_email_address": order.email,
        "shipping_address": "\n".join(address_lines(order)),
        **_shipping(order, settings),
        "product_description": _goods(order, settings, names_goods=names_goods),
        "refund_policy_disclosure": _terms(policy, settings),
        "refund_refusal_explanation": _refunds_and_returns(order, settings),
        "uncategorized_text": "\n\n".join(
            part
            for part in (
                dispute.statement,
                _listed(_("What happened"), [f"{when}: {what}" for when, what in timeline]),
                _listed(_("Parcels"), parcels),
                _listed(_("Mails to the buyer"), _mailed(mails, settings)),
            )
            if part
        ),
    }
    fields = {
        name: text[: LONG if name in LONG_FIELDS else SHORT] for name, text in told.items() if text
    }
    return Package(order.number, fields, timeline, mails, parcels, policy, dispute.statement)


def _shipping(order: Order, settings: Settings) -> dict[str, str]:
    sent = order.fulfilments
    arrived = [parcel.delivered_at for parcel in sent if parcel.delivered_at]
    return {
        "shipping_carrier": _joined(parcel.carrier for parcel in sent),
        "shipping_tracking_number": _joined(parcel.tracking_number for parcel in sent),
        "shipping_date": _joined(_day(parcel.shipped_at, settings) for parcel in sent),
        "service_date": _joined(_day(moment, settings) for moment in arrived),
    }


def _goods(order: Order, settings: Settings, *, names_goods: bool) -> str:
    if names_goods:
        lines = [
            f"{line.quantity} × {line.called}, {_amount(line.unit_price)} {_('each')}"
            for line in order.lines
        ]
    else:
        kinds: dict[str, int] = {}
        types = _types(order)
        for line in order.lines:
            kind = types.get(line.variant_id or 0) or _("Merchandise")
            kinds[kind] = kinds.get(kind, 0) + line.quantity
        lines = [f"{units} × {kind}" for kind, units in kinds.items()]
    sold = _(
        "Sold by %(seller)s at %(shop)s as order %(number)s, %(total)s in all.",
        seller=settings.brand_legal_name or settings.brand_name,
        shop=settings.public_url,
        number=order.number,
        total=_amount(order.total),
    )
    return "\n".join([*lines, sold])


def _types(order: Order) -> Mapping[int, str]:
    rows = db.session.execute(
        select(Variant.id, Product.product_type)
        .join(Product)
        .where(Variant.id.in_([line.variant_id for line in order.lines]))
    )
    return dict(rows.all())


def _terms(policy: str, settings: Settings) -> str:
    shown = _(
        "The terms for returns and refunds are linked at the foot of every page of the shop,"
        " from the cart to the order’s own page: %(link)s. They say:",
        link=f"{settings.public_url}/pages/{RETURNS_PAGE}",
    )
    return f"{shown}\n\n{policy}"


def _refunds_and_returns(order: Order, settings: Settings) -> str:
    lines = []
    for refund in order.refunds:
        is_given = refund.status == RefundStatus.SUCCEEDED
        words = _("%(amount)s was given back") if is_given else _("%(amount)s was to go back")
        lines.append(f"{_day(refund.at, settings)}: {words % {'amount': _amount(refund.amount)}}")
    for asked in returns_of(order):
        units = ", ".join(f"{line.quantity} × {REASONS[Why(line.reason)]}" for line in asked.lines)
        state = RETURN_STATES[ReturnState(asked.state)]
        lines.append(
            f"{_day(asked.asked_at, settings)}: {_('return asked for')} ({units}), {state}"
        )
        if asked.note:
            lines.append(f"  “{asked.note}”")
    if not lines:
        lines = [_("The buyer asked us neither for a refund nor for a return.")]
    return "\n".join(lines)


def _mails(order: Order) -> Iterator[SentMail]:
    rows = db.session.scalars(
        select(Message)
        .where(
            Message.dedupe_key.startswith(f"order:{order.number}:", autoescape=True),
            Message.recipient == order.email,
            Message.recipient != "",
        )
        .order_by(Message.id)
    )
    for row in rows:
        yield SentMail(
            row.sent_at or row.created_at, row.subject, row.text, row.refused_at is not None
        )


def _mailed(mails: Sequence[SentMail], settings: Settings) -> list[str]:
    refused = _("the mailbox refused it")
    return [
        f"{_moment(mail.at, settings)}: {mail.subject}{f' ({refused})' if mail.was_refused else ''}"
        for mail in mails
    ]


def _timeline(order: Order, settings: Settings) -> Iterator[tuple[str, str]]:
    for event in order.events:
        words = STEPS.get(event.kind)
        if words is not None:
            yield _moment(event.at, settings), str(words)


def _parcel(parcel: Fulfilment, settings: Settings) -> str:
    said = [f"{_day(parcel.shipped_at, settings)}: {parcel.carrier or _('no carrier named')}"]
    if parcel.tracking_number:
        said.append(parcel.tracking_number)
    if page := page_of(parcel):
        said.append(page)
    label = ", ".join(label_lines(parcel.sent_to))
    if label:
        said.append(_("to %(label)s", label=label))
    if parcel.delivered_at:
        said.append(_("arrived %(day)s", day=_day(parcel.delivered_at, settings)))
    return "; ".join(said)


def _listed(title: str, lines: Sequence[str]) -> str:
    return "\n".join([f"{title}:", *lines]) if lines else ""


def _joined(texts: Iterable[str]) -> str:
    return ", ".join(text for text in dict.fromkeys(texts) if text)


def _amount(amount: Money) -> str:
    """Return an amount that no country reads otherwise: 45.00 AUD."""
    figure = Decimal(amount.minor).scaleb(-decimals(amount.currency))
    return f"{figure} {amount.currency}"


def _day(moment: datetime, settings: Settings) -> str:
    return format_date(moment.astimezone(settings.zone), "d MMMM y", locale="en")


def _moment(moment: datetime, settings: Settings) -> str:
    return format_datetime(moment, "d MMMM y, HH:mm zzz", tzinfo=settings.zone, locale="en")
