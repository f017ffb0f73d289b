"""Gives a paid order its numbered papers: each number once, none left out, all in one transaction.

A number is one conditional statement on its series' row, which stays locked until the commit: what
is rolled back gives its number back, and nobody takes the next one meanwhile. So a paper is the
last deed of its transaction: whoever waits for it holds nothing that another needs.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from store.clock import Clock
from store.database import db, insert_into
from store.mail.letterhead import branded
from store.orders.models import Order, OrderEvent, OrderState, Refund, RefundStatus
from store.orders.papers.models import NumberSeries, PaperKind, TaxPaper
from store.orders.papers.tax_lines import TaxLine, rates_of_refund, tax_lines, tax_of_refund
from store.services import Services
from store.settings import Settings

LETTERS = {PaperKind.INVOICE: "INV", PaperKind.CREDIT: "CRN"}
CONFIRMING = ("paid", "accepted")
"""The steps by which an order becomes a sale."""
LOST = frozenset({RefundStatus.FAILED, RefundStatus.CANCELLED})
AT_ONCE = 100


def issue_papers(order: Order, services: Services) -> None:
    """Write the papers that a locked order lacks; the last deed of its transaction. Flushes only.

    Done twice it is done once.
    """
    if not _is_sale(order):
        return
    db.session.flush()
    papers = papers_of(order)
    if not papers:
        _issue_invoice(order, services)
    known = {paper.refund_id: paper for paper in papers if paper.refund_id}
    for refund in sorted(order.refunds, key=lambda refund: refund.id):
        if refund.status == RefundStatus.SUCCEEDED and refund.id not in known:
            _issue_credit(order, refund, services)
        elif refund.status in LOST and refund.id in known:
            _void(known[refund.id], services.clock)


def papers_of(order: Order) -> list[TaxPaper]:
    """Return the papers of an order, the invoice first."""
    found = select(TaxPaper).where(TaxPaper.order_id == order.id).order_by(TaxPaper.id)
    return list(db.session.scalars(found))


def without_papers() -> list[int]:
    """Return some paid orders that have no paper: of the time before papers, or of older code."""
    has_paper = select(TaxPaper.id).where(TaxPaper.order_id == Order.id).exists()
    was_sold = (
        select(OrderEvent.id)
        .where(OrderEvent.order_id == Order.id, OrderEvent.kind.in_(CONFIRMING))
        .exists()
    )
    return list(
        db.session.scalars(
            select(Order.id)
            .where(
                Order.paid_at.is_not(None),
                Order.state.in_((OrderState.PAID, OrderState.REFUNDED)),
                ~has_paper,
                was_sold,
            )
            .order_by(Order.paid_at, Order.id)
            .limit(AT_ONCE)
        )
    )


def _is_sale(order: Order) -> bool:
    if order.state not in {OrderState.PAID, OrderState.REFUNDED}:
        return False
    # Asked anew: the step may be younger than what was read of the timeline.
    steps = select(OrderEvent.id).where(
        OrderEvent.order_id == order.id, OrderEvent.kind.in_(CONFIRMING)
    )
    return db.session.scalar(steps.limit(1)) is not None


def _issue_invoice(order: Order, services: Services) -> None:
    settings = branded(services.settings)
    _write(order, PaperKind.INVOICE, services, invoice_values(order, settings))


def _issue_credit(order: Order, refund: Refund, services: Services) -> None:
    before = [
        paper
        for paper in papers_of(order)
        if paper.kind == PaperKind.CREDIT and paper.voided_at is None
    ]
    values = credit_values(order, refund, before, services.settings)
    _write(order, PaperKind.CREDIT, services, values)


def invoice_values(order: Order, settings: Settings) -> dict[str, Any]:
    """Return what the invoice of an order says; settings carry the brand of the moment."""
    return {
        "total_minor": order.total_minor,
        "tax_minor": order.tax_minor,
        "tax_lines": [line.to_json() for line in tax_lines(order, settings)],
        "refund_id": None,
    }


def credit_values(
    order: Order, refund: Refund, before: Sequence[TaxPaper], settings: Settings
) -> dict[str, Any]:
    """Return what the credit note of a refund says, after these had been given before it."""
    tax = tax_of_refund(order, refund, [(paper.total_minor, paper.tax_minor) for paper in before])
    taxed = [line for line in tax_lines(order, settings) if line.tax]
    given = [TaxLine.from_json(kept) for paper in before for kept in paper.tax_lines]
    rates = rates_of_refund(order, refund, tax, taxed, given)
    return {
        "total_minor": refund.amount_minor,
        "tax_minor": tax,
        "tax_lines": [line.to_json() for line in rates],
        "refund_id": refund.id,
    }


def paper_values(
    order: Order, kind: PaperKind, number: int, settings: Settings, at: datetime
) -> dict[str, Any]:
    """Return what stands on every paper of an order, whatever else it says."""
    return {
        "kind": kind,
        "number": number,
        "printed": f"{settings.brand_order_prefix}-{LETTERS[kind]}-{number:06}",
        "order_id": order.id,
        "currency": order.currency,
        "seller": seller_now(settings),
        "issued_at": at,
    }


def _write(order: Order, kind: PaperKind, services: Services, values: Mapping[str, Any]) -> None:
    settings, number = branded(services.settings), take_numbers(kind, 1)
    paper = paper_values(order, kind, number, settings, services.clock.now())
    db.session.add(TaxPaper(**paper, **values))
    db.session.flush()


def seller_now(settings: Settings) -> dict[str, str]:
    """Return who sells, as the shop says it now."""
    return {
        "name": settings.brand_legal_name,
        "number": settings.brand_business_number,
        "address": settings.brand_address,
        "email": settings.brand_email or settings.mail_from,
    }


def take_numbers(series: PaperKind, count: int) -> int:
    """Take the next numbers of a series, which stays locked until the commit; return the last."""
    taken = (
        insert_into(NumberSeries)
        .values(name=series, last=count)
        .on_conflict_do_update(
            index_elements=[NumberSeries.name], set_={"last": NumberSeries.last + count}
        )
        .returning(NumberSeries.last)
        .execution_options(synchronize_session=False)
    )
    return db.session.scalars(taken).one()


def _void(paper: TaxPaper, clock: Clock) -> None:
    if paper.voided_at is None:
        paper.voided_at = clock.now()
        db.session.flush()


def gaps() -> int:
    """Return how many numbers no paper bears: none, as long as nobody deletes any."""
    rows = db.session.execute(
        select(NumberSeries.last, func.count(TaxPaper.id))
        .outerjoin(TaxPaper, TaxPaper.kind == NumberSeries.name)
        .group_by(NumberSeries.name, NumberSeries.last)
    )
    return sum(last - papers for last, papers in rows)
