"""Another variant for what came back: an order of nothing, packed and sent like any other."""

import secrets

from sqlalchemy import select

from store.catalog.models import Variant
from store.database import db
from store.errors import ConflictError
from store.inventory import stock
from store.mail.letterhead import branded
from store.orders.lifecycle import note
from store.orders.messages import mail_new_order
from store.orders.models import Order, OrderLine, OrderState
from store.orders.numbers import new_number
from store.orders.readdressing import destination_of
from store.orders.returning.deciding import step, trace
from store.orders.returning.messages import mail_exchanged
from store.orders.returning.models import Return, ReturnLine, ReturnState
from store.orders.search_index import index_order
from store.services import Services


class SwapGoneError(ConflictError):
    """What was wished for is not sold any more: money is what is left to give."""


def exchange(asked: Return, services: Services, *, actor: str) -> Order:
    """Promise the other variant and have it packed; return the order that sends it.

    Raises DecidedError, SwapGoneError, OutOfStockError. Flushes only.
    """
    lines = [line for line in asked.lines if line.received]
    variants = _variants(lines)
    parts = [
        _line_of(line, variants[line.swap_variant_id or 0], position)
        for position, line in enumerate(lines, start=1)
    ]
    replacement = replacement_for(asked.order, parts, services)
    step(asked, ReturnState.EXCHANGED, services, replacement_id=replacement.id)
    note(replacement, "replaces", services.clock, actor=actor[:80], number=asked.order.number)
    trace(asked, "return_exchanged", services, actor=actor, number=replacement.number)
    mail_exchanged(asked, replacement, services)
    mail_new_order(replacement, services)
    return replacement


def _variants(lines: list[ReturnLine]) -> dict[int, Variant]:
    wanted = {line.swap_variant_id for line in lines}
    found = db.session.scalars(select(Variant).where(Variant.id.in_(wanted)))
    variants = {variant.id: variant for variant in found}
    if wanted != set(variants):
        raise SwapGoneError("a variant that was wished for is gone")
    return variants


def replacement_for(first: Order, lines: list[OrderLine], services: Services) -> Order:
    """Write the order of nothing that sends these lines where the first one goes, and promise them.

    Raises OutOfStockError; flushes only.
    """
    replacement = _order_of(first, lines, services)
    db.session.add(replacement)
    db.session.flush()
    wanted = [
        stock.HoldLine(line.variant_id, line.quantity, line.id)
        for line in replacement.lines
        if line.variant_id is not None
    ]
    stock.hold(wanted, None)
    stock.allocate([line.order_line_id for line in wanted])
    index_order(replacement)
    return replacement


def _order_of(first: Order, lines: list[OrderLine], services: Services) -> Order:
    now = services.clock.now()
    to, number = destination_of(first), new_number(branded(services.settings).brand_order_prefix)
    return Order(
        number=number,
        secret=secrets.token_hex(16),
        state=OrderState.PAID,
        currency=first.currency,
        subtotal_minor=0,
        shipping_minor=0,
        tax_minor=0,
        tax_included=first.tax_included,
        total_minor=0,
        email=first.email,
        name=to.name,
        phone=to.phone,
        address=dict(to.address),
        destination=first.destination,
        countries=list(first.countries),
        region=first.region,
        postcode=first.postcode,
        shipping_kind=first.shipping_kind,
        pickup=dict(first.pickup),
        shipping_name=first.shipping_name,
        is_gift=first.is_gift,
        idempotency_key=f"replacement-{number}-{secrets.token_hex(8)}",
        session_request={},
        placed_at=now,
        expires_at=now,
        paid_at=now,
        updated_at=now,
        lines=lines,
    )


def _line_of(came: ReturnLine, variant: Variant, position: int) -> OrderLine:
    return OrderLine(
        position=position,
        variant_id=variant.id,
        product_handle=came.line.product_handle,
        title=came.line.title,
        combination=variant.combination,
        sku=variant.sku or "",
        picture_hash=came.line.picture_hash,
        requires_shipping=True,
        quantity=came.received,
        unit_price_minor=0,
        total_minor=0,
    )
