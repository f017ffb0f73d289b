"""What the demonstration's goods are, as plain values: no room of the shop is known here.

Prices are whole Australian cents with GST included. A shop in another currency scales them with
`scaled_price`: the rate carries cents to the other currency's main unit, its digits (0 for JPY, 3 for KWD)
carry that to minor units.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from store.sandbox.catalogue.drawing.colours import Hue


@dataclass(frozen=True, slots=True)
class DemoOption:
    """A choice: its values in shelf order, and the colour of each where it has one."""

    name: str
    values: tuple[str, ...]
    swatches: tuple[str | None, ...]  # "#rrggbb", one for each value


@dataclass(frozen=True, slots=True)
class ChosenPrice:
    """What a reader may pay from the variant's price on, and what she finds to choose from."""

    most_minor: int
    suggested_minor: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DemoVariant:
    """One thing that can be bought. `option_values` follow the product's options."""

    option_values: tuple[str, ...]
    sku: str
    price_minor: int
    compare_at_minor: int | None
    weight_grams: int
    stock: int
    barcode: str | None
    is_gift_card: bool = False
    chosen: ChosenPrice | None = None


@dataclass(frozen=True, slots=True)
class DemoPicture:
    """A drawing of 1200 × 1500 units, made when asked for; it may stand for one option value."""

    key: str  # unique, fit for a file name
    alt: str
    variant_option_value: str | None
    svg: Callable[[], str]


@dataclass(frozen=True, slots=True)
class DemoFile:
    """A file that is sold in place of a thing, made when asked for."""

    name: str
    content: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class DemoProduct:
    """`status` is draft, active or archived; `print_name` names the plate on it, which no other product carries."""

    handle: str
    title: str
    body_markdown: str
    product_type: str
    vendor: str
    tags: tuple[str, ...]
    collections: tuple[str, ...]  # the first is the one whose paper it lies on
    options: tuple[DemoOption, ...]
    variants: tuple[DemoVariant, ...]
    pictures: tuple[DemoPicture, ...]
    days_old: int
    seo_title: str
    seo_description: str
    status: str
    print_name: str
    file: DemoFile | None = None  # what is downloaded: then nothing is sent, weighed or counted


@dataclass(frozen=True, slots=True)
class DemoCollection:
    """A section of the paper, with its products in shelf order."""

    handle: str
    title: str
    standfirst: str
    body: str
    hue: Hue
    product_handles: tuple[str, ...]
    picture: DemoPicture


@dataclass(frozen=True, slots=True)
class DemoCatalogue:
    products: tuple[DemoProduct, ...]
    collections: tuple[DemoCollection, ...]

    def product(self, handle: str) -> DemoProduct:
        return next(product for product in self.products if product.handle == handle)


def scaled_price(cents: int, *, rate: Fraction = Fraction(1), digits: int = 2) -> int:
    """A price in another currency's minor units; `rate` is its main units for one Australian dollar."""
    return round(Fraction(cents * 10**digits, 100) * rate)
