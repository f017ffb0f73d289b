"""Ninety days of a shop: about three hundred orders, lived through its real verbs and webhooks.

Readers buy, change their minds, are declined, wait for their bank or for what is sold out; staff
ship, refund and count. `left` is how many of each sku there are to be today.
Everything happens at its own time, in order, and the payment sandbox hears of all of it.
"""

import heapq
import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from types import MappingProxyType

import click
from sqlalchemy import select

from store.cart import basket
from store.cart.codes import CodeRefusedError, apply_code, drop_code
from store.cart.models import Cart
from store.catalog.choosing_prices import PriceChoice
from store.catalog.models import Product, ProductStatus, Variant
from store.checkout.paying import pay_page_for
from store.checkout.sweeping import end_holds
from store.clock import FixedClock
from store.database import db, writing
from store.errors import ConflictError
from store.inventory import stock
from store.money import Money
from store.orders.ahead.served import ready_units
from store.orders.disputing.standing import holds_shipping
from store.orders.models import Order, OrderState
from store.orders.queries import locked_order
from store.orders.refunding import RefundWish, refund_order
from store.orders.shipping import Parcel, ship_parcel
from store.pricing.places import Place
from store.sandbox.demonstration.after_the_sale import AfterTheSale
from store.sandbox.demonstration.buying import Till
from store.sandbox.demonstration.giving import WELCOME, make_discounts
from store.sandbox.demonstration.letters import Letters
from store.sandbox.demonstration.missing import Missing
from store.sandbox.demonstration.people import ELSEWHERE, HOME, Person, a_person
from store.sandbox.demonstration.readership import Readership
from store.sandbox.stripe import CardDeclinedError, Sandbox
from store.sandbox.stripe.delivery import Receiver
from store.services import Services

DAYS, ORDERS = 90, 300
PAYS, PAYS_LATER, FAILS_LATER = "4242424242424242", "4000000000001117", "4000000000002222"
REFUSED = ("4000000000000002", "4000000000009995")
STAFF = "Sam in the post room"
DISCOUNTS_FOR = 60
"""For how many days there has been something off."""
WITH_CODE = 0.12
"""The share of readers who have heard of the code and type it."""
Deed = Callable[[], None]


class Past:
    """What is to happen, by its moment; one deed may put later ones on the list."""

    def __init__(
        self,
        services: Services,
        clock: FixedClock,
        sandbox: Sandbox,
        webhooks: Receiver,
        *,
        orders: int = ORDERS,
        left: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        self._services, self._clock, self._orders = services, clock, orders
        self._sandbox, self._webhooks = sandbox, webhooks
        self._today = clock.now()
        self._chance = random.Random(1978)  # nosec B311 # noqa: S311 - a story to be told the same each time
        self._agenda: list[tuple[datetime, int, Deed]] = []
        self._order_of_entry = count()
        self._readership = Readership(services, clock, random.Random(1895))  # nosec B311 # noqa: S311 - as above
        self._letters = Letters(services, clock, random.Random(1843))  # nosec B311 # noqa: S311 - as above
        till = Till(services, clock, sandbox)
        self._after_the_sale = AfterTheSale(till, random.Random(1789))  # nosec B311 # noqa: S311 - as above
        self._missing = Missing(services, clock, random.Random(1867), left)  # nosec B311 # noqa: S311 - as above

    def live(self) -> None:
        """Play every deed up to today; the clock ends where it stood."""
        for index in range(self._orders):
            self._plan(self._moment_of(index), self._somebody_buys)
        begins = self._today - timedelta(days=DISCOUNTS_FOR)
        self._plan(begins, lambda: make_discounts(self._services))
        self._plan(self._today - timedelta(hours=20), self._somebody_pays_from_elsewhere)
        for deeds in (self._readership, self._letters, self._missing, self._after_the_sale):
            for moment, deed in deeds.deeds():
                self._plan(moment, deed)
        with click.progressbar(length=self._orders, label="Living through ninety days") as bar:
            while self._agenda and self._agenda[0][0] <= self._today:
                moment, _, deed = heapq.heappop(self._agenda)
                self._clock.move_to(moment)
                deed()
                self._sandbox.deliver_now(self._webhooks)
                bar.update(deed == self._somebody_buys)
        self._clock.move_to(self._today)

    def _plan(self, moment: datetime, deed: Deed) -> None:
        heapq.heappush(self._agenda, (moment, next(self._order_of_entry), deed))

    def _later(self, deed: Deed, *, hours: float) -> None:
        self._plan(self._clock.now() + timedelta(hours=hours), deed)

    def _moment_of(self, index: int) -> datetime:
        # More towards today, as a young shop grows; the last hours are left to the reader.
        share = 1 - (1 - (index + self._chance.random()) / self._orders) ** 1.4
        return self._today - timedelta(days=DAYS * (1 - share), hours=-2) - timedelta(hours=4)

    def _somebody_buys(self) -> None:
        person, fate = a_person(self._chance), self._chance.random()
        cart_id = self._fill_cart(person)
        session_id = self._check_out(cart_id) if cart_id else None
        if session_id is None:
            return
        if fate < 0.08:
            self._later(lambda: end_holds(self._services), hours=0.8)
        elif fate < 0.12:
            self._pay(session_id, person, self._chance.choice(REFUSED))
            self._later(lambda: end_holds(self._services), hours=0.8)
        elif fate < 0.15:
            self._pay_from_the_bank(session_id, person, PAYS_LATER)
        elif fate < 0.17:
            self._pay_from_the_bank(session_id, person, FAILS_LATER)
        else:
            self._pay(session_id, person, PAYS)
            self._later(lambda: self._ship(session_id), hours=self._chance.uniform(20, 90))

    def _somebody_pays_from_elsewhere(self) -> None:
        """Leave an order for staff to look at: its parcel would go where nobody paid for it."""
        at_home = Person("Noor Haddad", "noor.haddad@reader.example", HOME, "")
        cart_id = self._fill_cart(at_home)
        session_id = self._check_out(cart_id) if cart_id else None
        if session_id is not None:
            self._pay(session_id, replace(at_home, address=ELSEWHERE), PAYS)

    def _fill_cart(self, person: Person) -> int | None:
        wanted, story = self._some_variants(), self._readership.story_behind_a_sale()
        with writing():
            cart = basket.begin(basket.new_token(), self._services.settings, self._clock)
            basket.led_here(cart, story)
            basket.send_to(cart, Place(person.address.country), self._clock)
            if self._chance.random() < 0.15:
                basket.write_note(cart, person.wishes, self._clock, is_gift=True)
            for variant_id in wanted:
                units, chosen = self._chance.choice((1, 1, 1, 2)), self._some_price(variant_id)
                try:
                    basket.add(cart, variant_id, units, self._clock, chosen=chosen)
                except ConflictError:
                    continue
            if self._chance.random() < WITH_CODE:
                self._type_code(cart)
            return cart.id if basket.count_units(cart) else None

    def _some_price(self, variant_id: int) -> Money | None:
        """Return what somebody chooses to pay, where that is hers to say."""
        choice = PriceChoice.of_variant(db.session.get_one(Variant, variant_id))
        return self._chance.choice((choice.least, *choice.suggested)) if choice else None

    def _type_code(self, cart: Cart) -> None:
        try:
            apply_code(cart, WELCOME, "", self._services.settings, self._clock)
        except CodeRefusedError:
            # It has not begun.
            drop_code(cart, self._clock)

    def _some_variants(self) -> list[int]:
        on_sale = db.session.scalars(
            select(Variant.id)
            .join(Variant.product)
            .where(
                Product.status == ProductStatus.ACTIVE, Product.published_at <= self._clock.now()
            )
            .order_by(Variant.id)
        ).all()
        return self._chance.sample(on_sale, k=min(len(on_sale), self._chance.choice((1, 1, 2, 3))))

    def _check_out(self, cart_id: int) -> str | None:
        network = f"demonstration-{cart_id}"
        try:
            pay_page_for(db.session.get_one(Cart, cart_id), network, self._services)
        except ConflictError:
            return None
        return db.session.scalar(select(Order.session_id).where(Order.cart_id == cart_id))

    def _pay(self, session_id: str, person: Person, card: str) -> None:
        try:
            self._sandbox.pay(
                session_id, card, email=person.email, name=person.name, address=person.address
            )
        except CardDeclinedError:
            return

    def _pay_from_the_bank(self, session_id: str, person: Person, account: str) -> None:
        self._pay(session_id, person, account)
        self._later(lambda: self._bank_answers(session_id), hours=50)

    def _bank_answers(self, session_id: str) -> None:
        self._sandbox.settle_delayed()
        self._later(lambda: self._ship(session_id), hours=self._chance.uniform(20, 60))

    def _ship(self, session_id: str) -> None:
        order_id = self._paid_order(session_id)
        if order_id is None:
            return
        if self._chance.random() < 0.04:
            self._refund(order_id, "The parcel would have come too late")
            return
        number = f"99702{self._chance.randrange(10**9):09d}"
        with writing():
            order, parcel = locked_order(order_id), Parcel({}, "Australia Post", number)
            # What is not here yet waits, and what a bank asks back.
            if ready_units(order) and not holds_shipping(order):
                ship_parcel(order, parcel, self._services, actor=STAFF)
        if self._chance.random() < 0.06:
            self._later(lambda: self._refund_some(order_id), hours=24 * 9)

    def _paid_order(self, session_id: str) -> int | None:
        return db.session.scalar(
            select(Order.id).where(Order.session_id == session_id, Order.state == OrderState.PAID)
        )

    def _refund(self, order_id: int, reason: str) -> None:
        order = db.session.get_one(Order, order_id)
        refund_order(order, RefundWish(reason=reason), self._services, actor=STAFF)

    def _refund_some(self, order_id: int) -> None:
        order = db.session.get_one(Order, order_id)
        tenth = Money(order.total_minor // 10, order.currency)
        wish = RefundWish(tenth, reason="A seam came open; a tenth of the price")
        refund_order(order, wish, self._services, actor=STAFF)


def take_stock(left: dict[str, int], clock: FixedClock) -> None:
    """Count every shelf so that what is left for sale is what the catalogue says of each sku."""
    with writing():
        ids = [(row.sku, row.id) for row in db.session.execute(select(Variant.sku, Variant.id))]
        levels = stock.levels([variant_id for _, variant_id in ids])
        for sku, variant_id in ids:
            if sku in left and variant_id in levels:
                counted = left[sku] + levels[variant_id].reserved
                stock.count(variant_id, counted, cause="stock-take", actor=STAFF, clock=clock)
