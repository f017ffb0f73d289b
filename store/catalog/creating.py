"""Writes new products from their drafts, table by table: a file brings thousands at once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Table, insert

from store.catalog.columns import picture_columns, price_columns, product_columns, variant_columns
from store.catalog.drafts import DraftRefusedError, OptionDraft, ProductDraft, VariantDraft
from store.catalog.handles import RESERVED
from store.catalog.models import (
    Image,
    Option,
    OptionValue,
    Product,
    ProductTag,
    StockPolicy,
    TaxClass,
    Variant,
    variant_image,
    variant_option_value,
)
from store.catalog.prices.writing import begin_prices
from store.catalog.renaming import take_over
from store.clock import Clock
from store.database import Model, db
from store.inventory.stocktaking import open_levels


@dataclass(frozen=True, slots=True)
class SavedProduct:
    """A product as it stands now: its number, and those of its variants by combination."""

    handle: str
    product_id: int
    variant_ids: Mapping[str, int]


_Owned = TypeVar("_Owned")
_Row = Mapping[str, object]
_Made = Sequence[tuple[int, ProductDraft]]
_Numbers = Mapping[tuple[int, str], int]
"""Of what a thing has, by the number of the thing and what its own is called there."""


def create_products(drafts: Sequence[ProductDraft], clock: Clock) -> list[SavedProduct]:
    """Write products whose handles and skus are free, in this order and with empty shelves."""
    for draft in drafts:
        if draft.handle in RESERVED:
            raise DraftRefusedError(f"{draft.handle} is an address of the shop itself")
    take_over([draft.handle for draft in drafts])
    now = clock.now()
    plain: dict[str, object] = {"tax_class": TaxClass.STANDARD, "created_at": now}
    told = [plain | {"handle": one.handle} | product_columns(one, None, now) for one in drafts]
    made = list(zip(_insert(Product, told), drafts, strict=True))
    tags = [
        {"product_id": product_id, "tag": tag}
        for product_id, draft in made
        for tag in dict.fromkeys(draft.tags)
    ]
    _link(_table_of(ProductTag), tags)
    variants = _create_variants(made, now)
    _create_pictures(made, variants)
    _create_options(made, variants)
    return [
        SavedProduct(
            draft.handle,
            product_id,
            {name: variants[product_id, name] for name in (v.combination for v in draft.variants)},
        )
        for product_id, draft in made
    ]


def _create_variants(made: _Made, now: datetime) -> _Numbers:
    places = _placed((product_id, draft.variants) for product_id, draft in made)
    told = [
        {"product_id": product_id, "position": place}
        | variant_columns(wanted)
        | price_columns(wanted)
        for product_id, place, wanted in places
    ]
    numbers: dict[tuple[int, str], int] = {}
    sold: list[tuple[int, VariantDraft]] = []
    for number, (product_id, _place, wanted) in zip(_insert(Variant, told), places, strict=True):
        numbers[product_id, wanted.combination] = number
        sold.append((number, wanted))
    begin_prices(((number, wanted.price, wanted.compare_at) for number, wanted in sold), now)
    open_levels(
        {number: wanted.policy != StockPolicy.DENY for number, wanted in sold if wanted.tracked}
    )
    return numbers


def _create_pictures(made: _Made, variants: _Numbers) -> None:
    plain: dict[str, object] = {"content_hash": "", "width": 0, "height": 0}
    places = _placed(
        (product_id, {one.key: one for one in draft.pictures}.values())
        for product_id, draft in made
    )
    told = [
        plain
        | {"product_id": product_id, "position": place, "source_url": wanted.source_url}
        | picture_columns(wanted)
        for product_id, place, wanted in places
    ]
    numbers = {
        (product_id, wanted.key): number
        for number, (product_id, _place, wanted) in zip(_insert(Image, told), places, strict=True)
    }
    shown = [
        {
            "variant_id": variants[product_id, wanted.combination],
            "image_id": numbers[product_id, key],
        }
        for product_id, draft in made
        for wanted in draft.variants
        for key in dict.fromkeys(wanted.pictures)
    ]
    _link(variant_image, shown)


def _create_options(made: _Made, variants: _Numbers) -> None:
    places = _placed((product_id, draft.options) for product_id, draft in made)
    told = [
        {"product_id": product_id, "position": place, "name": wanted.name}
        for product_id, place, wanted in places
    ]
    options = defaultdict[int, list[int]](list)
    offered: list[tuple[int, OptionDraft]] = []
    for number, (product_id, _place, wanted) in zip(_insert(Option, told), places, strict=True):
        options[product_id].append(number)
        offered.append((number, wanted))
    values = _create_values(offered)
    chosen = [
        {
            "variant_id": variants[product_id, wanted.combination],
            "option_value_id": values[option_id, value],
        }
        for product_id, draft in made
        for wanted in draft.variants
        for option_id, value in zip(options[product_id], wanted.values, strict=True)
    ]
    _link(variant_option_value, chosen)


def _create_values(offered: Sequence[tuple[int, OptionDraft]]) -> _Numbers:
    places = _placed(
        (option_id, {one.value: one for one in option.values}.values())
        for option_id, option in offered
    )
    told = [
        {
            "option_id": option_id,
            "position": place,
            "value": wanted.value,
            "swatch": wanted.swatch,
        }
        for option_id, place, wanted in places
    ]
    return {
        (option_id, wanted.value): number
        for number, (option_id, _place, wanted) in zip(
            _insert(OptionValue, told), places, strict=True
        )
    }


def _placed(owned: Iterable[tuple[int, Iterable[_Owned]]]) -> list[tuple[int, int, _Owned]]:
    """Return everything that owners have, with their numbers and its place there from 1 on."""
    return [
        (owner_id, place, one)
        for owner_id, all_of_it in owned
        for place, one in enumerate(all_of_it, start=1)
    ]


def _insert(model: type[Model], rows: Sequence[_Row]) -> Iterator[int]:
    """Insert rows, and return their numbers in the same order."""
    if not rows:
        return iter(())
    table = _table_of(model)
    numbered = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return iter(db.session.connection().execute(numbered, rows).scalars().all())


def _link(table: Table, rows: Sequence[_Row]) -> None:
    if rows:
        db.session.connection().execute(insert(table), rows)


def _table_of(model: type[Model]) -> Table:
    return model.metadata.tables[model.__tablename__]
