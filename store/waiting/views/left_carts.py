"""The link of a cart: agreeing to the mail, looking at what it leads to, and having it back."""

from contextlib import suppress
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.cart import basket
from store.cart.contents import contents
from store.cart.models import Cart
from store.database import db, writing
from store.mail.outgoing import UnmailableError
from store.newsletter.ledger import Circumstances
from store.newsletter.limits import SignupLimitError
from store.newsletter.second_step.forms import given_answer
from store.newsletter.second_step.views import step_page
from store.services import Services
from store.waiting.left_carts.asking import (
    LinkQuestion,
    LinkSentError,
    ask_for_link,
    link_of,
    withdraw,
)
from store.waiting.left_carts.forms import LinkForm
from store.waiting.left_carts.models import CartLink
from store.waiting.left_carts.restoring import restore
from store.waiting.left_carts.tokens import CartLinkEndedError, link_behind
from store.waiting.left_carts.wording import link_words
from store.waiting.views.carts import cart_or_new, own_cart, remember
from store.web.doors import services
from store.web.filters import locale_in
from store.web.networks import counted_network, shortened_network

blueprint = Blueprint("left_carts", __name__)


@blueprint.app_context_processor
def words_of_the_box() -> dict[str, Any]:
    """Give the cart what its box says; asked for only where it is rendered."""
    return {"link_words": lambda: link_words(services().settings), "link_of": link_of}


@blueprint.after_request
def keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    # The token stands in the address: it must not travel with a click to anywhere.
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get("/cart/link")
def box() -> ResponseReturnValue:
    cart = own_cart()
    if cart is None or not cart.lines:
        return redirect(url_for("cart.cart"), code=303)
    return _box(cart, LinkForm())


@blueprint.post("/cart/link")
def agree() -> ResponseReturnValue:
    form, cart, doors = LinkForm(request.form), own_cart(), services()
    if cart is None or not cart.lines or form.is_from_a_robot:
        return _to_cart()
    if not form.validate():
        return _box(cart, form), 422
    step = None
    try:
        # What was sent was sent: the cart's page says so.
        with suppress(LinkSentError), writing():
            step = ask_for_link(_question(form, doors), cart, doors)
    except UnmailableError:
        words = _("That is no e-mail address. It looks like name@example.org.")
        return _box(cart, form, error=words), 422
    except SignupLimitError:
        words = _("Many people are asking from your network. Try again in an hour.")
        return _box(cart, form, error=words), 429
    return step_page(step, url_for("left_carts.agree")) if step else _to_cart()


@blueprint.post("/cart/link/withdrawal")
def withdraw_here() -> ResponseReturnValue:
    with writing():
        cart = own_cart()
        found = link_of(cart.id) if cart is not None else None
        if found is not None:
            withdraw(found, services(), Circumstances(network=shortened_network()))
    return _to_cart()


@blueprint.get("/cart/link/<token>")
def look(token: str) -> str:
    """Show what the cart is now; whoever follows links by machine changes nothing."""
    link, own = _behind(token, "restore"), own_cart()
    doors, kept = services(), db.session.get_one(Cart, link.cart_id)
    other = own if own is not None and own.id != kept.id else None
    return render_template(
        "left_carts/look.html",
        token=token,
        cart=contents(kept, doors.settings, doors.clock),
        units_here=basket.count_units(other) if other is not None else 0,
    )


@blueprint.post("/cart/link/<token>")
def bring_back(token: str) -> ResponseReturnValue:
    link_id = _behind(token, "restore").id
    with writing():
        own = cart_or_new()
        restored = restore(db.session.get_one(CartLink, link_id), own.cart, services())
        units = basket.count_units(own.cart)
    notice = "restored_less" if restored.gone else "restored"
    to = redirect(url_for("cart.cart", notice=notice), code=303)
    return remember(make_response(to), own.token, units)


@blueprint.get("/cart/link/leave/<token>")
def ask_to_leave(token: str) -> str:
    _behind(token, "leave")
    return render_template("left_carts/leave.html", token=token)


@blueprint.post("/cart/link/leave/<token>")
def take_leave(token: str) -> str:
    # RFC 8058: a mail program posts here with the token alone, and whatever body it likes.
    with writing():
        seen = Circumstances(network=shortened_network())
        withdraw(_behind(token, "leave"), services(), seen)
    return render_template("left_carts/over.html", has_left=True)


@blueprint.errorhandler(CartLinkEndedError)
def say_it_ended(_error: CartLinkEndedError) -> ResponseReturnValue:
    return render_template("left_carts/over.html", has_left=False), 410


def _question(form: LinkForm, doors: Services) -> LinkQuestion:
    return LinkQuestion(
        email=form.email.data or "",
        network=counted_network(),
        answer=given_answer(request.form),
        seen=Circumstances(
            source="cart",
            locale=str(locale_in(doors.settings.country)).replace("_", "-"),
            wording=form.agreed,
            network=shortened_network(),
        ),
    )


def _behind(token: str, act: str) -> CartLink:
    return link_behind(token, act, services().settings, services().clock)


def _box(cart: Cart, form: LinkForm, *, error: str = "") -> str:
    errors = {field.name: str(field.errors[0]) for field in form if field.errors}
    if error:
        errors["email"] = error
    return render_template(
        "left_carts/ask.html",
        link=link_of(cart.id),
        email=form.email.data or "",
        agrees=bool(form.agrees.data),
        errors=errors,
    )


def _to_cart() -> Response:
    return make_response(redirect(url_for("cart.cart", _anchor="cart_link"), code=303))
