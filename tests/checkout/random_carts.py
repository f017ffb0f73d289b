"""Carts at random, taken to Stripe: what was charged against what lines and gift cards say."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count

from hypothesis import strategies as st
from sqlalchemy import select

from store.cart import basket
from store.cart.contents import CartContents, contents
from store.cart.gift_cards import CardShown, add_card
from store.cart.models import Cart
from store.catalog.models import Variant
from store.checkout.drafting import CartNotReadyError
from store.checkout.free import order_for_nothing
from store.checkout.paying import pay_page_for
from store.checkout.settling import settle
from store.database import db, writing
from store.gift_cards.codes import hash_of, new_code
from store.gift_cards.issuing import Addressee, issue_by_hand
from store.gift_cards.ledger import Cause
from store.gift_cards.mailing import LAST
from store.gift_cards.models import GiftCard
from store.money import Money, smallest_charge_step
from store.orders.models import Order, OrderState
from store.payments.gateway import Recipient
from store.pricing.discounts import DiscountKind
from store.pricing.models import Discount, Scope
from store.pricing.writing_discounts import DiscountWanted, make_discount
from store.sandbox.stripe import Address
from tests.builders import a_product
from tests.shop import Shop

PLAIN, STICKER, GIFT_CARD = 4, 4, 5
"""So many with a price of their own, and the places of those whose price is the reader's."""
PRODUCTS = 6
MOST_STEPS = 40_000
MOST_ON_TOP = 200


@dataclass(frozen=True, slots=True)
class RandomDiscount:
    kind: DiscountKind
    basis_points: int
    steps: int
    minimum_steps: int
    products: tuple[int, ...]
    is_coded: bool
    combines: bool


@dataclass(frozen=True, slots=True)
class RandomCart:
    """Prices in chargeable steps by product, units by product, what may come off, what pays.

    chosen is how many hundredths readers put on top of the least price, where it is theirs.
    """

    prices: tuple[int, ...]
    chosen: tuple[int, ...]
    units: tuple[int, ...]
    discounts: tuple[RandomDiscount, ...]
    cards: tuple[int, ...]


def carts() -> st.SearchStrategy[RandomCart]:
    some = st.integers(1, MOST_STEPS)
    discount = st.builds(
        RandomDiscount,
        kind=st.sampled_from(DiscountKind),
        basis_points=st.integers(1, 10_000) | st.just(10_000),
        steps=some,
        minimum_steps=st.just(0) | some,
        products=st.lists(st.integers(0, STICKER), max_size=PRODUCTS, unique=True).map(tuple),
        is_coded=st.booleans(),
        combines=st.booleans(),
    )
    return st.builds(
        RandomCart,
        prices=st.tuples(*[some] * PRODUCTS),
        chosen=st.tuples(*[st.integers(0, MOST_ON_TOP)] * PRODUCTS),
        units=st.tuples(*[st.integers(0, 5)] * PRODUCTS).filter(any),
        discounts=st.lists(discount, min_size=1, max_size=3).map(tuple),
        cards=st.lists(some | st.integers(1, 10 * MOST_STEPS), max_size=3).map(tuple),
    )


class RandomShop:
    """One shop for many carts; each cart finds the prices and the discounts that it asks for."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.services = shop, shop.services
        self.currency = self.services.settings.currency
        self._numbers = count(1)
        with shop.app.app_context(), writing():
            made = [
                a_product(shop.clock, tracked=False, price=Money(1_000, self.currency))
                for _ in range(PRODUCTS)
            ]
            self.products = [product.id for product in made]
            self.variant_ids = [product.variants[0].id for product in made]
            card = made[GIFT_CARD].variants[0]
            card.is_gift_card, card.requires_shipping, card.taxable = True, False, False

    def mismatches(self, cart: RandomCart) -> list[str]:
        """Return what does not agree, in words; nothing where everything does."""
        with self.shop.app.app_context():
            try:
                return list(self._mismatches(cart))
            finally:
                db.session.rollback()

    def _mismatches(self, wanted: RandomCart) -> Iterator[str]:
        cart_id = self._filled(wanted)
        shown = self._shown(cart_id)
        try:
            order = self._paid(cart_id)
        except CartNotReadyError:
            if not shown.problems:
                yield "a cart without a problem was refused"
            return
        yield from self._compared(order, shown.totals.total)
        yield from _compared_cards(order, shown)

    def _compared(self, order: Order, shown: Money) -> Iterator[str]:
        lines = order.lines
        off = sum(line.discount_minor for line in lines)
        goods = sum(line.unit_price_minor * line.quantity - line.discount_minor for line in lines)
        named = sum(use.amount_minor for use in order.redemptions if not use.is_shipping)
        charged = sum(payment.amount_minor for payment in order.payments)
        step = smallest_charge_step(order.currency)
        if order.state != OrderState.PAID:
            yield f"{order.state}: {order.parked_reason}"
        if off != order.discount_minor or named != off:
            yield f"lines give {off}, the order {order.discount_minor}, by name {named}"
        if goods + order.shipping_minor != order.total_minor:
            yield f"lines and shipping come to {goods + order.shipping_minor}"
        if not charged == order.total_minor == shown.minor:
            yield f"shown {shown.minor}, ordered {order.total_minor}, charged {charged}"
        if any(line.total_minor < 0 or line.total_minor % step for line in lines):
            yield "a line that nobody can charge"

    def _filled(self, wanted: RandomCart) -> int:
        step = smallest_charge_step(self.currency)
        with writing():
            for past in db.session.scalars(select(Discount)):
                past.is_active, past.code_key = False, f"past-{past.id}"
            for place, price in enumerate(wanted.prices):
                self._price(place, price * step)
            code = ""
            for discount in wanted.discounts:
                code = self._made(discount) or code
            cart = basket.begin(basket.new_token(), self.services.settings, self.services.clock)
            for place, units in enumerate(wanted.units):
                if units:
                    self._put_in(cart, place, units, wanted)
            for balance in wanted.cards:
                self._pay_with_card(cart, Money(balance * step, self.currency))
            cart.discount_code = code
            return cart.id

    def _price(self, place: int, minor: int) -> None:
        variant = db.session.get_one(Variant, self.variant_ids[place])
        variant.price_minor = minor
        if place >= PLAIN:
            variant.least_minor, variant.most_minor = minor, minor * (100 + MOST_ON_TOP) // 100

    def _put_in(self, cart: Cart, place: int, units: int, wanted: RandomCart) -> None:
        chosen = None
        if place >= PLAIN:
            steps = wanted.prices[place] * (100 + wanted.chosen[place]) // 100
            chosen = Money(steps * smallest_charge_step(self.currency), self.currency)
        basket.add(cart, self.variant_ids[place], units, self.services.clock, chosen=chosen)

    def _pay_with_card(self, cart: Cart, value: Money) -> None:
        """Issue a card and type its code into the cart."""
        cause = Cause.by("Test", "at random", self.services.clock)
        card = issue_by_hand(value, Addressee("r@reader.org"), cause, self.services)
        code = new_code()
        card.code_hash, card.last_four = hash_of(code, self.services.settings), code[-LAST:]
        db.session.flush()
        add_card(cart, code, self.services.settings, self.services.clock)

    def _made(self, discount: RandomDiscount) -> str:
        """Write a discount; return its code, "" where it needs none."""
        step = smallest_charge_step(self.currency)
        kind, code = discount.kind, f"CODE-{next(self._numbers)}" if discount.is_coded else ""
        wanted = DiscountWanted(
            name="At random",
            code=code,
            kind=kind,
            currency=self.currency,
            starts_at=self.shop.clock.now(),
            basis_points=discount.basis_points if kind is DiscountKind.PERCENT else None,
            amount_minor=discount.steps * step if kind is DiscountKind.AMOUNT else None,
            minimum_minor=discount.minimum_steps * step or None,
            scope=Scope.PRODUCTS if discount.products else Scope.ALL,
            target_ids=tuple(self.products[place] for place in discount.products),
            combines=discount.combines,
        )
        make_discount(wanted, self.services.clock)
        return code

    def _shown(self, cart_id: int) -> CartContents:
        cart = db.session.get_one(Cart, cart_id)
        return contents(cart, self.services.settings, self.services.clock)

    def _paid(self, cart_id: int) -> Order:
        """Buy what is in the cart, for money or for nothing; raises CartNotReadyError."""
        cart, shown = db.session.get_one(Cart, cart_id), self._shown(cart_id)
        home = Address(country=shown.destination) if shown.requires_shipping else None
        if not shown.to_pay and not shown.problems:
            recipient = Recipient("r@reader.org", "Robin", "", {"country": shown.destination})
            return order_for_nothing(cart, recipient, "", self.services)
        pay_page_for(cart, "", self.services)
        order = db.session.scalars(select(Order).where(Order.cart_id == cart_id)).one()
        self.shop.sandbox.pay(order.session_id or "", address=home)
        settle(order, self.services)
        return db.session.scalars(
            select(Order).where(Order.cart_id == cart_id).execution_options(populate_existing=True)
        ).one()


def _compared_cards(order: Order, shown: CartContents) -> Iterator[str]:
    """Yield where gift cards paid another amount than was shown, or what they must not pay."""
    wanted = {card.card_id: card for card in shown.on_cards.cards if card.part}
    paid = {p.gift_card_id: p.amount_minor for p in order.payments if p.gift_card_id is not None}
    told = {card_id: card.part.minor for card_id, card in wanted.items()}
    if paid != told:
        yield f"gift cards were to pay {told} and paid {paid}"
    if order.charged_minor != shown.to_pay.minor:
        yield f"{shown.to_pay.minor} was left to pay, and {order.charged_minor} was asked for"
    if left := _wrongly_left(wanted):
        yield f"another amount is left on cards: {left}"
    bought = [line for line in order.lines if line.is_gift_card]
    if sum(paid.values()) > order.total_minor - sum(line.total_minor for line in bought):
        yield "gift cards were bought with gift cards"
    if any(line.discount_minor for line in bought):
        yield "a gift card was sold for less than it is worth"


def _wrongly_left(wanted: Mapping[int, CardShown]) -> dict[int, int]:
    cards = db.session.scalars(
        select(GiftCard).where(GiftCard.id.in_(wanted)).execution_options(populate_existing=True)
    )
    return {
        card.id: card.free.minor
        for card in cards
        if card.held_minor or card.free != wanted[card.id].left
    }
