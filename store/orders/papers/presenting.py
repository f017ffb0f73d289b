"""What stands on a numbered paper, as finished values: the template only prints them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from store.database import db
from store.errors import NotFoundError
from store.money import Money
from store.orders.ahead.presenting import promised_words
from store.orders.models import Order, OrderLine, Refund
from store.orders.papers.issuing import papers_of, seller_now
from store.orders.papers.models import PaperKind, TaxPaper
from store.orders.papers.tax_lines import TaxLine
from store.orders.presenting import label_lines, method_of
from store.settings import Settings

AUSTRALIA = "AU"
NAMES_ITS_BUYER = Money(1_000_00, "AUD")
"""From here on an Australian tax invoice says who bought (A New Tax System Act 1999, 29-70)."""
NUMBERS: Mapping[str, LazyString] = {
    AUSTRALIA: _l("ABN"),
    "NZ": _l("GST number"),
    "GB": _l("VAT number"),
}
"""What the number of a business is called where it is at home."""


@dataclass(frozen=True, slots=True)
class Seller:
    name: str
    number_label: str
    number: str
    address: str
    email: str


@dataclass(frozen=True, slots=True)
class PaperLine:
    """What was bought or went back; amount is of all units, before their part of a discount."""

    title: str
    combination: str
    quantity: int
    unit_price: Money | None
    discount: Money
    amount: Money
    promised: str = ""
    """When it was said to leave, where it was sold before it was here."""


@dataclass(frozen=True, slots=True)
class TaxSum:
    """One rate on the paper; taxed is None where only what it came to is said."""

    label: str
    taxed: Money | None
    tax: Money


@dataclass(frozen=True, slots=True)
class Paper:
    is_credit: bool
    title: str
    number: str
    order_number: str
    issued_at: datetime
    paid_at: datetime | None
    seller: Seller
    buyer: Sequence[str]
    lines: Sequence[PaperLine]
    subtotal: Money | None
    discount: Money
    shipping: Money
    shipping_name: str
    is_sent: bool
    """Whether anything of the order goes to its reader."""
    is_picked_up: bool
    total: Money
    taxes: Sequence[TaxSum]
    tax: Money
    tax_included: bool
    method: str
    corrects: str
    """The number of the paper that a credit belongs to."""
    is_void: bool


@dataclass(frozen=True, slots=True)
class PaperLink:
    """One paper as a page lists it; refund is which of them a credit is of, else None."""

    title: str
    number: str
    at: datetime
    total: Money
    refund_id: int | None
    is_void: bool


def paper_links(order: Order, settings: Settings) -> list[PaperLink]:
    """Return the papers of an order as its page lists them."""
    return [
        PaperLink(
            title=_title(paper, order, _seller(paper, settings), settings),
            number=paper.printed,
            at=paper.issued_at,
            total=paper.total,
            refund_id=paper.refund_id,
            is_void=paper.voided_at is not None,
        )
        for paper in papers_of(order)
    ]


def invoice_of(order: Order, settings: Settings) -> Paper:
    """Return the paper of what was paid; NotFoundError where none was issued yet."""
    for paper in papers_of(order):
        if paper.kind == PaperKind.INVOICE:
            return _invoice(paper, order, settings)
    raise NotFoundError(f"order {order.number} has no paper")


def credit_of(order: Order, refund_id: int, settings: Settings) -> Paper:
    """Return the paper of a refund of this order; NotFoundError where there is none."""
    papers = papers_of(order)
    for paper in papers:
        if paper.refund_id == refund_id:
            refund = db.session.scalars(select(Refund).where(Refund.id == refund_id)).one()
            return _credit(paper, order, refund, papers[0].printed, settings)
    raise NotFoundError(f"order {order.number} has no such credit")


def _invoice(paper: TaxPaper, order: Order, settings: Settings) -> Paper:
    promised = promised_words(order)
    return replace(
        _frame(paper, order, settings),
        lines=[_bought(line, promised.get(line.id, "")) for line in order.lines],
        subtotal=order.subtotal,
        discount=order.discount,
        shipping=order.shipping,
        shipping_name=order.shipping_name,
        tax_included=order.tax_included,
    )


def _credit(
    paper: TaxPaper, order: Order, refund: Refund, corrects: str, settings: Settings
) -> Paper:
    by_id = {line.id: line for line in order.lines}
    lines = [
        _given_back(by_id[part.order_line_id], part.quantity, part.amount_minor)
        for part in refund.lines
    ]
    shipping = Money(refund.shipping_minor, order.currency)
    named = sum(line.amount.minor for line in lines) + shipping.minor
    rest = Money(paper.total_minor - named, order.currency)
    if rest:
        is_whole = paper.total_minor == order.total_minor
        title = _("The whole order") if is_whole else _("Part of the price")
        nothing = Money.zero(order.currency)
        lines.append(PaperLine(title, "", 1, None, nothing, rest))
    return replace(
        _frame(paper, order, settings),
        lines=lines,
        shipping=shipping,
        corrects=corrects,
        shipping_name=order.shipping_name,
    )


def _frame(paper: TaxPaper, order: Order, settings: Settings) -> Paper:
    """Return what every paper says, without what it is about."""
    seller, nothing = _seller(paper, settings), Money.zero(order.currency)
    lines = [TaxLine.from_json(kept) for kept in paper.tax_lines]
    return Paper(
        is_credit=paper.kind == PaperKind.CREDIT,
        title=_title(paper, order, seller, settings),
        number=paper.printed,
        order_number=order.number,
        issued_at=paper.issued_at,
        paid_at=order.paid_at,
        seller=seller,
        buyer=_buyer(order, seller, settings),
        lines=(),
        subtotal=None,
        discount=nothing,
        shipping=nothing,
        shipping_name="",
        is_sent=any(line.requires_shipping for line in order.lines),
        is_picked_up=order.is_picked_up,
        total=paper.total,
        taxes=[_tax_sum(line, order.currency) for line in lines],
        tax=paper.tax,
        tax_included=True,
        method=method_of(order),
        corrects="",
        is_void=paper.voided_at is not None,
    )


def _seller(paper: TaxPaper, settings: Settings) -> Seller:
    """Return who sold as it was said then; what was not said then is filled in from now."""
    now = seller_now(settings)
    said = {name: paper.seller.get(name) or now[name] for name in now}
    label = NUMBERS.get(settings.country, _l("Business number"))
    return Seller(number_label=str(label), **said)


def _title(paper: TaxPaper, order: Order, seller: Seller, settings: Settings) -> str:
    """Return what the paper may be called: no tax invoice without all that one must say."""
    is_credit = paper.kind == PaperKind.CREDIT
    if not _is_complete(seller, settings):
        words = _("Receipt for a refund") if is_credit else _("Receipt")
    elif settings.country == AUSTRALIA and order.tax_minor and _says_who(order):
        words = _("Adjustment note") if is_credit else _("Tax invoice")
    else:
        words = _("Credit note") if is_credit else _("Invoice")
    return str(words)


def _is_complete(seller: Seller, settings: Settings) -> bool:
    # Australia asks for the name and the number; other countries for the address as well.
    has_place = bool(seller.address) or settings.country == AUSTRALIA
    return bool(seller.name and seller.number) and has_place


def _says_who(order: Order) -> bool:
    return bool(order.name) or not _must_say_who(order)


def _must_say_who(order: Order) -> bool:
    return order.currency != NAMES_ITS_BUYER.currency or order.total >= NAMES_ITS_BUYER


def _buyer(order: Order, seller: Seller, settings: Settings) -> list[str]:
    """Return who bought, where the law asks for it: else no paper names her."""
    if settings.country == AUSTRALIA:
        return [order.name] if order.name and _must_say_who(order) else []
    if not _is_complete(seller, settings):
        return []
    return label_lines({"name": order.name, **order.address})


def _bought(line: OrderLine, promised: str) -> PaperLine:
    return PaperLine(
        title=line.title,
        combination=line.combination,
        quantity=line.quantity,
        unit_price=line.unit_price,
        discount=Money(line.discount_minor, line.order.currency),
        amount=line.unit_price * line.quantity,
        promised=promised,
    )


def _given_back(line: OrderLine, quantity: int, amount_minor: int) -> PaperLine:
    currency = line.order.currency
    nothing, amount = Money.zero(currency), Money(amount_minor, currency)
    return PaperLine(line.title, line.combination, quantity, None, nothing, amount)


def _tax_sum(line: TaxLine, currency: str) -> TaxSum:
    return TaxSum(
        label=str(_("%(tax)s %(rate)s %%", tax=line.name, rate=line.rate.percent)),
        taxed=Money(line.taxed, currency) if line.taxed else None,
        tax=Money(line.tax, currency),
    )
