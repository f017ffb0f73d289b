"""What pages, cards and feeds show of a product, as finished values: templates only print them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from store.catalog.choosing_prices import PriceChoice
from store.money import Money


class Availability(StrEnum):
    IN_STOCK = "in_stock"
    LOW = "low"
    SOLD_OUT = "sold_out"
    BACKORDER = "backorder"
    PREORDER = "preorder"
    HELD = "held"
    """Nothing is left, but somebody is only paying for it and may let it go."""

    @property
    def can_buy(self) -> bool:
        # A set would ask each of them for its hash, some fifty times a page.
        return self is not Availability.SOLD_OUT and self is not Availability.HELD

    @property
    def is_ahead(self) -> bool:
        """Whether it is sold before it is here."""
        return self is Availability.PREORDER


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in the media store; width and height are of the cleaned original, in pixels."""

    content_hash: str
    alt: str
    width: int
    height: int
    has_renditions: bool


@dataclass(frozen=True, slots=True)
class Swatch:
    """One colour on a card; the colour is CSS hex, or empty when staff gave none."""

    variant_id: int
    """Its first variant that can be bought, else its first: where its link leads."""
    value: str
    colour: str
    sold_out: bool
    picture: Picture | None


@dataclass(frozen=True, slots=True)
class ProductCard:
    """One product in a listing; prices span its variants, stock all of them."""

    product_id: int
    handle: str
    title: str
    product_type: str
    hue: str
    price_from: Money
    price_to: Money
    compare_at: Money | None
    picture: Picture | None
    swatches: tuple[Swatch, ...]
    availability: Availability
    left: int | None
    """Units left, only when availability is LOW."""
    ships_on: date | None = None
    """The first day on which what is sold ahead leaves, where availability is PREORDER."""
    is_price_chosen: bool = False
    """Whether readers may pay more than it says, as they choose."""

    @property
    def number(self) -> int:
        return self.product_id


class VariantChoice(NamedTuple):
    """One variant on the product page; left is given only when few are left."""

    variant_id: int
    label: str
    option_values: tuple[str, ...]
    colour: str
    price: Money
    compare_at: Money | None
    sku: str | None
    barcode: str
    availability: Availability
    left: int | None
    picture: Picture | None
    requires_shipping: bool = True
    ships_on: date | None = None
    """When what is sold ahead leaves, where it is told."""
    price_since: datetime | None = None
    price_until: datetime | None = None
    """Set while what it costs is for a time only."""
    choice: PriceChoice | None = None
    """What may be chosen, where the price is the reader's."""
    is_gift_card: bool = False


class OptionChoice(NamedTuple):
    """One value of an option; sold_out when no variant with it can be bought."""

    value: str
    colour: str
    sold_out: bool


@dataclass(frozen=True, slots=True)
class OptionPicker:
    name: str
    choices: tuple[OptionChoice, ...]


@dataclass(frozen=True, slots=True)
class CollectionLink:
    """A collection as the navigation and the home page name it."""

    collection_id: int
    handle: str
    title: str
    standfirst: str
    hue: str
    picture: Picture | None
    is_featured: bool = False


@dataclass(frozen=True, slots=True)
class ProductPage:
    card: ProductCard
    body: str
    vendor: str
    seo_title: str
    seo_description: str
    tags: tuple[str, ...]
    pictures: tuple[Picture, ...]
    options: tuple[OptionPicker, ...]
    variants: tuple[VariantChoice, ...]
    collection: CollectionLink | None
    """The first published collection that it stands in: its breadcrumb and its hue."""
    size_chart: str
    """Markdown; empty where it has none."""
    updated_at: datetime

    @property
    def is_sent(self) -> bool:
        """Whether any of its variants goes out in a parcel."""
        return any(variant.requires_shipping for variant in self.variants)

    @property
    def priced_by_reader(self) -> VariantChoice | None:
        """The first variant whose price is the reader's to choose."""
        return next((variant for variant in self.variants if variant.choice), None)

    @property
    def is_priced_by_reader(self) -> bool:
        """Whether all of its variants are priced so."""
        return all(variant.choice for variant in self.variants)

    @property
    def is_gift_card(self) -> bool:
        return any(variant.is_gift_card for variant in self.variants)


@dataclass(frozen=True, slots=True)
class ProductListing:
    """One page of a listing; page counts from 1, total counts products over all pages."""

    cards: tuple[ProductCard, ...]
    total: int
    page: int
    pages: int
