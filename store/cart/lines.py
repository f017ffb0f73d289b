"""The lines of a cart at this moment: what each is, what it costs, and whether it is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, select

from store.cart.basket import MOST_OF_ONE
from store.cart.models import Cart, CartLine
from store.catalog import rows
from store.catalog.choosing_prices import PriceChoice
from store.catalog.models import Product, StockPolicy, TaxClass, Variant
from store.catalog.presenting import Picture
from store.catalog.prices.current import COMPARE_AT, PRICE, with_changes
from store.catalog.rows import Pictures
from store.clock import Clock
from store.database import db
from store.gift_cards.issuing import Addressee
from store.gift_cards.wishes import gifts_of
from store.inventory import stock
from store.inventory.models import StockLevel
from store.inventory.queue import held_among
from store.inventory.reservations import held_by
from store.money import Money
from store.pricing.totals import chargeable
from store.settings import Settings


class StockNote(StrEnum):
    """What a reader is told of a line's stock; those of BLOCKING stop a checkout."""

    GONE = "gone"
    SOLD_OUT = "sold_out"
    TOO_MANY = "too_many"
    LOW = "low"
    BACKORDER = "backorder"
    PREORDER = "preorder"
    HELD = "held"
    NONE = "none"


BLOCKING = frozenset({StockNote.GONE, StockNote.SOLD_OUT, StockNote.TOO_MANY, StockNote.HELD})
UNCOUNTED = frozenset({StockNote.GONE, StockNote.SOLD_OUT, StockNote.HELD})


@dataclass(frozen=True, slots=True)
class BasketLine:
    """One line; price_was is what its reader saw when it is no longer the price.

    struck is what its product's page strikes through beside the price, while that is reduced.
    left is given where it matters: how many there are when few are, or fewer than wanted.
    """

    line_id: int
    variant_id: int
    product_id: int
    handle: str
    title: str
    combination: str
    sku: str
    picture: Picture | None
    quantity: int
    unit_price: Money
    price_was: Money | None
    struck: Money | None
    total: Money
    requires_shipping: bool
    grams: int
    """What all its units weigh; 0 where nobody said."""
    tax_class: TaxClass
    stock_note: StockNote
    left: int | None
    max_quantity: int
    is_gift_card: bool = False
    gifts: tuple[Addressee, ...] = ()
    """To whom units of a gift card go; those beyond go to the buyer."""
    choice: PriceChoice | None = None
    """What may be chosen, where the price is the reader's."""
    ahead: int = 0
    """How many of its units are sold before they are here."""
    ships_on: date | None = None
    """When those leave, where it is told."""

    @property
    def is_blocking(self) -> bool:
        return self.stock_note in BLOCKING or self.must_choose

    @property
    def must_choose(self) -> bool:
        """Whether the price that was chosen is none that may be chosen now."""
        return self.choice is not None and not self.choice.allows(self.unit_price)

    @property
    def is_counted(self) -> bool:
        """Say whether the totals hold it: what nobody can buy costs nothing."""
        return self.stock_note not in UNCOUNTED

    @property
    def is_dearer(self) -> bool:
        was = self.price_was
        return was is not None and (
            was.currency != self.unit_price.currency or was < self.unit_price
        )


def cart_lines(cart: Cart, settings: Settings, clock: Clock) -> list[BasketLine]:
    """Return the lines of a cart in the order they were put in, as things stand now."""
    now = clock.now()
    is_sold = rows.is_public(now) & (Variant.currency == settings.currency)
    asked = (
        select(CartLine, Variant, Product, is_sold, PRICE, COMPARE_AT)
        .join(Variant, Variant.id == CartLine.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .where(CartLine.cart_id == cart.id)
        .order_by(CartLine.id)
        .execution_options(populate_existing=True)
    )
    found = db.session.execute(with_changes(asked, now)).all()
    variant_ids = [line.variant_id for line, *_ in found]
    levels, own = stock.levels(variant_ids), held_by(cart.id)
    shelves = _shelves(variant_ids, levels, own)
    pictures = rows.pictures([product.id for _, _, product, *_ in found])
    struck = _struck(found, now)
    gifts = gifts_of([line.id for line, variant, *_ in found if variant.is_gift_card])
    shown = []
    for line, variant, product, sold, minor, _before in found:
        shelf = shelves[variant.id]
        note = _stock_note(variant, line.quantity, shelf) if sold else StockNote.GONE
        gallery = pictures.get(product.id, Pictures())
        picture = gallery.of(variant.id) or (gallery.all[0] if gallery.all else None)
        price = Money(minor, variant.currency)
        choice = PriceChoice.of_variant(variant)
        if choice is not None:
            price = Money(line.chosen_minor or variant.price_minor, variant.currency)
        taken = _Found(
            line,
            variant,
            product,
            price,
            None if choice else struck.get(variant.id),
            picture,
            choice,
            gifts.get(line.id, ()),
        )
        shown.append(_line(taken, note, shelf, settings))
    return shown


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What there is of one variant for this cart, with what is kept for it already.

    to_come is what may be sold beyond that: None where nobody counts it.
    """

    available: int
    to_come: int | None
    comes_on: date | None
    is_held: bool

    def left(self, variant: Variant) -> int | None:
        """Return how many units this cart can have; None where there is no limit."""
        if not variant.tracked:
            return None
        if variant.policy == StockPolicy.DENY:
            return self.available
        return None if self.to_come is None else self.available + self.to_come


def _shelves(
    variant_ids: Sequence[int], levels: Mapping[int, StockLevel], own: Mapping[int, int]
) -> Mapping[int, _Shelf]:
    """Return what there is of each; who else pays is asked only of what is gone."""
    free = {number: levels[number].available + own.get(number, 0) for number in levels}
    gone = [number for number, units in free.items() if units <= 0]
    held = held_among(gone) if gone else frozenset()
    return {
        number: _Shelf(
            free.get(number, own.get(number, 0)),
            levels[number].to_come if number in levels else 0,
            levels[number].comes_on if number in levels else None,
            number in held,
        )
        for number in variant_ids
    }


@dataclass(frozen=True, slots=True)
class _Found:
    line: CartLine
    variant: Variant
    product: Product
    price: Money
    struck: Money | None
    picture: Picture | None
    choice: PriceChoice | None
    gifts: tuple[Addressee, ...]


def _struck(found: Sequence[Row[*tuple[Any, ...]]], now: datetime) -> Mapping[int, Money]:
    """Return what to strike through, by variant, beside prices that are reduced at this moment."""
    reduced = {
        variant.id: (Money(minor, variant.currency), Money(before, variant.currency))
        for _, variant, _, is_sold, minor, before in found
        if is_sold and before is not None
    }
    return rows.struck_prices(reduced, now=now)


def _line(found: _Found, note: StockNote, shelf: _Shelf, settings: Settings) -> BasketLine:
    line, variant, product = found.line, found.variant, found.product
    # What is gone may be priced in money that the shop no longer takes: it comes to nothing.
    is_gone = note is StockNote.GONE
    price = Money.zero(settings.currency) if is_gone else chargeable(found.price)
    left = shelf.left(variant)
    tells_left = note in {StockNote.LOW, StockNote.TOO_MANY}
    return BasketLine(
        line_id=line.id,
        variant_id=variant.id,
        product_id=product.id,
        handle=product.handle,
        title=product.title,
        combination=variant.combination,
        sku=variant.sku or "",
        picture=found.picture,
        quantity=line.quantity,
        unit_price=price,
        price_was=None if is_gone or line.seen_price == price else line.seen_price,
        struck=found.struck,
        total=price * line.quantity,
        requires_shipping=variant.requires_shipping,
        grams=variant.weight_grams * line.quantity if variant.requires_shipping else 0,
        tax_class=TaxClass(product.tax_class) if variant.taxable else TaxClass.EXEMPT,
        stock_note=note,
        left=(shelf.available if left is None else left) if tells_left else None,
        max_quantity=MOST_OF_ONE if left is None else max(0, min(MOST_OF_ONE, left)),
        ahead=line.quantity - max(0, shelf.available) if note is StockNote.PREORDER else 0,
        ships_on=shelf.comes_on if note is StockNote.PREORDER else None,
        is_gift_card=variant.is_gift_card,
        gifts=found.gifts,
        choice=None if is_gone else found.choice,
    )


def _stock_note(variant: Variant, wanted: int, shelf: _Shelf) -> StockNote:
    left = shelf.left(variant)
    if not variant.tracked:
        return StockNote.NONE
    if left is not None and left <= 0:
        return StockNote.HELD if shelf.is_held else StockNote.SOLD_OUT
    if left is not None and left < wanted:
        return StockNote.TOO_MANY
    if shelf.available < wanted:
        is_preorder = variant.policy == StockPolicy.PREORDER
        return StockNote.PREORDER if is_preorder else StockNote.BACKORDER
    return StockNote.LOW if shelf.available <= stock.LOW_STOCK else StockNote.NONE
