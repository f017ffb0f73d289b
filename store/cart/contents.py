"""What a cart shows and comes to right now: prices, stock and shipping of this moment."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, select

from store.cart.basket import MOST_OF_ONE
from store.cart.gift_cards import OnCards, on_cards
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
from store.money import Money, smallest_charge
from store.pricing.discounts import Offer, best
from store.pricing.offers import WAITS, CodeFault, Offers, Shopper, fault_of, offers_for, reader_of
from store.pricing.places import Part, Place, is_certain
from store.pricing.rates import Parcel, ShippingGroup
from store.pricing.shipping import ShippingOption, ShippingQuote, groups, quote
from store.pricing.tax import Taxes, taxes
from store.pricing.totals import PricedLine, Reduction, Totals, chargeable, reckon
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


class ProblemKind(StrEnum):
    EMPTY = "empty"
    GONE = "gone"
    SOLD_OUT = "sold_out"
    TOO_MANY = "too_many"
    HELD = "held"
    NO_DELIVERY = "no_delivery"
    TOO_LITTLE = "too_little"
    NO_PLACE = "no_place"
    PRICE = "price"
    NO_GIFT_CARDS = "no_gift_cards"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that stops a checkout until the reader has dealt with it."""

    kind: ProblemKind
    line_id: int | None = None


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


@dataclass(frozen=True, slots=True)
class CodeShown:
    """The code that was typed; fault says why it takes nothing off just now."""

    code: str
    email: str
    fault: CodeFault | None
    counts_by_reader: bool


@dataclass(frozen=True, slots=True)
class Way:
    """A way to get the goods, and what the cart comes to by it."""

    option: ShippingOption
    totals: Totals


@dataclass(frozen=True, slots=True)
class CartContents:
    """Finished values for the cart's pages and for the checkout."""

    cart_id: int
    lines: tuple[BasketLine, ...]
    totals: Totals
    shipping: ShippingQuote
    ways: tuple[Way, ...]
    """One for each option of shipping, in its order."""
    place: Place
    asked_for: tuple[Part, ...]
    """What else than the country shipping and tax depend on there."""
    taxes: Taxes
    groups: tuple[ShippingGroup, ...]
    is_gift: bool
    note: str
    article: str
    fingerprint: str
    """A hash of everything that an order would be made of, prices among it."""
    on_cards: OnCards
    code: CodeShown | None = None
    reader: str = ""
    """The hash that discounts count the reader's address by; empty where none counts by it."""

    @property
    def to_pay(self) -> Money:
        """What is left of the total after gift cards."""
        return self.totals.total - self.on_cards.amount

    @property
    def least_charge(self) -> Money:
        """What a card payment comes to at least."""
        return smallest_charge(self.totals.total.currency)

    @property
    def discount_keys(self) -> str:
        """What is taken off, as the page names it to the checkout."""
        return " ".join(str(reduction.key) for reduction in self.totals.reductions)

    @property
    def ship_dates(self) -> str:
        """When what is sold ahead leaves, as the page names it to the checkout."""
        return " ".join(f"{line.variant_id}:{line.ships_on}" for line in self.lines if line.ahead)

    @property
    def destination(self) -> str:
        return self.place.country

    @property
    def is_place_known(self) -> bool:
        return is_certain(self.place, self.asked_for)

    @property
    def units(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def requires_shipping(self) -> bool:
        return self.shipping.is_needed

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return what stops a checkout, by line; () when nothing does."""
        found = [
            Problem(ProblemKind(line.stock_note.value), line.line_id)
            for line in self.lines
            if line.stock_note in BLOCKING
        ]
        found += [
            Problem(ProblemKind.PRICE, line.line_id) for line in self.lines if line.must_choose
        ]
        if self.taxes.is_by_stripe and any(line.is_gift_card for line in self.lines):
            found.append(Problem(ProblemKind.NO_GIFT_CARDS))
        if not self.lines:
            found.append(Problem(ProblemKind.EMPTY))
        if not self.is_place_known:
            found.append(Problem(ProblemKind.NO_PLACE))
        elif not self.shipping.is_possible:
            found.append(Problem(ProblemKind.NO_DELIVERY))
        if self.to_pay and self.to_pay < self.least_charge:
            found.append(Problem(ProblemKind.TOO_LITTLE))
        return tuple(found)

    def is_agreed(
        self, shown: str, discounts: str = "", on_cards: int = 0, dates: str | None = None
    ) -> bool:
        """Say whether nothing got worse unseen: prices, discounts, gift cards, days of sending.

        shown is the fingerprint on the page they pressed; discounts and dates are those that stood
        on it, and dates is None where the page named none; on_cards is what gift cards paid there,
        in minor units.
        """
        is_later = dates is not None and self._leaves_later(dates)
        fault = self.code.fault if self.code else None
        is_code_lost = fault is not None and fault.reason not in WAITS
        is_less = bool(set(discounts.split()) - set(self.discount_keys.split()))
        is_dearer = any(line.is_dearer for line in self.lines)
        pays_more = self.on_cards.amount.minor < on_cards
        changes = (is_code_lost, is_less, is_dearer, is_later, pays_more)
        return shown == self.fingerprint or not any(changes)

    def _leaves_later(self, dates: str) -> bool:
        seen = dict(part.split(":", 1) for part in dates.split() if ":" in part)
        # A day is compared as it is written; one that nobody tells any more sorts behind all.
        return any(
            str(line.ships_on) > seen.get(str(line.variant_id), "")
            for line in self.lines
            if line.ahead
        )


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What a cart is reckoned by, whichever way it is sent."""

    lines: Sequence[PricedLine]
    offers: Sequence[Offer]
    grams: int
    requires_shipping: bool
    place: Place
    among: Sequence[ShippingGroup]
    terms: Taxes
    currency: str

    def by(self, way: str) -> tuple[ShippingQuote, Totals]:
        """Return what it comes to by the way of this name, with what then leaves least to pay."""
        chosen = best(self.lines, self.offers, lambda goods: self._price(self._quote(goods, way)))
        none = Money.zero(self.currency)
        goods = sum((line.unit_price * line.quantity for line in self.lines), start=none)
        shipping = self._quote(goods - sum((r.goods for r in chosen), start=none), way)
        price = self._price(shipping)
        return shipping, totals_by(self.lines, price, self.terms, self.place, chosen)

    def ways(self, shipping: ShippingQuote, totals: Totals) -> Iterator[Way]:
        """Yield every way of a quote with the sum that choosing it leads to."""
        for option in shipping.options:
            if option == shipping.chosen:
                yield Way(option, totals)
                continue
            other, sum_by_it = self.by(option.name)
            if other.chosen and other.chosen.name == option.name:
                yield Way(other.chosen, sum_by_it)

    def _quote(self, goods: Money, way: str) -> ShippingQuote:
        return quote(
            self.place,
            Parcel(goods, self.grams),
            among=self.among,
            requires_shipping=self.requires_shipping,
            picked=way,
        )

    def _price(self, shipping: ShippingQuote) -> Money:
        return shipping.chosen.price if shipping.chosen else Money.zero(self.currency)


def contents(cart: Cart, settings: Settings, clock: Clock) -> CartContents:
    """Read the cart as it stands, in eight queries; discounts and gift cards ask a few more."""
    lines = _lines(cart, settings, clock)
    counted = [line for line in lines if line.is_counted]
    among, terms, place = groups(settings), taxes(settings), place_of(cart)
    priced = [priced_line(line, terms, place) for line in counted]
    reader = reader_of(cart.discount_email, settings)
    shopper = Shopper(cart.id, cart.discount_code, reader)
    products = {line.line_id: line.product_id for line in counted}
    offers = offers_for(shopper, priced, products, settings.currency, clock.now())
    reckoned = Reckoning(
        priced,
        offers.all,
        grams=sum(line.grams for line in counted),
        requires_shipping=any(line.requires_shipping for line in lines),
        place=place,
        among=among,
        terms=terms,
        currency=settings.currency,
    )
    shipping, totals = reckoned.by(cart.shipping_name)
    asked = () if terms.is_by_stripe else terms.asked_for(place.country)
    cards = on_cards(
        cart,
        totals.total,
        totals.total - _not_for_cards(counted, settings.currency),
        clock.now(),
        is_taxed_elsewhere=terms.is_by_stripe,
    )
    return CartContents(
        cart_id=cart.id,
        lines=tuple(lines),
        totals=totals,
        shipping=shipping,
        ways=tuple(reckoned.ways(shipping, totals)),
        place=place,
        asked_for=tuple(part for part in Part if part in {*shipping.asked_for, *asked}),
        taxes=terms,
        groups=among,
        is_gift=cart.is_gift,
        note=cart.note,
        article=cart.article,
        fingerprint=_fingerprint(cart, lines, totals, shipping, cards),
        on_cards=cards,
        code=_code(cart, offers, fault_of(offers, priced, totals.reductions)),
        reader=reader,
    )


def _not_for_cards(lines: Sequence[BasketLine], currency: str) -> Money:
    """Return what gift cards in the cart cost: none is bought with another one."""
    cards = (line.total for line in lines if line.is_gift_card)
    return sum(cards, start=Money.zero(currency))


def place_of(cart: Cart) -> Place:
    return Place.of(cart.destination, cart.region, cart.postcode)


def totals_by(
    priced: Sequence[PricedLine],
    shipping: Money,
    terms: Taxes,
    place: Place,
    reductions: Sequence[Reduction] = (),
) -> Totals:
    """Add a cart up for one way to send it."""
    standard = terms.rate(place, TaxClass.STANDARD)
    return reckon(priced, shipping, tax_rate=standard, rules=terms.how, reductions=reductions)


def _code(cart: Cart, offers: Offers, fault: CodeFault | None) -> CodeShown | None:
    if not cart.discount_code:
        return None
    code = offers.own.code if offers.own else cart.discount_code
    return CodeShown(code, cart.discount_email, fault, offers.counts_by_reader)


def _lines(cart: Cart, settings: Settings, clock: Clock) -> list[BasketLine]:
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


def priced_line(line: BasketLine, terms: Taxes, place: Place) -> PricedLine:
    rate = terms.rate(place, line.tax_class)
    return PricedLine(
        line.line_id,
        line.unit_price,
        line.quantity,
        is_taxable=rate is not None,
        tax_rate=rate,
        is_discountable=not line.is_gift_card,
    )


def _ahead(line: BasketLine) -> tuple[str, ...]:
    """Another day of sending is another order: whoever saw the one does not agree to the other."""
    return (str(line.ships_on),) if line.ahead else ()


def _fingerprint(
    cart: Cart,
    lines: Sequence[BasketLine],
    totals: Totals,
    shipping: ShippingQuote,
    cards: OnCards,
) -> str:
    parts = {
        "lines": [
            (line.variant_id, line.quantity, line.unit_price.minor, *_ahead(line)) for line in lines
        ],
        "currency": totals.total.currency,
        "total": totals.total.minor,
        "tax": totals.tax.minor,
        "destination": [cart.destination, cart.region, cart.postcode],
        "shipping": totals.shipping.minor,
        "way": shipping.chosen.name if shipping.chosen else "",
        "gift": cart.is_gift,
        "note": cart.note,
        "discounts": [(r.key, r.amount.minor) for r in totals.reductions],
        "reader": cart.discount_email,
        "cards": [(part.card_id, part.amount.minor) for part in cards.parts],
        "gifts": [asdict(gift) for line in lines for gift in line.gifts],
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()
