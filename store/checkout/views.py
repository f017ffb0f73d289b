"""Pages of the checkout: to the pay page, back from it, thanks, and where a gift of ours goes."""

from collections.abc import Mapping

from babel import Locale
from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from store.cart import basket
from store.cart.contents import CartContents, contents
from store.cart.models import Cart
from store.checkout.drafting import CartNotReadyError, countries_for, is_posted
from store.checkout.forms import ParcelForm, RecipientForm, to_recipient
from store.checkout.free import NotThereError, just_taken, order_for_nothing
from store.checkout.paying import (
    PaymentMadeError,
    PayPageRefusedError,
    PayPageUnknownError,
    close,
    pay_page_for,
)
from store.checkout.settling import NOT_YET_PAID, settle
from store.content.closing import ShopClosedError, closure
from store.content.wording import closed_words
from store.errors import NotFoundError, StoreError
from store.gift_cards.spending import GiftCardShortError
from store.inventory.stock import OutOfStockError
from store.orders.downloads.giving import downloads_of
from store.orders.holds import HoldLimitError
from store.orders.links import order_path
from store.orders.models import Order, OrderState
from store.orders.presenting import shown
from store.orders.queries import open_order_of, order_of_session
from store.payments.gateway import GatewayRefusedError, GatewayUnknownError
from store.pricing.redeeming import DiscountGoneError
from store.web.cookies import CART, CART_COUNT
from store.web.doors import services
from store.web.networks import counted_network

LONGEST_ID = 255
STOPS: Mapping[type[StoreError], tuple[str, int]] = {
    HoldLimitError: ("limit", 429),
    PayPageRefusedError: ("refused", 502),
    PayPageUnknownError: ("unknown", 503),
}

blueprint = Blueprint("checkout", __name__)


@blueprint.after_request
def keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.post("/checkout")
def check_out() -> ResponseReturnValue:
    doors, cart = services(), _own_cart()
    if cart is None:
        return _to_cart()
    try:
        _want_open_shop()
        now = _agreed(cart)
        if not now.to_pay:
            return redirect(url_for("checkout.free"), code=303)
        page = pay_page_for(
            cart,
            counted_network(),
            doors,
            agreed=[reduction.key for reduction in now.totals.reductions],
            on_cards=now.on_cards.amount.minor,
        )
        return redirect(page, code=303)
    except StoreError as error:
        return _answer(error)


@blueprint.get("/checkout/free")
def free() -> ResponseReturnValue:
    """Ask where an order goes that leaves nothing to pay: no pay page asks for it."""
    cart = _own_cart()
    now = contents(cart, services().settings, services().clock) if cart else None
    if now is None or now.problems or now.to_pay:
        return _to_cart()
    return _free_page(now, _recipient_form(now, has_typed=False))


@blueprint.post("/checkout/free")
def take_free() -> ResponseReturnValue:
    cart = _own_cart()
    if cart is None:
        return _to_cart()
    taken = just_taken(cart, services())
    if taken is not None and not basket.count_units(cart):
        return _to_order(taken)
    try:
        _want_open_shop()
        now = _agreed(cart)
        form = _recipient_form(now, has_typed=True)
        recipient = to_recipient(form, countries_for(now))
        if recipient is None:
            return _free_page(now, form), 422
        return _to_order(order_for_nothing(cart, recipient, counted_network(), services()))
    except StoreError as error:
        return _answer(error)


@blueprint.get("/checkout/back")
def back() -> ResponseReturnValue:
    """Close the pay page of this reader's cart; anybody else's order is out of reach."""
    cart = _own_cart()
    order = open_order_of(cart.id) if cart and _is_visit() else None
    if order is None:
        return _to_cart()
    try:
        close(order, services(), because="went_back")
    except PaymentMadeError as paid:
        return _to_thanks(paid.session_id)
    except PayPageUnknownError:
        # The page may still be open, so nothing is said about it; the sweep closes it.
        return _to_cart()
    return _to_cart("back")


@blueprint.get("/checkout/thanks")
def thanks() -> ResponseReturnValue:
    order = _order_of_address()
    is_own = _is_own(order)
    number = order.number
    is_certain = _settles(order)
    page = render_template(
        "checkout/thanks.html",
        order=shown(order),
        number=number,
        is_certain=is_certain and order.state not in {OrderState.PENDING, OrderState.UNKNOWN},
        is_own=is_own,
        has_downloads=bool(downloads_of(order)),
        order_link=order_path(order, services().settings) if is_own else "",
        pay_page=order.session_url if is_own and order.state == OrderState.PENDING else "",
    )
    return _with_count(make_response(page)) if is_own else page


def _want_open_shop() -> None:
    closed = closure(services().clock.now())
    if closed is not None:
        raise ShopClosedError(closed.until)


def _answer(error: StoreError) -> ResponseReturnValue:
    """Say why it did not come to an order; what is no affair of the checkout is raised again."""
    match error:
        case (
            CartNotReadyError()
            | OutOfStockError()
            | DiscountGoneError()
            | GiftCardShortError()
            | NotThereError()
        ):
            return _to_cart("changed")
        case ShopClosedError():
            return _stopped("closed", 409, closed_words(error.until, ""))
        case PaymentMadeError():
            return _to_thanks(error.session_id)
        case HoldLimitError() | PayPageRefusedError() | PayPageUnknownError():
            return _stopped(*STOPS[type(error)])
    raise error


def _agreed(cart: Cart) -> CartContents:
    """Raise CartNotReadyError when the reader pressed a page whose cart is another by now."""
    now = contents(cart, services().settings, services().clock)
    shown, discounts = request.form.get("shown", ""), request.form.get("discounts", "")
    on_cards, dates = request.form.get("on_cards", 0, type=int), request.form.get("dates")
    if now.problems or not now.is_agreed(shown, discounts, on_cards, dates):
        raise CartNotReadyError("what was shown is not what would be ordered")
    return now


def _recipient_form(now: CartContents, *, has_typed: bool) -> RecipientForm:
    """Return the form that these goods want, with what is known of it."""
    known = {"country": now.destination, "email": now.code.email if now.code else ""}
    form_class = ParcelForm if is_posted(now) else RecipientForm
    form = form_class(request.form) if has_typed else form_class(data=known)
    if known["email"]:
        # A discount counts by this address, so it goes with no other.
        form.email.data = known["email"]
    return form


def _free_page(now: CartContents, form: RecipientForm) -> str:
    names = (get_locale() or Locale("en")).territories
    countries = countries_for(now)
    return render_template(
        "checkout/free.html",
        cart=now,
        form=form,
        has_parcel=is_posted(now),
        is_email_fixed=bool(now.code and now.code.email),
        countries=sorted(((c, names.get(c, c)) for c in countries), key=lambda pair: pair[1]),
    )


def _to_order(order: Order) -> ResponseReturnValue:
    return _with_count(make_response(redirect(order_path(order, services().settings), code=303)))


def _settles(order: Order) -> bool:
    """Settle what is not settled yet; False when Stripe did not say how the order stands."""
    if order.state not in NOT_YET_PAID:
        return True
    try:
        settle(order, services())
    except (GatewayUnknownError, GatewayRefusedError):
        return False
    return True


def _order_of_address() -> Order:
    given = request.args.getlist("session_id")
    if len(given) != 1 or not given[0].isascii() or not 0 < len(given[0]) <= LONGEST_ID:
        raise NotFoundError("the address names no pay page")
    order = order_of_session(given[0])
    if order is None:
        raise NotFoundError("no order has this pay page")
    return order


def _is_own(order: Order) -> bool:
    cart = _own_cart()
    return cart is not None and order.cart_id == cart.id


def _own_cart() -> Cart | None:
    return basket.cart_for(CART.read(request, services().settings), services().clock)


def _is_visit() -> bool:
    """Whether a reader goes there: no picture, frame, prefetch or HEAD may close her pay page."""
    destination = request.headers.get("Sec-Fetch-Dest", "document")
    is_seen = request.method == "GET" and "Sec-Purpose" not in request.headers
    return is_seen and destination == "document"


def _with_count(response: Response) -> Response:
    cart = _own_cart()
    if cart is not None:
        CART_COUNT.give(response, str(basket.count_units(cart)), services().settings)
    return response


def _to_cart(notice: str | None = None) -> ResponseReturnValue:
    return redirect(url_for("cart.cart", notice=notice), code=303)


def _to_thanks(session_id: str) -> ResponseReturnValue:
    return redirect(url_for("checkout.thanks", session_id=session_id), code=303)


def _stopped(why: str, status: int, words: str = "") -> ResponseReturnValue:
    page = render_template("checkout/stopped.html", why=why, words_of_staff=words)
    response = make_response(page, status)
    if status in {429, 503}:
        response.headers["Retry-After"] = "60" if status == 429 else "10"
    return response
