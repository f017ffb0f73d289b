"""Turns what a reader wants into a pending order: snapshots, units on hold, the exact request."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import gettext

from store.database import db
from store.gift_cards import spending
from store.gift_cards.issuing import Addressee
from store.gift_cards.spending import CardPart
from store.gift_cards.wishes import write_gifts
from store.inventory import stock
from store.mail.letterhead import branded
from store.money import Money
from store.orders.ahead.selling import Ahead, note_ahead
from store.orders.holds import check_limits
from store.orders.lifecycle import note
from store.orders.models import Order, OrderLine
from store.orders.numbers import new_number
from store.orders.search_index import index_order
from store.payments.gateway import (
    Coupon,
    PayLine,
    PayTax,
    ServiceTax,
    SessionRequest,
    ShippingChoice,
)
from store.pricing import redeeming
from store.pricing.redeeming import Claim
from store.pricing.tax import TaxRate
from store.pricing.totals import Reduction
from store.services import Services

Kept = dict[str, Any]
"""What an order keeps as JSON."""
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
    tax_name: str = ""
    tax_millionths: int = 0
    tax_code: str = ""
    is_gift_card: bool = False
    gifts: Sequence[Addressee] = ()
    ahead: Ahead | None = None
    pay_words: str = ""
    """What the pay page says beneath the title."""


@dataclass(frozen=True, slots=True)
class DraftChoice:
    """A way to send it that the pay page offers, and what the order comes to by it."""

    name: str
    days: tuple[int, int]
    shipping: Money
    tax: Money
    total: Money
    line_taxes: Sequence[int]
    tax_lines: Sequence[Kept]

    def kept(self) -> Kept:
        return {
            "name": self.name,
            "shipping": self.shipping.minor,
            "tax": self.tax.minor,
            "total": self.total.minor,
            "line_taxes": list(self.line_taxes),
            "tax_lines": list(self.tax_lines),
        }


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
    choices: Sequence[DraftChoice]
    """Ways to send it, the picked one first; none where nothing is sent."""
    tax_lines: Sequence[Kept]
    is_tax_included: bool
    is_taxed_by_service: bool
    region: str
    postcode: str
    areas: Kept
    shipping_kind: str
    pickup: Mapping[str, str]
    is_gift: bool
    note: str
    article: str
    reductions: Sequence[Reduction] = ()
    reader: str = ""
    """The hash that discounts count the reader's address by, where one counts by it."""
    email: str = ""
    """Whose address that is: the pay page takes no other."""
    cards: Sequence[CardPart] = ()
    """What gift cards pay of the total."""

    @property
    def on_cards(self) -> Money:
        return sum((part.amount for part in self.cards), start=Money.zero(self.total.currency))

    @property
    def to_pay(self) -> Money:
        """What is left for the pay page to charge."""
        return self.total - self.on_cards

    @property
    def on_cards_of_goods(self) -> Money:
        """What gift cards pay of everything but sending it."""
        return min(self.on_cards, self.total - self._sending)

    @property
    def on_cards_of_sending(self) -> Money:
        return self.on_cards - self.on_cards_of_goods

    @property
    def _sending(self) -> Money:
        of_goods = sum((line.tax for line in self.lines), start=Money.zero(self.total.currency))
        return self.shipping if self.is_tax_included else self.shipping + self.tax - of_goods


def place_order(draft: Draft, network: str, services: Services) -> Order:
    """Hold every unit or none and write the order.

    Raises OutOfStockError, HoldLimitError, DiscountGoneError, GiftCardShortError; where nothing is
    left to pay there is no request, because nobody is asked for a pay page.
    A cart that has an open order already breaks a unique index (IntegrityError).
    """
    settings = services.settings
    wanted = {line.variant_id: line.quantity for line in draft.lines}
    check_limits(network, wanted, settings)
    number = new_number(settings.brand_order_prefix)
    order = new_order(draft, number, network, services)
    db.session.add(order)
    db.session.flush()
    note_ahead(zip(order.lines, (line.ahead for line in draft.lines), strict=True))
    stock.hold(_hold_lines(order), order.expires_at, holder=draft.cart_id)
    claim = Claim(order.id, draft.cart_id, draft.reader, order.placed_at)
    redeeming.take(draft.reductions, claim)
    spending.hold(draft.cards, order.id, draft.cart_id, order.placed_at)
    for line, drafted in zip(order.lines, draft.lines, strict=True):
        write_gifts(line.id, drafted.gifts)
    note(order, "placed", services.clock)
    index_order(order)
    return order


def new_order(draft: Draft, number: str, network: str, services: Services) -> Order:
    """Return the order with its exact request, in no database yet."""
    now = services.clock.now()
    request = session_request(draft, number, services)
    return Order(
        number=number,
        secret=secrets.token_hex(16),
        currency=draft.total.currency,
        subtotal_minor=draft.subtotal.minor,
        discount_minor=draft.discount.minor,
        shipping_minor=draft.shipping.minor,
        tax_minor=draft.tax.minor,
        tax_included=draft.is_tax_included,
        tax_lines=list(draft.tax_lines),
        tax_source="stripe" if draft.is_taxed_by_service else "store",
        total_minor=draft.total.minor,
        destination=draft.destination,
        countries=list(request.countries),
        region=draft.region,
        postcode=draft.postcode,
        areas=draft.areas,
        choices=[choice.kept() for choice in draft.choices],
        shipping_name=draft.shipping_name,
        shipping_kind=draft.shipping_kind,
        pickup=dict(draft.pickup),
        is_gift=draft.is_gift,
        note=draft.note,
        article=draft.article,
        cart_id=draft.cart_id,
        cart_fingerprint=draft.fingerprint,
        network=network,
        idempotency_key=new_session_key(number),
        session_request=services.payments.session_params(request) if draft.to_pay else {},
        coupon_request=services.payments.coupon_params(request) if draft.to_pay else {},
        placed_at=now,
        expires_at=now + HOLD_LENGTH,
        updated_at=now,
        lines=[_snapshot(line, position) for position, line in enumerate(draft.lines, start=1)],
    )


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
        tax_name=line.tax_name[:60],
        tax_millionths=line.tax_millionths,
        is_gift_card=line.is_gift_card,
        total_minor=line.unit_price.minor * line.quantity - line.discount.minor,
    )


def _hold_lines(order: Order) -> list[stock.HoldLine]:
    return [
        stock.HoldLine(line.variant_id, line.quantity, line.id)
        for line in order.lines
        if line.variant_id is not None
    ]


def session_request(draft: Draft, number: str, services: Services) -> SessionRequest:
    """Return what the pay page of this draft is asked for."""
    settings = services.settings
    is_posted = draft.shipping_kind == "post"
    return SessionRequest(
        number=number,
        currency=draft.total.currency,
        lines=tuple(
            PayLine(
                line.title,
                line.unit_price.minor,
                line.quantity,
                line.pay_words or line.combination,
                line.picture_url,
                line.tax_code,
            )
            for line in draft.lines
        ),
        shipping=tuple(_choice(choice, draft) for choice in draft.choices) if is_posted else (),
        countries=tuple(draft.countries) if is_posted else (),
        expires_at=services.clock.now() + SESSION_LENGTH,
        # Stripe puts the session's id in the place of these very letters.
        success_url=f"{settings.public_url}/checkout/thanks?session_id={{CHECKOUT_SESSION_ID}}",
        cancel_url=f"{settings.public_url}/checkout/back",
        statement=branded(settings).brand_statement,
        coupon=_coupon(draft, number),
        email=draft.email,
        taxes=_taxes(draft),
        service_tax=_service_tax(draft),
    )


def _coupon(draft: Draft, number: str) -> Coupon | None:
    """Return what Stripe is to take off the goods: it knows no other way to pay less there."""
    names = [reduction.name for reduction in draft.reductions if reduction.goods][:1]
    if draft.on_cards_of_goods:
        names.append(_cards_named(draft))
    amount = draft.discount + draft.on_cards_of_goods
    if not names:
        return None
    return Coupon(f"{number}-{secrets.token_hex(8)}", " + ".join(names), amount.minor)


def _cards_named(draft: Draft) -> str:
    if len(draft.cards) > 1:
        return str(gettext("Gift cards"))
    return str(gettext("Gift card ···%(card)s", card=draft.cards[0].last_four))


def _choice(choice: DraftChoice, draft: Draft) -> ShippingChoice:
    """Return the choice at what is left to pay for it: with its tax, where we add that."""
    on_top = 0
    if not draft.is_tax_included and not draft.is_taxed_by_service:
        on_top = choice.tax.minor - sum(choice.line_taxes)
    price = choice.shipping.minor + on_top - draft.on_cards_of_sending.minor
    return ShippingChoice(choice.name, price, choice.days)


def _taxes(draft: Draft) -> tuple[PayTax, ...]:
    """Return what is added to the goods by each rate; shipping's tax is in its own price."""
    if draft.is_tax_included or draft.is_taxed_by_service:
        return ()
    found: dict[str, int] = {}
    for line in draft.lines:
        if line.tax:
            label = TaxRate.of_millionths(line.tax_name, line.tax_millionths).label
            found[label] = found.get(label, 0) + line.tax.minor
    return tuple(PayTax(label, amount) for label, amount in found.items())


def _service_tax(draft: Draft) -> ServiceTax | None:
    if not draft.is_taxed_by_service:
        return None
    return ServiceTax.INSIDE if draft.is_tax_included else ServiceTax.ON_TOP
