"""Fills the rows of a known product from its draft, and keeps each variant that has a history."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select, update
from sqlalchemy.orm.attributes import set_committed_value

from store.catalog.columns import picture_columns, product_columns, variant_columns
from store.catalog.drafts import OptionDraft, ProductDraft, VariantDraft
from store.catalog.models import (
    Image,
    Option,
    OptionValue,
    Product,
    ProductTag,
    Variant,
)
from store.catalog.prices.writing import set_price
from store.clock import Clock
from store.database import db
from store.errors import ConflictError
from store.inventory import stock
from store.inventory.models import Reservation, StockMovement


class VariantInUseError(ConflictError):
    """A variant would go that has a stock history or promises."""

    def __init__(self, handle: str, combination: str) -> None:
        super().__init__(f"{handle}: {combination or 'the variant'} has a stock history")
        self.handle = handle
        self.combination = combination


def fill(product: Product, draft: ProductDraft, *, owners: Mapping[str, int], clock: Clock) -> None:
    """Set everything that the draft says; owners are the variants that its skus belonged to."""
    _set_fields(product, draft, clock)
    _set_tags(product, draft.tags)
    pictures = _set_pictures(product, draft)
    values = _set_options(product, draft.options)
    _set_variants(product, draft, owners=owners, values=values, pictures=pictures, clock=clock)
    # Only now: an option value goes after the last variant that has it.
    _drop_values(product, draft.options)


def _set_fields(product: Product, draft: ProductDraft, clock: Clock) -> None:
    for name, value in product_columns(draft, product.published_at, clock.now()).items():
        setattr(product, name, value)


def _set_tags(product: Product, tags: Sequence[str]) -> None:
    wanted = dict.fromkeys(tags)
    known = {row.tag for row in product.tag_rows}
    for row in [row for row in product.tag_rows if row.tag not in wanted]:
        product.tag_rows.remove(row)
    product.tag_rows.extend(ProductTag(tag=tag) for tag in wanted if tag not in known)


def _set_pictures(product: Product, draft: ProductDraft) -> dict[str, Image]:
    known = {image.source_url or image.content_hash: image for image in product.images}
    kept: dict[str, Image] = {}
    for position, wanted in enumerate(draft.pictures, start=1):
        image = known.get(wanted.key) or Image(source_url=wanted.source_url)
        image.position = position
        for name, value in picture_columns(wanted).items():
            setattr(image, name, value)
        kept[wanted.key] = image
    if product.images != list(kept.values()):
        product.images = list(kept.values())
    return kept


def _set_options(product: Product, options: Sequence[OptionDraft]) -> list[dict[str, OptionValue]]:
    known = {option.name: option for option in product.options}
    values = []
    for position, wanted in enumerate(options, start=1):
        option = known.get(wanted.name)
        if option is None:
            option = Option(name=wanted.name)
            product.options.append(option)
        option.position = position
        values.append(_set_values(option, wanted))
    return values


def _set_values(option: Option, wanted: OptionDraft) -> dict[str, OptionValue]:
    known = {value.value: value for value in option.values}
    for position, draft in enumerate(wanted.values, start=1):
        value = known.get(draft.value)
        if value is None:
            value = known[draft.value] = OptionValue(value=draft.value)
            option.values.append(value)
        value.position, value.swatch = position, draft.swatch
    return known


def _drop_values(product: Product, options: Sequence[OptionDraft]) -> None:
    wanted = {option.name: frozenset(option.value_names) for option in options}
    for option in list(product.options):
        if option.name not in wanted:
            product.options.remove(option)
            continue
        for value in [v for v in option.values if v.value not in wanted[option.name]]:
            option.values.remove(value)


def _set_variants(
    product: Product,
    draft: ProductDraft,
    *,
    owners: Mapping[str, int],
    values: Sequence[Mapping[str, OptionValue]],
    pictures: Mapping[str, Image],
    clock: Clock,
) -> None:
    before = list(product.variants)
    kept: list[Variant] = []
    known = match_variants(before, draft.variants, owners)
    _free_combinations(known, draft.variants, before)
    for position, (variant, wanted) in enumerate(zip(known, draft.variants, strict=True), start=1):
        if variant is None:
            variant = Variant()  # noqa: PLW2901 - the one that is made for it
            product.variants.append(variant)
        variant.position = position
        for name, value in variant_columns(wanted).items():
            setattr(variant, name, value)
        set_price(variant, wanted.price, wanted.compare_at, clock.now())
        chosen = [named[value] for named, value in zip(values, wanted.values, strict=True)]
        if set(variant.option_values) != set(chosen):
            variant.option_values = chosen
        shown = [pictures[key] for key in wanted.pictures]
        if variant.images != shown:
            variant.images = shown
        kept.append(variant)
    staying = set(kept)
    _refuse_to_lose([v for v in before if v not in staying], product.handle)
    if product.variants != kept:
        product.variants = kept


def match_variants(
    before: Sequence[Variant], wanted: Sequence[VariantDraft], owners: Mapping[str, int]
) -> list[Variant | None]:
    """Say which variant each draft is: by its number, else its combination, else its sku.

    None is a new one. No variant is two of them.
    """
    left = {variant.id: variant for variant in before}
    found: dict[int, Variant] = {}

    def take(place: int, variant: Variant | None) -> None:
        if variant is not None and place not in found and variant.id in left:
            found[place] = left.pop(variant.id)

    for place, draft in enumerate(wanted):
        take(place, left.get(draft.variant_id or 0))
    by_combination = {variant.combination: variant for variant in left.values()}
    for place, draft in enumerate(wanted):
        take(place, by_combination.get(draft.combination))
    for place, draft in enumerate(wanted):
        take(place, left.get(owners.get(draft.sku or "", 0)))
    return [found.get(place) for place in range(len(wanted))]


def _free_combinations(
    known: Sequence[Variant | None], wanted: Sequence[VariantDraft], before: Sequence[Variant]
) -> None:
    """Take a combination from its variant first where another one is to have it."""
    target = {v.id: d.combination for v, d in zip(known, wanted, strict=True) if v is not None}
    claimed = {draft.combination for draft in wanted}
    moving = [v for v in before if v.combination in claimed and target.get(v.id) != v.combination]
    for variant in moving:
        passing = f"\x1f{variant.id}"
        db.session.execute(
            update(Variant)
            .where(Variant.id == variant.id)
            .values(combination=passing)
            .execution_options(synchronize_session=False)
        )
        set_committed_value(variant, "combination", passing)


def variants_with_history(variant_ids: Collection[int]) -> set[int]:
    """Return those variants whose units came, went or are promised, so that they must stay."""
    moved = select(StockMovement.variant_id).where(StockMovement.variant_id.in_(variant_ids))
    promised = select(Reservation.variant_id).where(Reservation.variant_id.in_(variant_ids))
    return set(db.session.scalars(moved)) | set(db.session.scalars(promised))


def _refuse_to_lose(variants: Sequence[Variant], handle: str) -> None:
    if not variants:
        return
    staying = variants_with_history([variant.id for variant in variants])
    for variant in variants:
        if variant.id in staying:
            raise VariantInUseError(handle, variant.combination)
        stock.stop_tracking(variant.id)
