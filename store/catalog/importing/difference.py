"""Says what of a product would change: fields, prices and stock apart."""

from collections.abc import Iterator
from dataclasses import dataclass

from store.catalog.drafts import ProductDraft, VariantDraft
from store.money import Money, decimals


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One line of the difference, in words that people read."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class StockChange:
    """A shelf that would be counted anew; before is None where nothing was counted yet."""

    combination: str
    before: int | None
    after: int


@dataclass(frozen=True, slots=True)
class Change:
    """One product that would be new or different."""

    line: int
    wanted: ProductDraft
    current: ProductDraft | None
    stock: tuple[StockChange, ...]

    @property
    def is_new(self) -> bool:
        return self.current is None

    def outline(self) -> "Difference":
        """Return it in words, without the products themselves."""
        prices = [variant.price for variant in self.wanted.variants]
        return Difference(
            line=self.line,
            handle=self.wanted.handle,
            title=self.wanted.title,
            status=str(self.wanted.status),
            is_new=self.is_new,
            variants=len(prices),
            lowest=min(prices),
            highest=max(prices),
            fields=tuple(self.fields),
            prices=tuple(self.prices),
            stock=self.stock,
        )

    @property
    def fields(self) -> list[FieldChange]:
        if self.current is None:
            return []
        return [
            *_product_changes(self.current, self.wanted),
            *_variant_changes(self.current, self.wanted),
        ]

    @property
    def prices(self) -> list[FieldChange]:
        return [] if self.current is None else list(_price_changes(self.current, self.wanted))


@dataclass(frozen=True, slots=True)
class Difference:
    """What people are told of one product that would be new or different."""

    line: int
    handle: str
    title: str
    status: str
    is_new: bool
    variants: int
    lowest: Money
    highest: Money
    fields: tuple[FieldChange, ...]
    prices: tuple[FieldChange, ...]
    stock: tuple[StockChange, ...]


_PRODUCT_FIELDS = {
    "title": "title",
    "status": "status",
    "product_type": "type",
    "vendor": "vendor",
    "seo_title": "SEO title",
    "seo_description": "SEO description",
    "tax_class": "tax class",
}
_VARIANT_FIELDS = {
    "sku": "sku",
    "barcode": "barcode",
    "weight_grams": "grams",
    "requires_shipping": "requires shipping",
    "taxable": "taxable",
    "tracked": "stock counted",
    "policy": "when sold out",
    "is_gift_card": "gift card",
    "choice": "chosen price",
}


def amount(money: Money | None) -> str:
    if money is None:
        return "none"
    places = decimals(money.currency)
    digits = str(money.minor).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}" if places else digits


def _product_changes(current: ProductDraft, wanted: ProductDraft) -> Iterator[FieldChange]:
    for attribute, name in _PRODUCT_FIELDS.items():
        yield from _compared(name, getattr(current, attribute), getattr(wanted, attribute))
    if current.body != wanted.body:
        yield FieldChange("description", *(f"{len(d.body)} characters" for d in (current, wanted)))
    yield from _compared("tags", ", ".join(current.tags), ", ".join(wanted.tags))
    yield from _compared("options", _options(current), _options(wanted))
    if current.pictures != wanted.pictures:
        texts = "" if len(current.pictures) != len(wanted.pictures) else ", other texts or order"
        yield FieldChange("pictures", str(len(current.pictures)), f"{len(wanted.pictures)}{texts}")


def _options(draft: ProductDraft) -> str:
    return "; ".join(f"{option.name}: {', '.join(option.value_names)}" for option in draft.options)


def _variant_changes(current: ProductDraft, wanted: ProductDraft) -> Iterator[FieldChange]:
    pairs = list(pairs_of(current, wanted))
    for before, after in pairs:
        name = _name(after)
        if before is None:
            yield FieldChange("new variant", "none", f"{name} for {amount(after.price)}")
            continue
        if before.values != after.values:
            yield FieldChange("variant", _name(before), name)
        for attribute, label in _VARIANT_FIELDS.items():
            yield from _compared(
                f"{name}, {label}", getattr(before, attribute), getattr(after, attribute)
            )
        if before.pictures != after.pictures:
            yield FieldChange(f"{name}, picture", *map(_listed, (before, after)))
    stayed = {before.values for before, _ in pairs if before}
    for before in current.variants:
        if before.values not in stayed:
            yield FieldChange("variant", _name(before), "removed")


def _listed(variant: VariantDraft) -> str:
    return ", ".join(variant.pictures) or "none"


def _price_changes(current: ProductDraft, wanted: ProductDraft) -> Iterator[FieldChange]:
    for before, after in pairs_of(current, wanted):
        if before is None:
            continue
        yield from _compared(_name(after), amount(before.price), amount(after.price))
        yield from _compared(
            f"{_name(after)}, compare at", amount(before.compare_at), amount(after.compare_at)
        )


def pairs_of(
    current: ProductDraft, wanted: ProductDraft
) -> Iterator[tuple[VariantDraft | None, VariantDraft]]:
    """Return each wanted variant with what it is now: by its values, else by its sku."""
    by_values = {variant.values: variant for variant in current.variants}
    by_sku = {variant.sku: variant for variant in current.variants if variant.sku}
    kept = {variant.values for variant in wanted.variants}
    for variant in wanted.variants:
        before = by_values.get(variant.values)
        renamed = by_sku.get(variant.sku or "")
        if before is None and renamed is not None and renamed.values not in kept:
            before = renamed
        yield before, variant


def _name(variant: VariantDraft) -> str:
    return variant.combination or "its variant"


def _compared(name: str, before: object, after: object) -> Iterator[FieldChange]:
    if before != after:
        yield FieldChange(name, _shown(before), _shown(after))


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if value not in {None, ""} else "none"
