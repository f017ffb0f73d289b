"""Gift cards: the list, one with its ledger, and what is done to it by hand."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import writing
from store.errors import InvalidError
from store.gift_cards.ledger import CardChangedError
from store.gift_cards.models import GiftCard
from store.gift_cards.proof import last_proof
from store.staff import changes, gift_cards
from store.staff.audit import Actor, history
from store.staff.forms.gift_card import AmountForm, IssueForm, ReasonForm, SendForm
from store.staff.gift_cards import LONGEST_SEARCH, Look
from store.staff.permissions import may, may_do, signed_in, wants_fresh_factor
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.undoing import UNDOING
from store.web.doors import services

blueprint = Blueprint("gift_card_desk", __name__, url_prefix="/gift-cards")


@blueprint.get("/")
@may(Permission.SEE_GIFT_CARDS)
def index() -> str:
    asked, typed = request.args.get("look", ""), request.args.get("q", "")[:LONGEST_SEARCH].strip()
    look = Look(asked) if asked in set(Look) else Look.LEFT
    return render_template(
        "staff/gift_cards/gift_cards.html",
        look=look,
        looks=Look,
        query=typed,
        part=gift_cards.cards_in(look, typed, request.args.get("at", "")),
        owed=gift_cards.owed(),
        proof=last_proof(),
        now=services().clock.now(),
    )


@blueprint.get("/new")
@may(Permission.EDIT_GIFT_CARDS)
def new() -> str:
    return _issue_page(IssueForm())


@blueprint.post("/new")
@may(Permission.EDIT_GIFT_CARDS)
@wants_fresh_factor
def create() -> ResponseReturnValue:
    form, actor, doors = IssueForm(request.form), Actor.of(signed_in()), services()
    addressee = form.to_addressee()
    value = form.to_amount(doors.settings.currency, may_take_off=False)
    if addressee is None or value is None:
        return _issue_page(form), 422
    with writing():
        card_id = gift_cards.issue(value, addressee, form.reason.data or "", actor, doors).id
    say(_("Issued. Its code is on its way to %(address)s.", address=addressee.recipient))
    return _to(card_id)


@blueprint.get("/<int:card_id>")
@may(Permission.SEE_GIFT_CARDS)
def one(card_id: int) -> str:
    return _page(gift_cards.card_of(card_id))


@blueprint.post("/<int:card_id>/adjustments")
@may(Permission.EDIT_GIFT_CARDS)
@wants_fresh_factor
def adjust(card_id: int) -> ResponseReturnValue:
    form, actor = AmountForm(request.form), Actor.of(signed_in())
    reason = form.to_reason()
    amount = form.to_amount(gift_cards.card_of(card_id).currency, may_take_off=True)
    if amount is None or reason is None:
        return _page(gift_cards.card_of(card_id), adjusting=form), 422
    try:
        with writing():
            card = gift_cards.card_of(card_id, locked=True)
            gift_cards.adjust(card, amount, reason, actor, services().clock)
    except (CardChangedError, InvalidError):
        form.amount.errors = [_("Less than that is free on it, or it has ended.")]
        return _page(gift_cards.card_of(card_id), adjusting=form), 409
    say(_("Done; it stands in the ledger."))
    return _to(card_id)


@blueprint.post("/<int:card_id>/voidance")
@may(Permission.EDIT_GIFT_CARDS)
@wants_fresh_factor
def void(card_id: int) -> ResponseReturnValue:
    form, actor = ReasonForm(request.form), Actor.of(signed_in())
    reason = form.to_reason()
    if reason is None:
        return _page(gift_cards.card_of(card_id), voiding=form), 422
    try:
        with writing():
            card = gift_cards.card_of(card_id, locked=True)
            gift_cards.void(card, reason, actor, services().clock)
    except CardChangedError:
        form.reason.errors = [
            _("An order is about to spend of it, or it has ended. Look again in an hour.")
        ]
        return _page(gift_cards.card_of(card_id), voiding=form), 409
    say(_("Voided. Nobody can spend it any more."))
    return _to(card_id)


@blueprint.post("/<int:card_id>/mailings")
@may(Permission.EDIT_GIFT_CARDS)
@wants_fresh_factor
def send(card_id: int) -> ResponseReturnValue:
    form, actor = SendForm(request.form), Actor.of(signed_in())
    recipient = form.to_recipient()
    if recipient is None:
        return _page(gift_cards.card_of(card_id), sending=form), 422
    try:
        with writing():
            card = gift_cards.card_of(card_id, locked=True)
            gift_cards.send_again(card, recipient, actor, services().clock)
    except CardChangedError:
        form.recipient.errors = [_("It has ended; there is nothing to mail.")]
        return _page(gift_cards.card_of(card_id), sending=form), 409
    say(_("It is mailed with another code; the one before opens nothing any more."))
    return _to(card_id)


def _to(card_id: int) -> ResponseReturnValue:
    return redirect(url_for("gift_card_desk.one", card_id=card_id), 303)


def _issue_page(form: IssueForm) -> str:
    return render_template(
        "staff/gift_cards/new.html", form=form, currency=services().settings.currency
    )


def _page(
    card: GiftCard,
    *,
    adjusting: AmountForm | None = None,
    voiding: ReasonForm | None = None,
    sending: SendForm | None = None,
) -> str:
    entries = history(gift_cards.thing_of(card), limit=10)
    return render_template(
        "staff/gift_cards/gift_card.html",
        card=card,
        entries=gift_cards.entries_of(card),
        bought_by=gift_cards.number_of(card.order_id),
        adjusting=adjusting or AmountForm(),
        voiding=voiding or ReasonForm(),
        sending=sending or SendForm(data={"recipient": card.recipient}),
        now=services().clock.now(),
        changes=changes.shown(entries, UNDOING, may_undo=may_do(Permission.EDIT_GIFT_CARDS)),
    )
