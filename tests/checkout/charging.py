"""Random carts in every currency, for every place, by every rule; and what is charged for them."""

from collections.abc import Iterator
from dataclasses import dataclass

from hypothesis import strategies as st

from store.cart.contents import CartContents, Reckoning, priced_line
from store.cart.gift_cards import CardShown, OnCards
from store.cart.lines import BasketLine, StockNote
from store.catalog.choosing_prices import PriceChoice
from store.catalog.models import TaxClass
from store.checkout.drafting import drafted
from store.checkout.paid_terms import take_terms
from store.checkout.settling import differences
from store.gift_cards.apportioning import apportion
from store.gift_cards.models import GiftCardUse
from store.money import Money, smallest_charge_step
from store.orders.models import Order
from store.orders.placing import new_order
from store.payments.gateway import PaySession
from store.pricing.discounts import DiscountKind, Offer
from store.pricing.models import Redemption
from store.pricing.places import Part, Place
from store.pricing.rates import PriceStep, Rate, RateKind, ShippingGroup
from store.pricing.tax import Taxes, TaxRule, TaxRules
from store.pricing.totals import Totals
from store.sandbox.stripe.purchase import Address
from store.services import Services
from tests.shop import Shop

CURRENCIES = ("AUD", "EUR", "JPY", "KWD", "USD")
PLACES = (
    Place("AU", "NSW", "2010"),
    Place("AU", "WA", "6000"),
    Place("NZ"),
    Place("DE", "", "10115"),
    Place("US", "NY", "10001"),
    Place("US", "TX", "73301"),
)
NUMBER = "GN-7K3Q-F2XW"


@dataclass(frozen=True)
class Journey:
    """A cart for a place, and which of the ways that the pay page offers is chosen there."""

    shown: CartContents
    chosen: int


@st.composite
def journeys(draw: st.DrawFn) -> Journey:
    currency = draw(st.sampled_from(CURRENCIES))
    place = draw(st.sampled_from(PLACES))
    lines = draw(st.lists(basket_lines(currency), min_size=1, max_size=6, unique_by=_line_id))
    among = draw(shipping_groups(currency))
    terms = draw(tax_terms())
    reckoned = Reckoning(
        [priced_line(line, terms, place) for line in lines],
        draw(st.lists(offers(currency), max_size=3, unique_by=_key_of_offer)),
        grams=sum(line.grams for line in lines),
        requires_shipping=any(line.requires_shipping for line in lines),
        place=place,
        among=among,
        terms=terms,
        currency=currency,
    )
    shipping, totals = reckoned.by(draw(st.sampled_from(["", "Express", "Counter"])))
    shown = CartContents(
        cart_id=1,
        lines=tuple(lines),
        totals=totals,
        shipping=shipping,
        ways=tuple(reckoned.ways(shipping, totals)),
        place=place,
        asked_for=tuple(Part),
        taxes=terms,
        groups=tuple(among),
        is_gift=False,
        note="",
        article="",
        fingerprint="",
        on_cards=draw(gift_cards(lines, totals, terms)),
    )
    return Journey(shown, draw(st.integers(0, 4)))


@st.composite
def gift_cards(draw: st.DrawFn, lines: list[BasketLine], totals: Totals, terms: Taxes) -> OnCards:
    """Return what some cards pay: nothing, a part, all but what cannot be charged, or the whole."""
    currency, total = totals.total.currency, totals.total
    step = smallest_charge_step(currency)
    near = st.integers(max(0, total.minor // step - 90), total.minor // step + 5)
    balances = draw(st.lists(st.integers(0, 4_000) | near, max_size=3))
    free = [Money(steps * step, currency) for steps in balances if not terms.is_by_stripe]
    bought = (line.total for line in lines if line.is_gift_card)
    payable = total - sum(bought, start=Money.zero(currency))
    paid = apportion(total, payable, free)
    return OnCards(
        tuple(
            CardShown(place, f"{place:04}", balance, part, None)
            for place, (balance, part) in enumerate(zip(free, paid.parts, strict=True), start=1)
        ),
        paid.whole,
        paid.kept,
    )


@st.composite
def offers(draw: st.DrawFn, currency: str) -> Offer:
    step = smallest_charge_step(currency)
    kind = draw(st.sampled_from(DiscountKind))
    amount = Money(draw(st.integers(1, 40_000)) * step, currency)
    return Offer(
        draw(st.integers(1, 100)),
        "Spring",
        kind,
        basis_points=draw(st.integers(1, 10_000)) if kind is DiscountKind.PERCENT else 0,
        amount=amount if kind is DiscountKind.AMOUNT else None,
        combines=draw(st.booleans()),
    )


@st.composite
def basket_lines(draw: st.DrawFn, currency: str) -> BasketLine:
    step = smallest_charge_step(currency)
    price = Money(draw(st.integers(50, 30_000)) * step, currency)
    quantity, is_sent = draw(st.integers(1, 20)), draw(st.booleans())
    is_gift_card = not is_sent and draw(st.booleans())
    choice = None
    if draw(st.booleans()):
        choice = PriceChoice(price, price * 3)
        price += Money(draw(st.integers(0, 2 * price.minor // step)) * step, currency)
    return BasketLine(
        line_id=draw(st.integers(1, 10_000)),
        variant_id=1,
        product_id=1,
        handle="tee",
        title="Late Edition tee",
        combination="",
        sku="",
        picture=None,
        quantity=quantity,
        unit_price=price,
        price_was=None,
        struck=None,
        total=price * quantity,
        requires_shipping=is_sent,
        grams=draw(st.integers(0, 900)) * quantity if is_sent else 0,
        tax_class=TaxClass.EXEMPT if is_gift_card else draw(st.sampled_from(list(TaxClass))),
        stock_note=StockNote.NONE,
        left=None,
        max_quantity=20,
        is_gift_card=is_gift_card,
        choice=choice,
    )


@st.composite
def shipping_groups(draw: st.DrawFn, currency: str) -> list[ShippingGroup]:
    step = smallest_charge_step(currency)

    def money() -> Money:
        return Money(draw(st.integers(0, 5_000)) * step, currency)

    def rate(name: str) -> Rate:
        kind = draw(st.sampled_from([RateKind.FLAT, RateKind.WEIGHT, RateKind.VALUE]))
        steps = (PriceStep(700, money()), PriceStep(None, money()))
        free_over = money() * 40 if draw(st.booleans()) else None
        return Rate(name, money(), free_over, 1, 5, kind, steps)

    counter = Rate("Counter", Money.zero(currency), None, 0, 0, RateKind.PICKUP)
    home = ShippingGroup("Home", ("AU",), (rate("Post"), rate("Express"), counter))
    west = ShippingGroup("West", ("AU",), (rate("Post"),), ("WA", "08*"))
    rest = ShippingGroup("World", ("DE", "NZ", "US"), (rate("Post"), rate("Express")))
    return [home, west, rest]


@st.composite
def tax_terms(draw: st.DrawFn) -> Taxes:
    rule = st.builds(
        TaxRule,
        name=st.sampled_from(["GST", "MwSt", "Sales tax"]),
        country=st.sampled_from(["AU", "DE", "US"]),
        regions=st.just(()),
        tax_class=st.sampled_from([TaxClass.STANDARD, TaxClass.REDUCED]),
        millionths=st.integers(0, 300_000),
    )
    of_state = TaxRule("State tax", "US", ("NY",), TaxClass.STANDARD, draw(st.integers(1, 150_000)))
    rules = draw(st.lists(rule, max_size=5, unique_by=_place_of_rule))
    how = TaxRules(is_included=draw(st.booleans()), by_line=draw(st.booleans()))
    return Taxes((*rules, of_state), how, is_by_stripe=draw(st.booleans()))


@dataclass(frozen=True)
class Charged:
    """An order and what its pay page took; session is None where nothing was left to pay."""

    order: Order
    session: PaySession | None
    differences: list[str]

    @property
    def received_minor(self) -> int:
        payment = self.session.payment if self.session else None
        return payment.received_minor if payment else 0


def charge(journey: Journey, shop: Shop, key: str) -> Charged | None:
    """Send a cart through the pay page and pay; None where nothing can be sent or charged."""
    shown, services = journey.shown, shop.services
    if not shown.shipping.is_possible or shown.is_too_little:
        return None
    order = ordered(shown, services)
    if not shown.to_pay:
        return Charged(order, None, [])
    opened = services.payments.open_session(
        order.session_request, key=key, coupon=order.coupon_request or None
    )
    order.session_id = opened.id
    address = Address(
        state=shown.place.state, postal_code=shown.place.postcode, country=shown.place.country
    )
    posted = order.shipping_kind == "post"
    way = min(journey.chosen, len(order.choices) - 1) if posted else 0
    shop.sandbox.pay(opened.id, address=address if posted else None, shipping=way)
    session = services.payments.session(opened.id)
    take_terms(order, session)
    return Charged(order, session, list(differences(order, session)))


def ordered(shown: CartContents, services: Services) -> Order:
    """Return the order that a cart becomes, in no database."""
    draft = drafted(shown, "http://localhost")
    order = new_order(draft, NUMBER, "network", services)
    order.redemptions = [
        Redemption(name=r.name, is_shipping=bool(r.shipping), amount_minor=r.amount.minor)
        for r in draft.reductions
    ]
    order.card_uses = [
        GiftCardUse(last_four=part.last_four, amount_minor=part.amount.minor)
        for part in draft.cards
    ]
    return order


def kinds_of(journey: Journey, charged: Charged) -> Iterator[str]:
    """Yield what there was to a cart that was ordered, in words that figures are told by."""
    shown, order, session = journey.shown, charged.order, charged.session
    yield f"currency: {order.currency}"
    yield f"sent: {order.shipping_kind}"
    if session and session.choice:
        yield "sent: by another way, chosen on the pay page"
    yield _tax_kind(shown.taxes)
    yield from (
        f"discount: {'on shipping' if use.is_shipping else 'on goods'}" for use in order.redemptions
    )
    if order.on_cards_minor:
        yield f"gift cards: pay {'a part' if session else 'all of it'}"
    if any(line.is_gift_card for line in order.lines):
        yield "gift cards: bought"
    if any(line.choice for line in shown.lines):
        yield "prices: chosen by the reader"


def _tax_kind(taxes: Taxes) -> str:
    where = "inside prices" if taxes.how.is_included else "on top"
    if taxes.is_by_stripe:
        return f"tax: {where}, by Stripe"
    return f"tax: {where}, rounded {'by line' if taxes.how.by_line else 'once'}"


def _line_id(line: BasketLine) -> int:
    return line.line_id


def _key_of_offer(offer: Offer) -> int:
    return offer.key


def _place_of_rule(rule: TaxRule) -> tuple[str, str]:
    return rule.country, rule.tax_class
