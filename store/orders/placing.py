"""Turns what a reader wants into a pending order: snapshots, units on hold, the exact request."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from store.database import db
from store.inventory import stock
from store.mail.letterhead import branded
from store.money import Money
from store.orders.holds import check_limits
from store.orders.lifecycle import note
from store.orders.models import Order, OrderLine
from store.orders.numbers import new_number
from store.orders.search_index import index_order
from store.payments.gateway import Coupon, PayLine, SessionRequest, ShippingChoice
from store.pricing import redeeming
from store.pricing.redeeming import Claim
from store.pricing.totals import Reduction
from store.services import Services

SESSION_LENGTH = timedelta(minutes=40)
"""How long the pay page is open; Stripe allows 30 minutes to 24 hours, and retries need room."""
HOLD_LENGTH = timedelta(minutes=45)
"""How long the units wait: always longer than the pay page, so that no payment comes too late."""


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One line as it will be remembered; discount and tax are of the whole line."""

    variant_id: int
    product_handle: str
    title: str
    combination: str
    sku: str
    picture_hash: str
    picture_url: str
    requires_shipping: bool
    quantity: int
    unit_price: Money
    discount: Money
    tax: Money


@dataclass(frozen=True, slots=True)
class Draft:
    """An order before it is one: priced now, every amount in one currency."""

    cart_id: int | None
    fingerprint: str
    """The same for the same contents at the same prices."""
    lines: Sequence[DraftLine]
    subtotal: Money
    discount: Money
    shipping: Money
    tax: Money
    total: Money
    destination: str
    countries: Sequence[str]
    shipping_name: str
    is_gift: bool
    note: str
    article: str
    reductions: Sequence[Reduction] = ()
    reader: str = ""
    """The hash that discounts count the reader's address by, where one counts by it."""
    email: str = ""
    """Whose address that is: the pay page takes no other."""


def place_order(draft: Draft, network: str, services: Services) -> Order:
    """Hold every unit or none and write the order.

    Raises OutOfStockError, HoldLimitError, DiscountGoneError; an order that costs nothing has no
    request, because nobody is asked for a pay page.
    A cart that has an open order already breaks a unique index (IntegrityError).
    """
    settings, now = services.settings, services.clock.now()
    wanted = {line.variant_id: line.quantity for line in draft.lines}
    check_limits(network, wanted, settings)
    number = new_number(settings.brand_order_prefix)
    request = _session_request(draft, number, services)
    order = Order(
        number=number,
        secret=secrets.token_hex(16),
        currency=draft.total.currency,
        subtotal_minor=draft.subtotal.minor,
        discount_minor=draft.discount.minor,
        shipping_minor=draft.shipping.minor,
        tax_minor=draft.tax.minor,
        tax_included=True,
        total_minor=draft.total.minor,
        destination=draft.destination,
        countries=list(request.countries),
        shipping_name=draft.shipping_name,
        is_gift=draft.is_gift,
        note=draft.note,
        article=draft.article,
        cart_id=draft.cart_id,
        cart_fingerprint=draft.fingerprint,
        network=network,
        idempotency_key=new_session_key(number),
        session_request=services.payments.session_params(request) if draft.total else {},
        coupon_request=services.payments.coupon_params(request) if draft.total else {},
        placed_at=now,
        expires_at=now + HOLD_LENGTH,
        updated_at=now,
        lines=[_snapshot(line, position) for position, line in enumerate(draft.lines, start=1)],
    )
    db.session.add(order)
    db.session.flush()
    stock.hold(_hold_lines(order), order.expires_at, holder=draft.cart_id)
    redeeming.take(draft.reductions, Claim(order.id, draft.cart_id, draft.reader, now))
    note(order, "placed", services.clock)
    index_order(order)
    return order


def new_session_key(number: str) -> str:
    return f"session-{number}-{secrets.token_hex(8)}"


def _snapshot(line: DraftLine, position: int) -> OrderLine:
    return OrderLine(
        position=position,
        variant_id=line.variant_id,
        product_handle=line.product_handle,
        title=line.title,
        combination=line.combination,
        sku=line.sku,
        picture_hash=line.picture_hash,
        requires_shipping=line.requires_shipping,
        quantity=line.quantity,
        unit_price_minor=line.unit_price.minor,
        discount_minor=line.discount.minor,
        tax_minor=line.tax.minor,
        total_minor=line.unit_price.minor * line.quantity - line.discount.minor,
    )


def _hold_lines(order: Order) -> list[stock.HoldLine]:
    return [
        stock.HoldLine(line.variant_id, line.quantity, line.id)
        for line in order.lines
        if line.variant_id is not None
    ]


def _session_request(draft: Draft, number: str, services: Services) -> SessionRequest:
    settings = services.settings
    is_shipped = any(line.requires_shipping for line in draft.lines)
    return SessionRequest(
        number=number,
        currency=draft.total.currency,
        lines=tuple(
            PayLine(
                line.title,
                line.unit_price.minor,
                line.quantity,
                line.combination,
                line.picture_url,
            )
            for line in draft.lines
        ),
        shipping=(ShippingChoice(draft.shipping_name, draft.shipping.minor),),
        countries=tuple(draft.countries) if is_shipped else (),
        expires_at=services.clock.now() + SESSION_LENGTH,
        # Stripe puts the session's id in the place of these very letters.
        success_url=f"{settings.public_url}/checkout/thanks?session_id={{CHECKOUT_SESSION_ID}}",
        cancel_url=f"{settings.public_url}/checkout/back",
        statement=branded(settings).brand_statement,
        coupon=_coupon(draft, number),
        email=draft.email,
    )


def _coupon(draft: Draft, number: str) -> Coupon | None:
    """Return what Stripe is to take off the goods; what shipping costs is told as it is."""
    named = next((reduction.name for reduction in draft.reductions if reduction.goods), "")
    if not named:
        return None
    return Coupon(f"{number}-{secrets.token_hex(8)}", named, draft.discount.minor)
