"""The numbered papers of a grown shop's orders, by the thousand: what the worker would write."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import load_only, selectinload

from store.database import db
from store.mail.letterhead import branded
from store.orders.models import Order, OrderState, Refund
from store.orders.papers.issuing import (
    credit_values,
    invoice_values,
    paper_values,
    take_numbers,
)
from store.orders.papers.models import PaperKind, TaxPaper
from store.sandbox.demonstration.seeding_rows import Pile
from store.settings import Settings

AT_ONCE = 2_000

Waiting = tuple[datetime, Order, dict[str, Any]]
"""When a paper was due, of which order, and what it says."""


def write_papers(settings: Settings, newer_than: int) -> None:
    """Write the papers of the sales after this order id, numbered in the order they were due.

    Each of these orders has one refund at most. Writes in the open scope.
    """
    settings, pile = branded(settings), Pile()
    given_back: list[Waiting] = []
    for orders in _sales(newer_than):
        invoices = [(_when(order), order, invoice_values(order, settings)) for order in orders]
        _pile_up(PaperKind.INVOICE, invoices, pile, settings)
        given_back += [
            (refund.at, order, credit_values(order, refund, (), settings))
            for order in orders
            for refund in order.refunds
        ]
        pile.write()
        db.session.expunge_all()
    _pile_up(PaperKind.CREDIT, sorted(given_back, key=lambda one: one[0]), pile, settings)
    pile.write()


def _pile_up(kind: PaperKind, papers: Sequence[Waiting], pile: Pile, settings: Settings) -> None:
    if not papers:
        return
    first = take_numbers(kind, len(papers)) - len(papers) + 1
    for number, (at, order, says) in enumerate(papers, start=first):
        pile.add(TaxPaper, **paper_values(order, kind, number, settings, at), **says)


def _sales(newer_than: int) -> Iterator[Sequence[Order]]:
    wanted = (
        select(Order)
        .where(Order.state.in_((OrderState.PAID, OrderState.REFUNDED)))
        .options(
            load_only(
                Order.currency,
                Order.subtotal_minor,
                Order.discount_minor,
                Order.shipping_minor,
                Order.tax_minor,
                Order.total_minor,
                Order.destination,
                Order.tax_lines,
                Order.tax_included,
                Order.paid_at,
            ),
            selectinload(Order.lines),
            selectinload(Order.refunds).selectinload(Refund.lines),
        )
        .order_by(Order.id)
        .limit(AT_ONCE)
    )
    while orders := db.session.scalars(wanted.where(Order.id > newer_than)).all():
        yield orders
        newer_than = orders[-1].id


def _when(order: Order) -> datetime:
    return order.paid_at or order.placed_at
