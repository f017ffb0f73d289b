"""Adds, changes and removes what one reader means to buy; safe under double clicks and two tabs."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import timedelta
from functools import cache

from sqlalchemy import Executable, bindparam, delete, select, update

from store.cart.models import Cart, CartLine
from store.catalog.choosing_prices import PriceChoice
from store.catalog.prices.current import price_of
from store.catalog.queries import SellableVariant, sellable_variant
from store.clock import Clock
from store.database import db, insert_into
from store.errors import InvalidError, NotFoundError
from store.gift_cards.issuing import Addressee
from store.gift_cards.models import CartGiftCard
from store.gift_cards.wishes import address_units, forget_gift, keep_at_most, keep_last
from store.inventory.reservations import held_by
from store.inventory.stock import OutOfStockError
from store.money import Money
from store.pricing.places import LONGEST_POSTCODE, LONGEST_STATE, Place
from store.pricing.totals import chargeable
from store.settings import Settings
from store.statements import read

LIFETIME = timedelta(days=30)
"""How long a cart waits after its last change; its cookie lives as long."""
MOST_OF_ONE = 20
MOST_LINES = 50
NOTE_LENGTH = 500


class TooManyUnitsError(InvalidError):
    """More of one thing than a cart holds; in_cart is what was there and stays."""

    def __init__(self, wanted: int, in_cart: int) -> None:
        super().__init__(f"{wanted} more on top of {in_cart}, at most {MOST_OF_ONE}")
        self.in_cart = in_cart


class TooManyLinesError(InvalidError):
    """The cart holds as many different things as it can."""


class OtherPriceError(InvalidError):
    """Gift cards of another value, chosen by their reader, are in the cart."""

    def __init__(self, in_cart: Money) -> None:
        super().__init__(f"the cart holds gift cards of {in_cart}")
        self.in_cart = in_cart


class UnknownLineError(NotFoundError):
    """This cart has no such line: it was removed, or it is another reader's."""


def new_token() -> str:
    """Return the secret that the cart's cookie carries: 256 random bits."""
    return secrets.token_urlsafe(32)


def cart_for(token: str, clock: Clock) -> Cart | None:
    """Return the cart of this token; None when it is unknown, or older than its lifetime."""
    if not token:
        return None
    asked = {"token_hash": _hashed(token), "since": clock.now() - LIFETIME}
    return db.session.scalars(_ALIVE, asked).one_or_none()


def begin(token: str, settings: Settings, clock: Clock) -> Cart:
    """Start an empty cart; only the hash of the token is kept."""
    now = clock.now()
    cart = Cart(
        token_hash=_hashed(token),
        currency=settings.currency,
        destination=settings.country,
        created_at=now,
        updated_at=now,
    )
    db.session.add(cart)
    db.session.flush()
    return cart


def add(
    cart: Cart,
    variant_id: int,
    quantity: int,
    clock: Clock,
    *,
    chosen: Money | None = None,
    gift: Addressee | None = None,
) -> bool:
    """Put units in; those of a variant that is there already join its line.

    chosen is what its reader chose to pay, where that is hers: another price than the line has
    takes the line's place, and the answer says so. gift is to whom gift cards go.
    Raises UnknownVariantError, OutOfStockError when nothing is left, PriceOutOfBoundsError,
    OtherPriceError, TooManyUnitsError and TooManyLinesError; none of them changes the cart.
    """
    variant = sellable_variant(variant_id, currency=cart.currency, now=clock.now())
    _refuse_sold_out(cart, variant, quantity)
    price = variant.choice.checked(chosen) if variant.choice else chargeable(variant.price)
    touch(cart, clock)
    units = _units_by_variant(cart)
    in_cart = units.get(variant_id, 0)
    replaces = bool(in_cart and variant.choice) and _chooses_anew(cart, variant, price)
    if not replaces and quantity + in_cart > MOST_OF_ONE:
        raise TooManyUnitsError(quantity, in_cart)
    if not in_cart and len(units) >= MOST_LINES:
        raise TooManyLinesError
    line = {
        "cart_id": cart.id,
        "variant_id": variant_id,
        "quantity": quantity,
        "seen_price_minor": price.minor,
        "seen_currency": price.currency,
        "chosen_minor": price.minor if variant.choice else None,
        "added_at": clock.now(),
    }
    connection = db.session.connection()
    connection.execute(_put_in(connection.dialect.name, replaces=replaces), line)
    db.session.expire(cart, ["lines"])
    if gift is not None and variant.is_gift_card:
        address_units(_line_of(cart, variant_id), gift, quantity)
    return replaces


def change(cart: Cart, line_id: int, quantity: int, clock: Clock) -> None:
    """Set the quantity of a line, 0 removes it; its reader has now seen the price of today."""
    if quantity > MOST_OF_ONE:
        raise TooManyUnitsError(quantity, 0)
    touch(cart, clock)
    line = _own_line(cart, line_id)
    if quantity:
        line.quantity = quantity
        choice = PriceChoice.of_variant(line.variant)
        if choice is None:
            price = price_of(line.variant_id, clock.now())
            line.seen_price = chargeable(price or line.variant.price)
        keep_at_most(line.id, quantity)
    else:
        db.session.delete(line)
    db.session.flush()
    db.session.expire(cart, ["lines"])


def choose_price(cart: Cart, line_id: int, price: Money | None, clock: Clock) -> None:
    """Pay this for each unit of a line whose price is its reader's to choose.

    Raises UnknownLineError, PriceOutOfBoundsError.
    """
    touch(cart, clock)
    line = _own_line(cart, line_id)
    choice = PriceChoice.of_variant(line.variant)
    if choice is None:
        raise UnknownLineError(f"the price of line {line_id} is not its reader's")
    line.seen_price = choice.checked(price)
    line.chosen_minor = line.seen_price.minor
    db.session.flush()
    db.session.expire(cart, ["lines"])


def drop_gift(cart: Cart, line_id: int, place: int, clock: Clock) -> None:
    """Have the card at this place among those of a line go to its buyer; UnknownLineError."""
    touch(cart, clock)
    if not forget_gift(_own_line(cart, line_id).id, place):
        raise UnknownLineError(f"line {line_id} has no gift at {place}")


def led_here(cart: Cart, article: str) -> None:
    """Remember the story that led here last, by the normal form of its address."""
    cart.article = article


def send_to(cart: Cart, place: Place, clock: Clock) -> None:
    """Remember where shipping is reckoned for; the caller knows that we send there."""
    touch(cart, clock)
    cart.destination = place.country
    cart.region = place.state[:LONGEST_STATE]
    cart.postcode = place.postcode[:LONGEST_POSTCODE]


def send_by(cart: Cart, way: str, clock: Clock) -> None:
    """Remember the way to send it by its name; what a place does not offer is passed over there."""
    touch(cart, clock)
    cart.shipping_name = way


def write_note(cart: Cart, note: str, clock: Clock, *, is_gift: bool) -> None:
    """Keep words for the packer or for whoever is given it, at most NOTE_LENGTH characters."""
    if len(note) > NOTE_LENGTH:
        raise InvalidError(f"{len(note)} characters in the note")
    touch(cart, clock)
    cart.note, cart.is_gift = note, is_gift


def empty(cart: Cart) -> None:
    """Take everything out, as after a payment; the cart itself and its country stay."""
    db.session.execute(delete(CartLine).where(CartLine.cart_id == cart.id))
    _begin_anew(cart)
    db.session.flush()
    db.session.expire(cart, ["lines"])


def take_out(cart_id: int | None, units: Mapping[int | None, int]) -> None:
    """Take out what was paid for, by variant; what was added since then stays in the cart."""
    # Locked before its lines are read, as every other change of a cart does.
    cart = db.session.get(Cart, cart_id, with_for_update=True) if cart_id is not None else None
    if cart is None:
        return
    lines = select(CartLine).where(CartLine.cart_id == cart.id)
    left = 0
    for line in db.session.scalars(lines.execution_options(populate_existing=True)).all():
        rest = line.quantity - units.get(line.variant_id, 0)
        if rest > 0:
            line.quantity, left = rest, left + rest
            # What is left was added since then, and so were its gifts.
            keep_last(line.id, rest)
        else:
            db.session.delete(line)
    if not left:
        _begin_anew(cart)
    db.session.flush()
    db.session.expire(cart, ["lines"])


def touch(cart: Cart, clock: Clock) -> None:
    """Renew the lifetime; the row stays locked, so that two tabs change a cart one by one."""
    db.session.connection().execute(_TOUCH, {"cart_id": cart.id, "now": clock.now()})


def count_units(cart: Cart) -> int:
    """Return what the badge shows."""
    return sum(_units_by_variant(cart).values())


def forget_old(clock: Clock) -> int:
    """Delete the carts whose lifetime is over; return how many they were."""
    old = delete(Cart).where(Cart.updated_at <= clock.now() - LIFETIME).returning(Cart.id)
    return len(db.session.scalars(old).all())


def _begin_anew(cart: Cart) -> None:
    """Forget what was said about an order that is over."""
    cart.discount_code, cart.discount_email = "", ""
    cart.note, cart.is_gift, cart.article = "", False, ""
    db.session.execute(
        delete(CartGiftCard)
        .where(CartGiftCard.cart_id == cart.id)
        .execution_options(synchronize_session=False)
    )


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


# Written once: putting an expression together costs more than asking the database. They are asked
# on the connection, where no object is made of an answer.
_ALIVE = select(Cart).where(
    Cart.token_hash == bindparam("token_hash"), Cart.updated_at > bindparam("since")
)
_TOUCH = update(Cart).where(Cart.id == bindparam("cart_id")).values(updated_at=bindparam("now"))
_UNITS = select(CartLine.variant_id, CartLine.quantity).where(
    CartLine.cart_id == bindparam("cart_id")
)


@cache
def _put_in(_dialect: str, *, replaces: bool) -> Executable:
    """Write, for each kind of database, how a line is begun, or joins or replaces the one there."""
    begun = insert_into(CartLine)
    added = begun.excluded
    return begun.on_conflict_do_update(
        index_elements=[CartLine.cart_id, CartLine.variant_id],
        set_={
            "quantity": added.quantity if replaces else CartLine.quantity + added.quantity,
            "seen_price_minor": added.seen_price_minor,
            "seen_currency": added.seen_currency,
            "chosen_minor": added.chosen_minor,
        },
    )


def _refuse_sold_out(cart: Cart, variant: SellableVariant, quantity: int) -> None:
    if not variant.is_limited or variant.available > 0:
        return
    own = held_by(cart.id).get(variant.variant_id, 0)
    if variant.available + own <= 0:
        raise OutOfStockError(variant.variant_id, quantity, 0)


def _chooses_anew(cart: Cart, variant: SellableVariant, price: Money) -> bool:
    """Whether the line of this variant has another price; gift cards of two values are refused."""
    before = db.session.scalars(
        select(CartLine.chosen_minor).where(
            CartLine.cart_id == cart.id, CartLine.variant_id == variant.variant_id
        )
    ).one()
    if before == price.minor:
        return False
    if variant.is_gift_card and before is not None:
        # They may be for different people: neither may silently become the other.
        raise OtherPriceError(Money(before, price.currency))
    return True


def _own_line(cart: Cart, line_id: int) -> CartLine:
    line = db.session.scalars(
        select(CartLine)
        .where(CartLine.id == line_id, CartLine.cart_id == cart.id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if line is None:
        raise UnknownLineError(f"cart {cart.id} has no line {line_id}")
    return line


def _line_of(cart: Cart, variant_id: int) -> int:
    return db.session.scalars(
        select(CartLine.id).where(CartLine.cart_id == cart.id, CartLine.variant_id == variant_id)
    ).one()


def _units_by_variant(cart: Cart) -> dict[int, int]:
    return dict(read(_UNITS, cart_id=cart.id))
