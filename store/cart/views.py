"""Pages of the cart: one page, its forms, and the same as fragments for the drawer."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale
from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from store.cart import basket, codes, gift_cards
from store.cart.card_words import card_words
from store.cart.code_words import fault_words
from store.cart.codes import gift_card_code
from store.cart.contents import CartContents, contents
from store.cart.forms import CodeForm, DestinationForm, GiftError, LineForm, NoteForm, WayForm
from store.cart.models import Cart
from store.cart.refusals import Refusal, refusal_of
from store.catalog.choosing_prices import PriceOutOfBoundsError
from store.catalog.queries import sellable_variant
from store.database import writing
from store.errors import ConflictError, InvalidError, NotFoundError
from store.pricing.places import states_of
from store.pricing.rates import ShippingGroup
from store.pricing.shipping import groups, reachable
from store.pricing.tax import taxes
from store.web.cookies import ARTICLE, CART, CART_COUNT
from store.web.doors import own_story, services

blueprint = Blueprint("cart", __name__)

FRAGMENT = "X-Fragment"
"""Scripts name what they want instead of the page: the cart alone, or the drawer around it."""
Countries = tuple[tuple[str, str], ...]
TEMPLATES = {"cart": "cart/basket.html", "drawer": "cart/drawer.html"}


class NoCartError(NotFoundError):
    """A form of a cart was posted and there is no cart: its cookie is gone, or was forgotten."""


@dataclass(frozen=True, slots=True)
class OpenCart:
    cart: Cart
    token: str
    replaces_a_lost_one: bool = False


@blueprint.after_request
def keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.vary.add(FRAGMENT)
    return response


@blueprint.get("/cart")
def cart() -> Response:
    token = CART.read(request, services().settings)
    found = basket.cart_for(token, services().clock)
    is_lost = found is None and bool(token)
    return _show(found, notice=_notice("fresh" if is_lost else request.args.get("notice", "")))


@blueprint.post("/cart/lines")
def add_line() -> ResponseReturnValue:
    def add(cart: Cart) -> str:
        form, doors = LineForm(request.form, quantity="1"), services()
        has_replaced = basket.add(
            cart,
            form.to_variant_id(),
            form.to_quantity(least=1),
            doors.clock,
            chosen=form.to_price(cart.currency),
            gift=form.to_gift(doors.settings.zone, doors.clock.now()),
        )
        article = own_story(ARTICLE.read(request, doors.settings))
        if article:
            basket.led_here(cart, article)
        return "price" if has_replaced else ""

    return _change(add, may_begin=True)


@blueprint.post("/cart/lines/<int(max=2147483647):line_id>")
def change_line(line_id: int) -> ResponseReturnValue:
    def change(cart: Cart) -> None:
        quantity = LineForm(request.form).to_quantity(least=0)
        basket.change(cart, line_id, quantity, services().clock)

    return _change(change)


@blueprint.post("/cart/lines/<int(max=2147483647):line_id>/price")
def choose_price(line_id: int) -> ResponseReturnValue:
    def choose(cart: Cart) -> None:
        price = LineForm(request.form).to_price(cart.currency)
        basket.choose_price(cart, line_id, price, services().clock)

    return _change(choose)


@blueprint.post("/cart/lines/<int(max=2147483647):line_id>/gifts/<int(max=99):place>/remove")
def drop_gift(line_id: int, place: int) -> ResponseReturnValue:
    return _change(lambda cart: basket.drop_gift(cart, line_id, place, services().clock))


@blueprint.post("/cart/destination")
def choose_destination() -> ResponseReturnValue:
    def send_to(cart: Cart) -> None:
        settings = services().settings
        place = DestinationForm(request.form).to_place(groups(settings), taxes(settings))
        basket.send_to(cart, place, services().clock)

    return _change(send_to)


@blueprint.post("/cart/shipping")
def choose_way() -> ResponseReturnValue:
    def send_by(cart: Cart) -> None:
        basket.send_by(cart, WayForm(request.form).to_way(), services().clock)

    return _change(send_by)


@blueprint.post("/cart/note")
def write_note() -> ResponseReturnValue:
    def write(cart: Cart) -> None:
        form = NoteForm(request.form)
        is_gift = bool(form.is_gift.data)
        basket.write_note(cart, form.to_note(), services().clock, is_gift=is_gift)

    return _change(write)


@blueprint.post("/cart/discount")
def apply_code() -> ResponseReturnValue:
    def apply(cart: Cart) -> str:
        form, doors = CodeForm(request.form), services()
        code = form.to_code()
        card = gift_card_code(code)
        if card:
            gift_cards.add_card(cart, card, doors.settings, doors.clock)
            return ""
        has_replaced = codes.apply_code(cart, code, form.to_email(), doors.settings, doors.clock)
        return "replaced" if has_replaced else ""

    return _change(apply)


@blueprint.post("/cart/discount/remove")
def drop_code() -> ResponseReturnValue:
    return _change(lambda cart: codes.drop_code(cart, services().clock))


@blueprint.post("/cart/gift-cards/<int(max=2147483647):card_id>/remove")
def drop_card(card_id: int) -> ResponseReturnValue:
    return _change(lambda cart: gift_cards.drop_card(cart, card_id, services().clock))


def _change(verb: Callable[[Cart], str | None], *, may_begin: bool = False) -> ResponseReturnValue:
    """Run one verb on the reader's cart and answer with the cart, whether it was done or not.

    A verb may name the notice that its reader should read.
    """
    try:
        with writing():
            opened = _open(may_begin=may_begin)
            notice = verb(opened.cart) or ""
            units = basket.count_units(opened.cart)
    except NoCartError:
        had_one = bool(CART.read(request, services().settings))
        return _show(None, status=404, notice=_notice("fresh" if had_one else ""))
    except (PriceOutOfBoundsError, GiftError) as error:
        return _ask_again(error)
    except (InvalidError, ConflictError, NotFoundError) as error:
        return _show(_own_cart(), refusal=refusal_of(error, services().settings))
    return _done(opened, units, notice)


def _ask_again(error: PriceOutOfBoundsError | GiftError) -> ResponseReturnValue:
    """Show what was typed with what is wrong about it, where no script shows it on its page."""
    doors, refusal = services(), refusal_of(error, services().settings)
    if _fragment() or request.endpoint != "cart.add_line":
        return _show(_own_cart(), refusal=refusal)
    variant_id = LineForm(request.form).to_variant_id()
    offered = sellable_variant(variant_id, currency=doors.settings.currency, now=doors.clock.now())
    page = render_template("cart/choose.html", offered=offered, refusal=refusal, typed=request.form)
    return make_response(page, refusal.status)


def _open(*, may_begin: bool) -> OpenCart:
    doors = services()
    token = CART.read(request, doors.settings)
    found = basket.cart_for(token, doors.clock)
    if found is not None:
        # Prices are read anew, so a shop that changed its currency takes its carts along.
        found.currency = doors.settings.currency
        return OpenCart(found, token)
    if not may_begin:
        raise NoCartError("no cart")
    fresh = basket.new_token()
    cart = basket.begin(fresh, doors.settings, doors.clock)
    return OpenCart(cart, fresh, replaces_a_lost_one=bool(token))


def _own_cart() -> Cart | None:
    return basket.cart_for(CART.read(request, services().settings), services().clock)


def _done(opened: OpenCart, units: int, notice: str) -> Response:
    settings = services().settings
    notice = "fresh" if opened.replaces_a_lost_one else notice
    if _fragment():
        response = _show(opened.cart, notice=_notice(notice))
    else:
        response = make_response(redirect(url_for("cart.cart", notice=notice or None), code=303))
    CART.give(response, opened.token, settings)
    CART_COUNT.give(response, str(units), settings)
    return response


def _show(
    cart: Cart | None, *, status: int = 200, refusal: Refusal | None = None, notice: str = ""
) -> Response:
    doors, fragment = services(), _fragment()
    shown = contents(cart, doors.settings, doors.clock) if cart else None
    page = render_template(
        TEMPLATES.get(fragment, "cart/cart.html"),
        cart=shown,
        code_fault=_code_fault(shown),
        card_faults=_card_faults(shown),
        refusal=refusal,
        notice=notice,
        typed=request.form,
        countries=_countries(shown),
        states=states_of(shown.destination if shown else ""),
        is_drawer=fragment == "drawer",
    )
    response = make_response(page, refusal.status if refusal else status)
    if fragment:
        response.headers[FRAGMENT] = fragment
    return response


def _fragment() -> str:
    wanted = request.headers.get(FRAGMENT, "")
    return wanted if wanted in TEMPLATES else ""


def _notice(name: str) -> str:
    """Return the words of a notice that an address may ask for; unknown names say nothing."""
    notices: dict[str, str] = {
        "fresh": _("Your last cart had expired, so this is a fresh one."),
        "changed": _("Something changed since you looked. Read the cart again, then check out."),
        "back": _("Nothing was paid. Your cart is as you left it."),
        "price": _("The price that you chose now took the place of the one before."),
        "restored": _("Your cart is here again. Prices and stock are those of now."),
        "restored_less": _(
            "Your cart is here again, without what is no longer sold."
            " Prices and stock are those of now."
        ),
        "replaced": _("One code counts at a time: this one took the place of the one before."),
        "refused": _("The payment service would not take this order. Your cart is as you left it."),
    }
    return notices.get(name, "")


def _code_fault(shown: CartContents | None) -> str:
    """Say why the code in the cart takes nothing off; nothing where it does."""
    fault = shown.code.fault if shown and shown.code else None
    return fault_words(fault, services().settings) if fault else ""


def _card_faults(shown: CartContents | None) -> dict[int, str]:
    """Say of each gift card that pays nothing why, by its id."""
    cards = shown.on_cards.cards if shown else ()
    return {
        card.card_id: card_words(card.fault, services().settings) for card in cards if card.fault
    }


def _countries(shown: CartContents | None) -> Countries:
    """Return every country that we send to, by its name in the reader's language."""
    if shown is None:
        return ()
    return _named(shown.groups, get_locale() or Locale("en"))


@lru_cache(maxsize=16)
def _named(among: tuple[ShippingGroup, ...], locale: Locale) -> Countries:
    names = locale.territories
    named = ((code, names.get(code, code)) for code in reachable(among))
    return tuple(sorted(named, key=_without_accents))


def _without_accents(pair: tuple[str, str]) -> str:
    """Sort Åland beside Albania, as people look for it."""
    return unicodedata.normalize("NFKD", pair[1]).encode("ascii", "ignore").decode().casefold()
