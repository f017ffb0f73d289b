"""Receipts, tax invoices and credit notes: pages that print, and the same as PDF."""

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue

from store.database import end_reading
from store.mail.letterhead import branded
from store.orders.models import Order
from store.orders.papers.presenting import Paper, credit_of, invoice_of
from store.orders.views.blueprint import blueprint, key_given, opened
from store.paths import STATIC
from store.web.doors import services
from store.web.printing import (
    OF_A_READER,
    STYLESHEET,
    NoPrinterError,
    PrinterBrokenError,
    PrinterBusyError,
    can_print,
    pdf_of,
)
from store.web.stylesheets import PAPER_ENTRY, joined_stylesheet


@blueprint.get("/orders/<number>/receipt")
def receipt(number: str) -> str:
    order = opened(number)
    return _page(order, invoice_of(order, branded(services().settings)))


@blueprint.get("/orders/<number>/receipt.pdf")
def receipt_pdf(number: str) -> ResponseReturnValue:
    order = opened(number)
    return _pdf(order, invoice_of(order, branded(services().settings)))


@blueprint.get("/orders/<number>/refunds/<int:refund_id>")
def credit_note(number: str, refund_id: int) -> str:
    order = opened(number)
    return _page(order, credit_of(order, refund_id, branded(services().settings)), refund_id)


@blueprint.get("/orders/<number>/refunds/<int:refund_id>.pdf")
def credit_note_pdf(number: str, refund_id: int) -> ResponseReturnValue:
    order = opened(number)
    return _pdf(order, credit_of(order, refund_id, branded(services().settings)), refund_id)


def _page(
    order: Order, paper: Paper, refund_id: int | None = None, *, is_missing: bool = False
) -> str:
    has_pdf = can_print() and not is_missing
    number, key = order.number, key_given()
    if refund_id:
        pdf = url_for("orders.credit_note_pdf", refund_id=refund_id, number=number, key=key)
    else:
        pdf = url_for("orders.receipt_pdf", number=number, key=key)
    return render_template(
        "orders/paper.html",
        paper=paper,
        stylesheet="",
        pdf_url=pdf if has_pdf else "",
        has_no_printer=not has_pdf,
        back_url=url_for("orders.order", number=number, key=key),
    )


def _pdf(order: Order, paper: Paper, refund_id: int | None = None) -> ResponseReturnValue:
    html = render_template("orders/paper.html", paper=paper, stylesheet=STYLESHEET)
    number = paper.number
    # Laying out takes a second: no transaction stays open meanwhile.
    end_reading()
    try:
        made = pdf_of(html, joined_stylesheet(STATIC, PAPER_ENTRY), patience=OF_A_READER)
    except (NoPrinterError, PrinterBusyError, PrinterBrokenError):
        return _page(order, paper, refund_id, is_missing=True), 503
    response = Response(made, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{number}.pdf"'
    return response
