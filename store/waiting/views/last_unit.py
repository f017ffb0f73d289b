"""Standing in line for a last unit: by this browser's cart, or by a link in a mail."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.cart import basket
from store.database import db, writing
from store.errors import ConflictError, InvalidError, NotFoundError
from store.inventory.models import QueuePlace, QueueState
from store.inventory.queueing import (
    NothingToWaitForError,
    QueueFullError,
    leave,
    move_to,
    place_of,
)
from store.mail.outgoing import UnmailableError
from store.newsletter.ledger import Circumstances
from store.newsletter.limits import SignupLimitError
from store.newsletter.second_step.forms import given_answer
from store.newsletter.second_step.views import step_page
from store.waiting.last_unit.asking import (
    CrowdedNetworkError,
    PlaceQuestion,
    ask_for_place,
    count_asking,
)
from store.waiting.last_unit.forms import PlaceForm
from store.waiting.last_unit.presenting import queues_of, shown_queue
from store.waiting.last_unit.tokens import PlaceEndedError, reader_behind, token_for
from store.waiting.last_unit.wording import WORDING, consent_words
from store.waiting.views.carts import cart_or_new, own_cart, remember
from store.web.doors import services
from store.web.filters import locale_in
from store.web.networks import counted_network, shortened_network

blueprint = Blueprint("last_unit", __name__)
VARIANT = "/last-unit/<int(max=2147483647):variant_id>"


@blueprint.app_context_processor
def words_of_the_queue() -> dict[str, Any]:
    """Give product pages and the cart what they show; asked for only where it is rendered."""
    return {
        "queue_consent": consent_words,
        "queue_wording": WORDING,
        "queues_of": lambda cart_id: queues_of(cart_id, services()),
    }


@blueprint.after_request
def keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    # A token may stand in the address: it must not travel with a click to anywhere.
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get(VARIANT)
def place(variant_id: int) -> str:
    return _page(variant_id)


@blueprint.post(VARIANT)
def join(variant_id: int) -> ResponseReturnValue:
    form = PlaceForm(request.form)
    # Nobody stands in line for what readers may not see.
    shown_queue(variant_id, None, services())
    if form.is_from_a_robot:
        return _back(variant_id)
    try:
        return _join(_question(variant_id, form))
    except UnmailableError:
        words = _("That is no e-mail address. It looks like name@example.org.")
        return _refusal(variant_id, 422, error=words, email=form.typed)
    except NothingToWaitForError:
        return _refusal(variant_id, 409)
    except QueueFullError:
        words = _("The line is full: as many wait as have any hope. Look again in a while.")
        return _refusal(variant_id, 409, alert=words, email=form.typed)
    except (CrowdedNetworkError, SignupLimitError):
        words = _("Many people are asking from your network. Try again in an hour.")
        return _refusal(variant_id, 429, alert=words, email=form.typed)


@blueprint.post(VARIANT + "/leaving")
def leave_line(variant_id: int) -> ResponseReturnValue:
    with writing():
        cart = own_cart()
        found = place_of(variant_id, cart.id) if cart is not None else None
        if found is not None:
            leave(found.id)
    return _back(variant_id)


@blueprint.post(VARIANT + "/cart")
def take(variant_id: int) -> ResponseReturnValue:
    """Put what is kept for this cart into it; the cart's page goes on from there."""
    cart = own_cart()
    found = place_of(variant_id, cart.id) if cart is not None else None
    if found is None or found.state != QueueState.CALLED:
        return _refusal(variant_id, 409)
    return _into_cart(found)


@blueprint.get("/last-unit/place/<token>")
def by_link(token: str) -> str:
    reader = reader_behind(token, "place", services().settings)
    found = db.session.get_one(QueuePlace, reader.place_id)
    leave_token = token_for(reader, "leave", services().settings, services().clock)
    return _page(found.variant_id, cart_id=found.cart_id, token=token, leave_token=leave_token)


@blueprint.post("/last-unit/place/<token>")
def take_by_link(token: str) -> ResponseReturnValue:
    """Bring the place to this browser, and what is kept for it into its cart."""
    found = _place_behind(token)
    if found.state != QueueState.CALLED:
        return _refusal(found.variant_id, 409, cart_id=found.cart_id, token=token)
    return _into_cart(found)


@blueprint.get("/last-unit/leave/<token>")
def ask_to_leave(token: str) -> str:
    found = _place_behind(token, "leave")
    return render_template(
        "last_unit/leave.html",
        token=token,
        shown=shown_queue(found.variant_id, found.cart_id, services()),
    )


@blueprint.post("/last-unit/leave/<token>")
def leave_by_link(token: str) -> str:
    # RFC 8058: a mail program posts here with the token alone, and whatever body it likes.
    with writing():
        leave(_place_behind(token, "leave").id)
    return render_template("last_unit/over.html", has_left=True)


@blueprint.errorhandler(PlaceEndedError)
def say_it_ended(_error: PlaceEndedError) -> ResponseReturnValue:
    return render_template("last_unit/over.html", has_left=False), 410


def _join(question: PlaceQuestion) -> Response:
    doors, variant_id = services(), question.variant_id
    with writing():
        step = count_asking(question, doors)
        if step is not None:
            return step_page(step, url_for("last_unit.join", variant_id=variant_id))
        own = cart_or_new()
        ask_for_place(question, own.cart, doors)
        units = basket.count_units(own.cart)
    return remember(_back(variant_id), own.token, units)


def _question(variant_id: int, form: PlaceForm) -> PlaceQuestion:
    return PlaceQuestion(
        variant_id,
        email=form.to_email(),
        network=counted_network(),
        answer=given_answer(request.form),
        seen=Circumstances(
            source="product",
            locale=str(locale_in(services().settings.country)).replace("_", "-"),
            wording=form.agreed,
            network=shortened_network(),
        ),
    )


def _into_cart(found: QueuePlace) -> ResponseReturnValue:
    place_id, variant_id = found.id, found.variant_id
    try:
        with writing():
            own = cart_or_new()
            move_to(db.session.get_one(QueuePlace, place_id), own.cart.id)
            if variant_id not in {line.variant_id for line in own.cart.lines}:
                basket.add(own.cart, variant_id, 1, services().clock)
            units = basket.count_units(own.cart)
    except (ConflictError, InvalidError, NotFoundError):
        return _refusal(variant_id, 409)
    return remember(make_response(redirect(url_for("cart.cart"), code=303)), own.token, units)


def _place_behind(token: str, act: str = "place") -> QueuePlace:
    reader = reader_behind(token, act, services().settings)
    return db.session.get_one(QueuePlace, reader.place_id)


def _refusal(variant_id: int, status: int, **said: Any) -> Response:
    return make_response(_page(variant_id, **said), status)


def _page(
    variant_id: int,
    *,
    cart_id: int | None = None,
    token: str = "",
    leave_token: str = "",
    email: str = "",
    error: str = "",
    alert: str = "",
) -> str:
    if cart_id is None:
        cart = own_cart()
        cart_id = cart.id if cart is not None else None
    return render_template(
        "last_unit/place.html",
        shown=shown_queue(variant_id, cart_id, services()),
        token=token,
        leave_token=leave_token,
        email=email,
        error=error,
        alert=alert,
    )


def _back(variant_id: int) -> Response:
    return make_response(redirect(url_for("last_unit.place", variant_id=variant_id), code=303))
