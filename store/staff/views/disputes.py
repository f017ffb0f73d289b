"""Disputes: what a bank takes back or asks about, the evidence at hand, and the answer."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import db, end_reading, writing
from store.errors import NotFoundError, StoreError, UnavailableError
from store.mail.letterhead import branded
from store.orders.disputing.answering import (
    LONGEST_STATEMENT,
    BeingAnsweredError,
    NotAnswerableError,
    send_answer,
)
from store.orders.disputing.evidence import Package, gather
from store.orders.disputing.models import Ask, Dispute
from store.orders.disputing.standing import bars_refund, holds_shipping
from store.orders.papers.presenting import Paper, invoice_of
from store.payments.gateway import GatewayRefusedError, GatewayUnknownError
from store.staff import changes
from store.staff.audit import Actor, history
from store.staff.dispute_words import field_words, shown
from store.staff.disputes import (
    Which,
    ask,
    disputes,
    known_dispute,
    save_statement,
    send_anyway,
    thing_of,
    to_answer,
)
from store.staff.forms.disputes import AnswerForm
from store.staff.permissions import may, signed_in, wants_fresh_factor
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.undoing import UNDOING
from store.staff.views.dispute_papers import as_pdf, as_zip, evidence_html
from store.web.doors import services
from store.web.printing import INSTALL, can_print

blueprint = Blueprint("disputes", __name__, url_prefix="/disputes")
FILE = "uncategorized_file"


@blueprint.get("/")
@may(Permission.SEE_ORDERS)
def index() -> str:
    asked = request.args.get("view", "")
    which = Which(asked) if asked in set(Which) else Which.OPEN
    part, now = disputes(which, request.args.get("at", "")), services().clock.now()
    return render_template(
        "staff/disputes/disputes.html",
        part=part,
        which=which,
        waiting=len(to_answer()),
        shown=[shown(one, now) for one in part.rows],
    )


@blueprint.get("/<int:dispute_id>")
@may(Permission.SHIP)
def one(dispute_id: int) -> str:
    return _page(known_dispute(dispute_id))


@blueprint.get("/<int:dispute_id>/answer")
@may(Permission.REFUND)
@wants_fresh_factor
def answer(dispute_id: int) -> ResponseReturnValue:
    dispute = known_dispute(dispute_id)
    if not dispute.is_answerable or dispute.asked_key is not None:
        return _page(dispute, alert=_words(NotAnswerableError())), 409
    return _answer_page(dispute, AnswerForm(data={"statement": dispute.statement}))


@blueprint.post("/<int:dispute_id>/answer")
@may(Permission.REFUND)
@wants_fresh_factor
def send(dispute_id: int) -> ResponseReturnValue:
    """Keep the words, and with them the evidence at Stripe or before the bank, as was pressed."""
    dispute, form, actor = known_dispute(dispute_id), AnswerForm(request.form), _actor()
    what = request.form.get("what", "")
    if not form.validate():
        return _answer_page(dispute, form), 422
    with writing():
        save_statement(dispute_id, form.statement.data or "", services(), actor)
    if what not in {Ask.KEEP, Ask.SUBMIT}:
        say(_("Saved. Nothing was sent."))
        return redirect(url_for("disputes.answer", dispute_id=dispute_id), 303)
    names_goods = bool(form.names_goods.data)
    try:
        evidence = _evidence(dispute_id, names_goods=names_goods)
        with writing():
            ask(dispute_id, Ask(what), evidence, services(), actor)
    except (StoreError, UnavailableError) as refused:
        end_reading()
        return _page(known_dispute(dispute_id), alert=_words(refused)), 409
    return _sent(dispute_id, Ask(what))


@blueprint.post("/<int:dispute_id>/acceptance")
@may(Permission.REFUND)
@wants_fresh_factor
def accept(dispute_id: int) -> ResponseReturnValue:
    known_dispute(dispute_id)
    actor = _actor()
    try:
        with writing():
            ask(dispute_id, Ask.ACCEPT, {}, services(), actor)
    except StoreError as refused:
        end_reading()
        return _page(known_dispute(dispute_id), alert=_words(refused)), 409
    return _sent(dispute_id, Ask.ACCEPT)


@blueprint.post("/<int:dispute_id>/shipping")
@may(Permission.REFUND)
@wants_fresh_factor
def ship_anyway(dispute_id: int) -> ResponseReturnValue:
    known_dispute(dispute_id)
    actor = _actor()
    with writing():
        send_anyway(dispute_id, services(), actor)
    say(_("It may be sent. If the dispute is lost, goods and money are gone."))
    return _back(dispute_id)


@blueprint.get("/<int:dispute_id>/evidence.zip")
@may(Permission.SHIP)
def evidence_zip(dispute_id: int) -> ResponseReturnValue:
    dispute = known_dispute(dispute_id)
    number = dispute.order.number
    package, invoice = _package(dispute, names_goods=True), _invoice(dispute)
    packed = as_zip(package, invoice, made_at=services().clock.now())
    return _file(packed, "application/zip", f"{number}-evidence.zip")


@blueprint.get("/<int:dispute_id>/evidence.pdf")
@may(Permission.SHIP)
def evidence_pdf(dispute_id: int) -> ResponseReturnValue:
    dispute = known_dispute(dispute_id)
    number = dispute.order.number
    html = evidence_html(_package(dispute), made_at=services().clock.now())
    try:
        made = as_pdf(html)
    except UnavailableError:
        return render_template("staff/orders/no_pdf.html", install=INSTALL), 503
    return _file(made, "application/pdf", f"{number}-evidence.pdf")


def _evidence(dispute_id: int, *, names_goods: bool) -> dict[str, str]:
    """Return what goes to Stripe, the paper among it where one can be made; it is uploaded first.

    Raises GatewayUnknownError, GatewayRefusedError.
    """
    package = _package(known_dispute(dispute_id), names_goods=names_goods)
    fields = dict(package.fields)
    html = evidence_html(package, made_at=services().clock.now())
    try:
        made = as_pdf(html)
    except UnavailableError:
        # Without a printer the fields say the same.
        return fields
    return fields | {FILE: services().payments.keep_file(f"{package.number}.pdf", made)}


def _sent(dispute_id: int, what: Ask) -> ResponseReturnValue:
    try:
        send_answer(dispute_id, services())
    except GatewayRefusedError:
        end_reading()
        words = _("Stripe refused it, and nothing was sent. The timeline of the order says why.")
        return _page(known_dispute(dispute_id), alert=words), 409
    except GatewayUnknownError:
        db.session.rollback()
        say(_("Stripe has not answered. It is written down and asked for again, once and no more."))
        return _back(dispute_id)
    words = {
        Ask.KEEP: _("Kept at Stripe. The bank sees nothing of it until it is submitted."),
        Ask.SUBMIT: _("Submitted. The bank decides now; that may take two months."),
        Ask.ACCEPT: _("Accepted. The bank keeps the money."),
    }
    say(words[what])
    return _back(dispute_id)


def _actor() -> Actor:
    return Actor.of(signed_in())


def _back(dispute_id: int) -> ResponseReturnValue:
    return redirect(url_for("disputes.one", dispute_id=dispute_id), 303)


def _package(dispute: Dispute, *, names_goods: bool = False) -> Package:
    return gather(dispute, branded(services().settings), names_goods=names_goods)


def _invoice(dispute: Dispute) -> Paper | None:
    try:
        return invoice_of(dispute.order, branded(services().settings))
    except NotFoundError:
        return None


def _file(content: bytes, kind: str, name: str) -> Response:
    response = Response(content, mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _words(refused: Exception) -> str:
    match refused:
        case BeingAnsweredError():
            words = _("An answer is under way already; Stripe has not said what became of it.")
        case NotAnswerableError():
            words = _("It takes no answer any more: one is under way or given, or it has ended.")
        case GatewayUnknownError():
            words = _("Stripe does not answer, so nothing was sent. Your words are saved.")
        case GatewayRefusedError():
            words = _("Stripe refused the file, so nothing was sent. Your words are saved.")
        case _:
            words = _("It cannot be done as it stands.")
    return str(words)


def _page(dispute: Dispute, *, alert: str = "") -> str:
    package = _package(dispute)
    return render_template(
        "staff/disputes/dispute.html",
        dispute=dispute,
        order=dispute.order,
        shown=shown(dispute, services().clock.now()),
        package=package,
        fields=[(field_words(name), text) for name, text in package.fields.items()],
        holds=holds_shipping(dispute.order),
        has_left=any(line.left_to_ship for line in dispute.order.lines),
        bars=bars_refund(dispute),
        has_printer=can_print(),
        alert=alert,
        changes=changes.shown(history(thing_of(dispute), limit=20), UNDOING, may_undo=False),
    )


def _answer_page(dispute: Dispute, form: AnswerForm) -> str:
    package = _package(dispute, names_goods=bool(form.names_goods.data))
    return render_template(
        "staff/disputes/answer.html",
        dispute=dispute,
        order=dispute.order,
        shown=shown(dispute, services().clock.now()),
        form=form,
        fields=[(field_words(name), text) for name, text in package.fields.items()],
        longest=LONGEST_STATEMENT,
        has_printer=can_print(),
    )
