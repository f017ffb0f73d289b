"""What a cart shows and comes to right now: prices, stock and shipping of this moment."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from store.cart.gift_cards import OnCards, on_cards
from store.cart.lines import BLOCKING, BasketLine, cart_lines
from store.cart.models import Cart
from store.catalog.models import TaxClass
from store.clock import Clock
from store.money import Money, smallest_charge
from store.pricing.discounts import Offer, best
from store.pricing.offers import WAITS, CodeFault, Offers, Shopper, fault_of, offers_for, reader_of
from store.pricing.places import Part, Place, is_certain
from store.pricing.rates import Parcel, ShippingGroup
from store.pricing.shipping import ShippingOption, ShippingQuote, groups, quote
from store.pricing.tax import Taxes, taxes
from store.pricing.totals import PricedLine, Reduction, Totals, reckon
from store.settings import Settings


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
    def is_too_little(self) -> bool:
        """Whether there is something to pay, and less than a card payment comes to at least."""
        return bool(self.to_pay) and self.asked_at_once < self.least_charge

    @property
    def asked_at_once(self) -> Money:
        """What a pay page opens with: Stripe works its taxes out there, once the page is open."""
        if self.taxes.is_by_stripe and not self.totals.is_tax_included:
            return self.to_pay - self.totals.tax
        return self.to_pay

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
    def asks_where(self) -> bool:
        """Whether its reader has to say where: what is mailed alone goes to no place.

        Tax on files may still hang on where she is, where several countries have rules.
        """
        countries = {rule.country for rule in self.taxes.rules}
        is_taxed_by_place = (
            len(countries) > 1 and is_taxed(self.lines) and not self.taxes.is_by_stripe
        )
        return self.requires_shipping or not self.is_place_known or is_taxed_by_place

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
        if self.is_too_little:
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
    lines = cart_lines(cart, settings, clock)
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
    bears_tax = reckoned.requires_shipping or is_taxed(counted)
    asked = terms.asked_for(place.country) if bears_tax and not terms.is_by_stripe else ()
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


def is_taxed(lines: Sequence[BasketLine]) -> bool:
    """Say whether tax may be on any of them: gift cards bear none, wherever they go."""
    return any(line.tax_class is not TaxClass.EXEMPT for line in lines)


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
