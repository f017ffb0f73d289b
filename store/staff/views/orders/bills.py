"""Receipts and credit notes of an order, as its reader has them."""

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue

from store.database import end_reading
from store.mail.letterhead import branded
from store.orders.papers.presenting import Paper, credit_of, invoice_of
from store.paths import STATIC
from store.staff.permissions import may
from store.staff.roles import Permission
from store.staff.views.orders.blueprint import blueprint, found
from store.web.doors import services
from store.web.printing import INSTALL, STYLESHEET, NoPrinterError, can_print, pdf_of
from store.web.stylesheets import PAPER_ENTRY, joined_stylesheet


@blueprint.get("/<number>/receipt")
@may(Permission.SHIP)
def receipt(number: str) -> str:
    paper = invoice_of(found(number), branded(services().settings))
    return _page(paper, url_for("orders.receipt_pdf", number=paper.order_number))


@blueprint.get("/<number>/receipt.pdf")
@may(Permission.SHIP)
def receipt_pdf(number: str) -> ResponseReturnValue:
    return _pdf(invoice_of(found(number), branded(services().settings)))


@blueprint.get("/<number>/refunds/<int:refund_id>")
@may(Permission.SHIP)
def credit_note(number: str, refund_id: int) -> str:
    paper = credit_of(found(number), refund_id, branded(services().settings))
    pdf = url_for("orders.credit_note_pdf", number=paper.order_number, refund_id=refund_id)
    return _page(paper, pdf)


@blueprint.get("/<number>/refunds/<int:refund_id>.pdf")
@may(Permission.SHIP)
def credit_note_pdf(number: str, refund_id: int) -> ResponseReturnValue:
    return _pdf(credit_of(found(number), refund_id, branded(services().settings)))


def _page(paper: Paper, pdf_url: str) -> str:
    has_pdf = can_print()
    return render_template(
        "orders/paper.html",
        paper=paper,
        stylesheet="",
        pdf_url=pdf_url if has_pdf else "",
        has_no_printer=not has_pdf,
        back_url=url_for("orders.sheet", number=paper.order_number),
    )


def _pdf(paper: Paper) -> ResponseReturnValue:
    html = render_template("orders/paper.html", paper=paper, stylesheet=STYLESHEET)
    # Laying out takes seconds: no transaction stays open meanwhile.
    end_reading()
    try:
        made = pdf_of(html, joined_stylesheet(STATIC, PAPER_ENTRY))
    except NoPrinterError:
        return render_template("staff/orders/no_pdf.html", install=INSTALL), 503
    response = Response(made, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{paper.number}.pdf"'
    return response
