"""Carts and discounts at random, taken to Stripe: what was charged against what the lines say."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from hypothesis import strategies as st
from sqlalchemy import select

from store.cart import basket
from store.cart.contents import CartContents, contents
from store.cart.models import Cart
from store.catalog.models import Variant
from store.checkout.drafting import CartNotReadyError
from store.checkout.free import order_for_nothing
from store.checkout.paying import pay_page_for
from store.checkout.settling import settle
from store.database import db, writing
from store.money import Money, smallest_charge_step
from store.orders.models import Order, OrderState
from store.payments.gateway import Recipient
from store.pricing.discounts import DiscountKind
from store.pricing.models import Discount, Scope
from store.pricing.writing_discounts import DiscountWanted, make_discount
from store.sandbox.stripe import Address
from tests.builders import a_product
from tests.shop import Shop

PRODUCTS = 4
MOST_STEPS = 40_000


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
    """Prices in chargeable steps by product, units by product, and what may come off."""

    prices: tuple[int, ...]
    units: tuple[int, ...]
    discounts: tuple[RandomDiscount, ...]


def carts() -> st.SearchStrategy[RandomCart]:
    some = st.integers(1, MOST_STEPS)
    discount = st.builds(
        RandomDiscount,
        kind=st.sampled_from(DiscountKind),
        basis_points=st.integers(1, 10_000) | st.just(10_000),
        steps=some,
        minimum_steps=st.just(0) | some,
        products=st.lists(st.integers(0, PRODUCTS - 1), max_size=PRODUCTS, unique=True).map(tuple),
        is_coded=st.booleans(),
        combines=st.booleans(),
    )
    return st.builds(
        RandomCart,
        prices=st.tuples(*[some] * PRODUCTS),
        units=st.tuples(*[st.integers(0, 5)] * PRODUCTS).filter(any),
        discounts=st.lists(discount, min_size=1, max_size=3).map(tuple),
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
                variant = db.session.get_one(Variant, self.variant_ids[place])
                variant.price_minor = price * step
            code = ""
            for discount in wanted.discounts:
                code = self._made(discount) or code
            cart = basket.begin(basket.new_token(), self.services.settings, self.services.clock)
            for variant_id, units in zip(self.variant_ids, wanted.units, strict=True):
                if units:
                    basket.add(cart, variant_id, units, self.services.clock)
            cart.discount_code = code
            return cart.id

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
        home = Address(country=shown.destination)
        if not shown.totals.total and not shown.problems:
            recipient = Recipient("r@reader.org", "Robin", "", {"country": shown.destination})
            return order_for_nothing(cart, recipient, "", self.services)
        pay_page_for(cart, "", self.services)
        order = db.session.scalars(select(Order).where(Order.cart_id == cart_id)).one()
        self.shop.sandbox.pay(order.session_id or "", address=home)
        settle(order, self.services)
        return db.session.scalars(
            select(Order).where(Order.cart_id == cart_id).execution_options(populate_existing=True)
        ).one()
