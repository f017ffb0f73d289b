"""What somebody bought: lines with their prices and tax, where it goes, and what it comes to."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from sqlalchemy import select

from store.catalog.models import Image, Product, ProductStatus, Variant
from store.database import db
from store.money import Money
from store.pricing.tax import TaxRate, included, rate_for
from store.sandbox.demonstration.people import Person, a_person
from store.settings import Settings

FREE_FROM = 10_000
SHIPPING = {"AU": 995}
ABROAD = 1_995


@dataclass(frozen=True, slots=True)
class Article:
    """A variant as an order remembers it."""

    variant_id: int
    handle: str
    title: str
    combination: str
    sku: str
    picture_hash: str
    price_minor: int
    is_counted: bool


@dataclass(frozen=True, slots=True)
class Bought:
    """One line; tax is inside the total."""

    article: Article
    quantity: int
    tax_minor: int

    @property
    def total_minor(self) -> int:
        return self.article.price_minor * self.quantity


@dataclass(frozen=True, slots=True)
class Purchase:
    """Everything that an order is before it has a number."""

    person: Person
    lines: tuple[Bought, ...]
    shipping_minor: int
    shipping_tax_minor: int

    @property
    def subtotal_minor(self) -> int:
        return sum(line.total_minor for line in self.lines)

    @property
    def total_minor(self) -> int:
        return self.subtotal_minor + self.shipping_minor

    @property
    def tax_minor(self) -> int:
        return sum(line.tax_minor for line in self.lines) + self.shipping_tax_minor


class Shelves:
    """What can be bought; a few products are bought often and most of them seldom."""

    def __init__(self, settings: Settings, chance: random.Random) -> None:
        self._settings, self._chance = settings, chance
        self.articles = _articles(settings.currency)
        handles = sorted({article.handle for article in self.articles})
        chance.shuffle(handles)
        ranks = {handle: rank for rank, handle in enumerate(handles)}
        self._weights = list(accumulate(1 / (ranks[a.handle] + 30) for a in self.articles))

    def purchase(self) -> Purchase:
        chance, person = self._chance, a_person(self._chance)
        number = chance.choices((1, 2, 3, 5), (52, 30, 13, 5))[0]
        chosen = chance.choices(self.articles, cum_weights=self._weights, k=number)
        rate = rate_for(person.address.country, self._settings)
        lines = tuple(self._line(article, rate) for article in dict.fromkeys(chosen))
        subtotal = sum(line.total_minor for line in lines)
        is_far = person.address.country not in SHIPPING
        shipping = ABROAD if is_far else 0 if subtotal >= FREE_FROM else SHIPPING["AU"]
        # In tens, which every currency that Stripe takes can be charged in.
        shipping = shipping // 10 * 10
        return Purchase(person, lines, shipping, self._tax(shipping, rate))

    def _line(self, article: Article, rate: TaxRate) -> Bought:
        quantity = self._chance.choices((1, 2, 3), (82, 14, 4))[0]
        return Bought(article, quantity, self._tax(article.price_minor * quantity, rate))

    def _tax(self, minor: int, rate: TaxRate) -> int:
        return included(Money(minor, self._settings.currency), rate).minor


def _articles(currency: str) -> Sequence[Article]:
    # The first picture of each product is read last, and stays.
    named = select(Image.product_id, Image.content_hash).order_by(Image.position.desc())
    pictures = dict(db.session.execute(named).all())
    rows = db.session.execute(
        select(
            Variant.id,
            Variant.product_id,
            Product.handle,
            Product.title,
            Variant.combination,
            Variant.sku,
            Variant.price_minor,
            Variant.tracked,
        )
        .join(Product, Product.id == Variant.product_id)
        .where(
            Product.status != ProductStatus.DRAFT,
            Variant.currency == currency,
            Variant.requires_shipping,
        )
        .order_by(Variant.id)
    )
    return [
        Article(
            variant_id=row.id,
            handle=row.handle,
            title=row.title,
            combination=row.combination,
            sku=row.sku or "",
            picture_hash=pictures.get(row.product_id, ""),
            price_minor=row.price_minor,
            is_counted=row.tracked,
        )
        for row in rows
    ]
