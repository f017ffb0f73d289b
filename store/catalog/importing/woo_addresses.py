"""Finds the address of each product of a WooCommerce export: by its SKUs, else by its name."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count, islice

from sqlalchemy import func, select

from store.catalog.handles import slugify
from store.catalog.importing import cells
from store.catalog.importing.notes import Notes
from store.catalog.importing.woo_columns import WooField
from store.catalog.importing.woo_records import HeldRecords, WooRecord
from store.catalog.models import Product, Variant
from store.catalog.saving import owners_of
from store.database import db

_BATCH = 500


@dataclass(frozen=True, slots=True)
class _Sought:
    """What a product of the file may be known by."""

    line: int
    number: int | None
    name: str
    more: str
    """What tells it from others of its name: its SKU, else its number."""
    skus: tuple[str, ...]
    is_single: bool

    @property
    def plain(self) -> str:
        return slugify(self.name)

    @property
    def longer(self) -> str:
        return slugify(f"{self.name} {self.more}")


@dataclass(frozen=True, slots=True)
class _Standing:
    """What stands in the shop at an address."""

    title: str
    variants: int
    has_skus: bool


def addresses(
    products: Iterable[WooRecord],
    variations: HeldRecords,
    owned: Mapping[int, Sequence[int]],
    notes: Notes,
) -> Mapping[int, str]:
    """Return by its line the address of each product, empty where its name has none.

    WooCommerce writes none. Names are shared and change, and whoever took a product by its name
    would write the price of one to another: it is the product that sells its SKUs, wherever it
    stands. Only one that sells none of them is known by its name, the first of that name by
    WooCommerce's numbers in whatever order the file has them.
    """
    sought = [_sought(record, variations.on(owned.get(record.line, ()))) for record in products]
    owners = {owner.sku: owner.handle for owner in owners_of(s for one in sought for s in one.skus)}
    shop = _standing({*owners.values(), *chain(*((one.plain, one.longer) for one in sought))})
    found: dict[int, str] = {}
    taken: set[str] = set()
    for one in sought:
        handle = next(_sold_at(one, owners, shop, taken), None)
        if handle is not None:
            found[one.line] = handle
            taken.add(handle)
    for one in sorted((one for one in sought if one.line not in found), key=_rank):
        found[one.line] = handle = _by_name(one, owners, shop, taken, notes)
        taken.add(handle)
    return found


def _sought(record: WooRecord, variations: Iterable[WooRecord]) -> _Sought:
    own = list(variations)
    number = record.text(WooField.ID)
    return _Sought(
        line=record.line,
        number=int(number) if number.isdecimal() else None,
        name=record.text(WooField.NAME),
        more=record.text(WooField.SKU) or number,
        skus=tuple(filter(None, map(_sku, (record, *own)))),
        is_single=not own,
    )


def _sku(record: WooRecord) -> str:
    sku = cells.code(record.raw(WooField.SKU))
    return "" if cells.is_rounded(sku) else sku


def _rank(one: _Sought) -> tuple[bool, int]:
    return (True, one.line) if one.number is None else (False, one.number)


def _sold_at(
    one: _Sought, owners: Mapping[str, str], shop: Mapping[str, _Standing], taken: set[str]
) -> Iterator[str]:
    """Yield where its SKUs are sold, but not where it would take the place of other variants."""
    for sku in one.skus:
        handle = owners.get(sku)
        if handle and handle not in taken and (not one.is_single or shop[handle].variants == 1):
            yield handle


def _by_name(
    one: _Sought,
    owners: Mapping[str, str],
    shop: Mapping[str, _Standing],
    taken: set[str],
    notes: Notes,
) -> str:
    plain, longer = one.plain, one.longer
    if not plain:
        return ""
    here = shop.get(plain)
    sells_others = here is not None and here.has_skus and bool(one.skus)
    is_stranger = sells_others and plain not in map(owners.get, one.skus)
    # Without SKUs there are but names: the second of one came in under its longer address.
    is_second = not one.skus and longer in shop and shop[longer].title == one.name
    if plain not in taken and not is_stranger and not is_second:
        return plain
    numbered = (f"{longer}-{number}" for number in count(2))
    handle = next(handle for handle in chain([longer], numbered) if handle not in taken)
    if is_stranger and plain not in taken:
        notes.warn(one.line, f"{plain!r} sells other SKUs here: this one becomes {handle!r}")
    return handle


def _standing(handles: Iterable[str]) -> dict[str, _Standing]:
    found: dict[str, _Standing] = {}
    remaining = iter(handles)
    of_product = select(func.count()).where(Variant.product_id == Product.id)
    while batch := list(islice(remaining, _BATCH)):
        for handle, title, variants, skus in db.session.execute(
            select(
                Product.handle,
                Product.title,
                of_product.scalar_subquery(),
                of_product.where(Variant.sku.is_not(None)).scalar_subquery(),
            ).where(Product.handle.in_(batch))
        ):
            found[handle] = _Standing(title, variants, has_skus=bool(skus))
    return found
