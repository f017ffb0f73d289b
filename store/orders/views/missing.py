"""Where a reader chooses what happens with what she paid for and what is gone."""

from collections.abc import Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import db, end_reading, writing
from store.errors import NotFoundError, StoreError
from store.mail.letterhead import branded
from store.orders.models import Order
from store.orders.queries import locked_order
from store.orders.refund_plans import DisputedError
from store.orders.shortage.choosing import (
    READER,
    Chosen,
    ChosenAlreadyError,
    SwapSoldOutError,
    choose,
)
from store.orders.shortage.forms import ChoiceForm
from store.orders.shortage.offering import LONGEST_WORDS, offers_for
from store.orders.shortage.presenting import ShownShortfall, shown_shortfalls
from store.orders.shortage.standing import live_shortfalls
from store.orders.shortage.tending import send_all
from store.orders.views.blueprint import back_to, blueprint, key_given, opened
from store.web.doors import services

EMPTY = ChoiceForm()


@blueprint.get("/orders/<number>/missing")
def missing(number: str) -> ResponseReturnValue:
    return _page(opened(number), EMPTY)


@blueprint.post("/orders/<number>/missing")
def choose_missing(number: str) -> ResponseReturnValue:
    order = opened(number)
    form = ChoiceForm.read(request.form, [one.id for one in live_shortfalls(order)])
    if form.wrong:
        is_over = not live_shortfalls(order)
        return _page(order, form, alert=_decided() if is_over else ""), 409 if is_over else 422
    try:
        refunds = _choose(order.id, form.chosen)
    except StoreError as refused:
        end_reading()
        return _page(opened(number), form, alert=_words(refused)), 409
    send_all(refunds, services())
    end_reading()
    return back_to(opened(number), "chosen")


@blueprint.get("/orders/<number>/missing/<int:shortfall_id>/instead")
def instead(number: str, shortfall_id: int) -> ResponseReturnValue:
    order = opened(number)
    one = next((one for one in live_shortfalls(order) if one.id == shortfall_id), None)
    if one is None:
        if any(shown.id == shortfall_id for shown in _shown(order)):
            return _page(order, EMPTY, alert=_decided()), 409
        raise NotFoundError("nothing of this order is missing there")
    words = " ".join(request.args.get("q", "").split())[:LONGEST_WORDS]
    return render_template(
        "orders/missing_instead.html",
        number=order.number,
        key=key_given(),
        one=next(shown for shown in _shown(order) if shown.id == shortfall_id),
        offers=offers_for(one, services().clock, words),
        words=words,
    )


def _choose(order_id: int, chosen: Sequence[Chosen]) -> list[int]:
    with writing():
        return choose(locked_order(order_id), chosen, services(), actor=READER)


def _shown(order: Order) -> list[ShownShortfall]:
    doors = services()
    return shown_shortfalls(order, branded(doors.settings), doors.clock, has_offers=True)


def _page(order: Order, form: ChoiceForm, *, alert: str = "") -> str:
    db.session.expire_all()
    rows = _shown(order)
    return render_template(
        "orders/missing.html",
        number=order.number,
        key=key_given(),
        rows=[one for one in rows if one.is_live],
        done=[one for one in rows if not one.is_live],
        is_whole=not any(line.shipped for line in order.lines),
        form=form,
        alert=alert or form.wrong.get("", ""),
    )


def _decided() -> str:
    return str(
        _(
            "That was decided meanwhile: by you in another window, by us, or because it is here"
            " after all. This is how it stands."
        )
    )


def _words(refused: StoreError) -> str:
    match refused:
        case SwapSoldOutError():
            words = _(
                "What you chose instead was bought by somebody else just now. Nothing of your"
                " choice is done yet: please choose again."
            )
        case ChosenAlreadyError():
            words = _decided()
        case DisputedError():
            words = _(
                "Your bank has taken this payment back, or asks about it, so we cannot give it"
                " back a second time. Answer any of our mails, and a person helps."
            )
        case _:
            words = _(
                "It cannot be done as it stands. Answer any of our mails, and a person helps."
            )
    return str(words)
