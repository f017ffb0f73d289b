"""From cart to pay page: one open order a cart, every unit on hold, one page at Stripe."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import IntegrityError

from store.cart.models import Cart
from store.checkout.drafting import CartNotReadyError, draft_of
from store.checkout.settling import UNTOUCHED, converge, let_go, settle
from store.database import db, end_reading, writing
from store.errors import ConflictError, UnavailableError
from store.orders.lifecycle import advance, note
from store.orders.models import OPEN_STATES, Order, OrderState
from store.orders.placing import (
    HOLD_LENGTH,
    SESSION_LENGTH,
    Draft,
    new_session_key,
    place_order,
)
from store.orders.queries import locked_order, open_order_of
from store.payments.gateway import (
    ExpiresAtRefusedError,
    GatewayRefusedError,
    GatewayStuckError,
    GatewayUnknownError,
    PaySession,
    SessionParams,
)
from store.services import Services

TRIES = 3
FRESH = timedelta(seconds=20)
"""An order this young was placed by the same click; nobody has paid it yet."""

log = structlog.get_logger(__name__)


class PaymentMadeError(ConflictError):
    """This cart was paid, or its payment is under way: the thanks page says how it stands."""

    def __init__(self, session_id: str) -> None:
        super().__init__("this cart has been paid")
        self.session_id = session_id


class PayPageRefusedError(ConflictError):
    """Stripe will not sell this order; its units are free again and the cart is as it was."""


class PayPageUnknownError(UnavailableError):
    """Stripe did not answer; the units stay on hold and the same click is safe again."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What made the order cheaper on the page that its reader pressed."""

    discounts: frozenset[int]
    on_cards: int


def pay_page_for(
    cart: Cart,
    network: str,
    services: Services,
    *,
    agreed: Collection[int] = (),
    on_cards: int = 0,
) -> str:
    """Return the address of the pay page for what is in the cart.

    agreed are the discounts that its reader saw, on_cards is what gift cards paid there in minor
    units: with less of either nothing is sold.
    Raises CartNotReadyError, OutOfStockError, HoldLimitError, DiscountGoneError,
    GiftCardShortError and the three errors above. Opens transactions of its own, and none while
    Stripe is asked.
    """
    cart_id, seen = cart.id, Seen(frozenset(agreed), on_cards)
    for tries_left in reversed(range(TRIES)):
        order = open_order_of(cart_id)
        if order is None:
            order = _place(cart_id, network, seen, services, is_last=not tries_left)
        elif not _is_same(order, cart_id, services):
            close(order, services, because="replaced")
            continue
        url = _page_of(order, services) if order is not None else ""
        if url:
            return url
    raise PayPageUnknownError("orders of this cart kept changing while it was checked out")


def close(
    order: Order,
    services: Services,
    *,
    because: str,
    ended: OrderState = OrderState.CANCELLED,
) -> None:
    """Make sure that the pay page takes no money any more, then release the units.

    Raises PaymentMadeError when the money came first, PayPageUnknownError when nobody can tell.
    """
    if order.state == OrderState.AWAITING:
        raise PaymentMadeError(order.session_id or "")
    if order.session_id is None:
        # Whether a page was made is not known: asking again with the same key tells, or makes it.
        try:
            order = _open(order, services)
        except PayPageRefusedError:
            return
    order_id, session_id = order.id, order.session_id or ""
    end_reading()
    try:
        session = services.payments.expire_session(session_id)
    except GatewayRefusedError:
        _settle_instead(order, services)
        return
    except GatewayUnknownError as error:
        raise PayPageUnknownError("the pay page may still be open") from error
    with writing():
        order = locked_order(order_id)
        converge(order, session, services, ended=ended, because=because)


def _settle_instead(order: Order, services: Services) -> None:
    session_id = order.session_id or ""
    try:
        state = settle(order, services)
    except (GatewayUnknownError, GatewayRefusedError) as error:
        raise PayPageUnknownError("the pay page may have been paid") from error
    if state not in {OrderState.EXPIRED, OrderState.CANCELLED}:
        raise PaymentMadeError(session_id)


def _place(
    cart_id: int, network: str, seen: Seen, services: Services, *, is_last: bool
) -> Order | None:
    """Write the order; None when another click on the same cart was faster."""
    try:
        with writing():
            draft = _draft(cart_id, services)
            if not draft.to_pay:
                raise CartNotReadyError("there is nothing to pay")
            if seen.discounts - {reduction.key for reduction in draft.reductions}:
                raise CartNotReadyError("a discount went to somebody else meanwhile")
            if draft.on_cards.minor < seen.on_cards:
                raise CartNotReadyError("a gift card was spent meanwhile")
            order = place_order(draft, network, services)
    except IntegrityError:
        # What was faster may be closed again by now; what is refused each time is a fault of ours.
        if is_last and open_order_of(cart_id) is None:
            raise
        return None
    return order


def _draft(cart_id: int, services: Services) -> Draft:
    return draft_of(db.session.get_one(Cart, cart_id), services)


def _is_same(order: Order, cart_id: int, services: Services) -> bool:
    """Whether the open order sells what is in the cart now, on a page that is still open."""
    if order.state == OrderState.AWAITING:
        raise PaymentMadeError(order.session_id or "")
    page_ends_at = order.expires_at - (HOLD_LENGTH - SESSION_LENGTH)
    is_open = services.clock.now() < page_ends_at
    return is_open and order.cart_fingerprint == _draft(cart_id, services).fingerprint


def _page_of(order: Order, services: Services) -> str:
    """Return the page of an open order, or nothing when it was closed meanwhile."""
    if order.session_id is not None and services.clock.now() - order.placed_at > FRESH:
        _refuse_if_paid(order, services)
    if order.session_id is None:
        order = _open(order, services)
    return order.session_url if order.state in OPEN_STATES else ""


def _refuse_if_paid(order: Order, services: Services) -> None:
    session_id = order.session_id or ""
    try:
        state = settle(order, services)
    except GatewayUnknownError:
        # The page is known and open by our clock; Stripe itself refuses a second payment.
        return
    except GatewayRefusedError as error:
        # Our key is wrong, or the page is another account's: nobody can say whether it was paid.
        raise PayPageUnknownError("the pay page is denied") from error
    if state not in UNTOUCHED | {OrderState.EXPIRED, OrderState.CANCELLED}:
        raise PaymentMadeError(session_id)


def _open(order: Order, services: Services) -> Order:
    """Have Stripe make the page that the order asks for; the same key never makes two."""
    order_id = order.id
    try:
        session = _ask(order, services)
    except GatewayRefusedError as refused:
        _forget_refused(order_id, services)
        raise PayPageRefusedError(str(refused)) from refused
    except GatewayUnknownError as unknown:
        order = _remember_unknown(order_id, services)
        if order.session_id is None:
            raise PayPageUnknownError(str(unknown)) from unknown
        # The other half of a double click was answered while this one was not.
        return order
    return remember_page(order_id, session, services)


def _ask(order: Order, services: Services) -> PaySession:
    order_id, params, key = order.id, order.session_request, order.idempotency_key
    coupon = order.coupon_request
    end_reading()
    try:
        return services.payments.open_session(params, key=key, coupon=coupon)
    except ExpiresAtRefusedError as refused:
        if refused.server_now is None:
            raise
        end = refused.server_now + SESSION_LENGTH
    except GatewayStuckError:
        end = services.clock.now() + SESSION_LENGTH
    # A page that the first key may have made all the same can be paid by nobody: its address
    # never left Stripe.
    params, key = _renew(order_id, key, end, services)
    return services.payments.open_session(params, key=key, coupon=coupon)


def _renew(
    order_id: int, used_key: str, end: datetime, services: Services
) -> tuple[SessionParams, str]:
    """Give the request another key and end, before Stripe is asked a last time."""
    log.warning("pay_page_asked_anew", order=order_id, ends_at=end.isoformat())
    with writing():
        order = locked_order(order_id)
        if order.idempotency_key == used_key:
            order.session_request = services.payments.reschedule(order.session_request, end)
            order.idempotency_key = new_session_key(order.number)
            note(order, "pay_page_asked_anew", services.clock, ends_at=end.isoformat())
        return order.session_request, order.idempotency_key


def remember_page(order_id: int, session: PaySession, services: Services) -> Order:
    """Store the page's id on the order that asked for it; an order let go meanwhile keeps none."""
    with writing():
        order = locked_order(order_id)
        if order.session_id is None:
            order.session_id, order.session_url = session.id, session.url
            note(order, "pay_page_opened", services.clock)
        if order.state == OrderState.UNKNOWN:
            advance(order, OrderState.PENDING, services.clock, because="pay_page_found")
    return order


def _remember_unknown(order_id: int, services: Services) -> Order:
    with writing():
        order = locked_order(order_id)
        if order.session_id is None and order.state == OrderState.PENDING:
            advance(order, OrderState.UNKNOWN, services.clock, because="pay_page_unknown")
    return order


def _forget_refused(order_id: int, services: Services) -> None:
    with writing():
        order = locked_order(order_id)
        if order.session_id is None:
            let_go(order, services, to=OrderState.CANCELLED, because="pay_page_refused")
