"""How one reader of the demonstration buys what the story wants, by the shop's own verbs."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select

from store.cart import basket
from store.cart.gift_cards import add_card
from store.cart.models import Cart
from store.catalog.models import Product, Variant
from store.checkout.free import order_for_nothing
from store.checkout.paying import pay_page_for
from store.clock import FixedClock
from store.database import db, writing
from store.gift_cards.codes import read_code
from store.orders.models import Order
from store.payments.gateway import Recipient
from store.pricing.places import Place
from store.sandbox.demonstration.people import Person
from store.sandbox.stripe import Sandbox
from store.services import Services

Deed = Callable[[], None]
Planned = tuple[datetime, Deed]


@dataclass(frozen=True, slots=True)
class Till:
    """The shop, and the payments of its readers."""

    services: Services
    clock: FixedClock
    sandbox: Sandbox

    def pay(self, person: Person, wanted: Mapping[int, int]) -> str:
        """Buy these units by variant, and pay; return the session; nobody has heard of it yet."""
        session_id = self.check_out(person, wanted)
        is_posted = db.session.scalar(
            select(Order.shipping_kind).where(Order.session_id == session_id)
        )
        self.sandbox.pay(
            session_id,
            email=person.email,
            name=person.name,
            address=person.address if is_posted == "post" else None,
        )
        return session_id

    def check_out(self, person: Person, wanted: Mapping[int, int]) -> str:
        cart_id = self._cart(person, wanted)
        pay_page_for(db.session.get_one(Cart, cart_id), f"demonstration-{cart_id}", self.services)
        found = select(Order.session_id).where(Order.cart_id == cart_id)
        return db.session.scalars(found).one() or ""

    def pay_by_card(self, person: Person, wanted: Mapping[int, int], code: str) -> None:
        """Buy what one gift card pays wholly."""
        cart_id = self._cart(person, wanted)
        with writing():
            cart = db.session.get_one(Cart, cart_id)
            add_card(cart, read_code(code), self.services.settings, self.clock)
        address = {name: value for name, value in asdict(person.address).items() if value}
        recipient = Recipient(person.email, person.name, "", address)
        cart = db.session.get_one(Cart, cart_id)
        order_for_nothing(cart, recipient, f"demonstration-{cart_id}", self.services)

    def _cart(self, person: Person, wanted: Mapping[int, int]) -> int:
        with writing():
            cart = basket.begin(basket.new_token(), self.services.settings, self.clock)
            basket.send_to(cart, Place(person.address.country), self.clock)
            for variant_id, units in wanted.items():
                basket.add(cart, variant_id, units, self.clock)
            return cart.id


def variants_of(handle: str) -> list[int]:
    """Return the variants of a product; none where the shop has no such product."""
    return list(
        db.session.scalars(
            select(Variant.id)
            .join(Product, Product.id == Variant.product_id)
            .where(Product.handle == handle)
            .order_by(Variant.position)
        )
    )
