"""A product as somebody wants it to be: what imports, forms and the demonstration hand over."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain

from store.catalog.choosing_prices import PriceChoice
from store.catalog.models import ProductStatus, StockPolicy, TaxClass
from store.errors import InvalidError
from store.money import Money

MOST_OPTIONS = 3
SEPARATOR = " / "


class DraftRefusedError(InvalidError):
    """The description contradicts itself; the words say how."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureDraft:
    """A picture by the hash of its bytes, or by the address where they can be fetched."""

    alt: str = ""
    content_hash: str = ""
    source_url: str = ""
    width: int = 0
    height: int = 0

    @property
    def key(self) -> str:
        """What it is known by in its product, also once its bytes were fetched."""
        return self.source_url or self.content_hash


@dataclass(frozen=True, slots=True)
class ValueDraft:
    value: str
    swatch: str = ""


@dataclass(frozen=True, slots=True)
class OptionDraft:
    name: str
    values: tuple[ValueDraft, ...]

    @property
    def value_names(self) -> tuple[str, ...]:
        return tuple(value.value for value in self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantDraft:
    """One combination of values, one for each option; pictures are keys of the product's own."""

    price: Money
    values: tuple[str, ...] = ()
    compare_at: Money | None = None
    sku: str | None = None
    barcode: str = ""
    weight_grams: int = 0
    requires_shipping: bool = True
    taxable: bool = True
    tracked: bool = True
    policy: StockPolicy = StockPolicy.DENY
    pictures: tuple[str, ...] = ()
    is_gift_card: bool = False
    choice: PriceChoice | None = None
    """What readers may pay, where that is theirs to choose; the price is the least of it."""
    variant_id: int | None = field(default=None, compare=False)
    """Which variant of the product this was, where somebody knows; it may be called anew."""

    @property
    def combination(self) -> str:
        return SEPARATOR.join(self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductDraft:
    """Everything of a product but its stock; collections are handles, or None to leave them."""

    handle: str
    title: str
    variants: tuple[VariantDraft, ...]
    options: tuple[OptionDraft, ...] = ()
    pictures: tuple[PictureDraft, ...] = ()
    body: str = ""
    status: ProductStatus = ProductStatus.DRAFT
    published_at: datetime | None = None
    """None publishes an active product now, or leaves the moment that it has."""
    product_type: str = ""
    vendor: str = ""
    seo_title: str = ""
    seo_description: str = ""
    tags: tuple[str, ...] = ()
    tax_class: TaxClass | None = None
    """None leaves it; a new product is taxed as most are."""
    collections: tuple[str, ...] | None = None


def settled(variant: VariantDraft) -> VariantDraft:
    """Return a variant whose parts agree.

    A gift card is nothing to send, to count or to tax, and a price that is chosen is at least the
    least of it and was never reduced.
    """
    if variant.is_gift_card:
        variant = replace(variant, requires_shipping=False, taxable=False, tracked=False)
    if variant.choice is not None:
        variant = replace(variant, price=variant.choice.least, compare_at=None)
    return variant


def check(draft: ProductDraft) -> None:
    """Refuse what no product can be."""
    if not draft.handle or not draft.title:
        raise DraftRefusedError("a product has a handle and a title")
    if not draft.variants:
        raise DraftRefusedError("a product has at least one variant")
    if len(draft.options) > MOST_OPTIONS:
        raise DraftRefusedError(f"a product has at most {MOST_OPTIONS} options")
    if repeated := repeated_in([option.name for option in draft.options]):
        raise DraftRefusedError(f"two options are called {repeated[0]}")
    if repeated := repeated_in([variant.combination for variant in draft.variants]):
        raise DraftRefusedError(f"two variants are {repeated[0]!r}")
    for variant in draft.variants:
        _check_variant(variant, draft)


def _check_variant(variant: VariantDraft, draft: ProductDraft) -> None:
    if variant != settled(variant):
        raise DraftRefusedError(f"{variant.combination!r} is sold in two ways at once")
    choice = variant.choice
    if choice is not None and not all(map(choice.allows, (choice.least, *choice.suggested))):
        raise DraftRefusedError(f"{variant.combination!r} suggests what nobody may choose")
    if len(variant.values) != len(draft.options):
        raise DraftRefusedError(f"{variant.combination!r} does not choose from every option")
    for option, value in zip(draft.options, variant.values, strict=True):
        if value not in option.value_names:
            raise DraftRefusedError(f"{option.name} knows no {value!r}")
    known = {picture.key for picture in draft.pictures}
    if missing := next((key for key in variant.pictures if key not in known), None):
        raise DraftRefusedError(f"{variant.combination!r} shows a picture not given: {missing}")


def repeated_in(names: Sequence[str]) -> list[str]:
    """Return the names that stand there more than once."""
    return [name for name, times in Counter(names).items() if times > 1]


def all_skus(drafts: Sequence[ProductDraft]) -> list[str]:
    variants = chain.from_iterable(draft.variants for draft in drafts)
    return [variant.sku for variant in variants if variant.sku]
