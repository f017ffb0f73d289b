"""Answers what readers see of the catalogue: pages, listings, cards, and what may be sold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, func, select

from store.catalog import rows
from store.catalog.composing import option_pickers, product_card, variant_choices
from store.catalog.models import (
    Collection,
    CollectionProduct,
    Hue,
    Image,
    Product,
    ProductTag,
    SizeChart,
    SizeChartType,
    StockPolicy,
    Variant,
    product_size_chart,
)
from store.catalog.presenting import (
    CollectionLink,
    Picture,
    ProductCard,
    ProductListing,
    ProductPage,
)
from store.catalog.remembering import Cards, cards_of
from store.catalog.rows import Goods, Pictures, ProductRow, first_collection_id, is_public
from store.catalog.searching import search
from store.database import version_question
from store.errors import NotFoundError
from store.inventory.models import StockLevel
from store.money import Money

PAGE_SIZE = 24
SORTS = ("featured", "newest", "price", "-price", "title")
_LAST_PAGE = 1_000_000
_NO_PLACE = 1_000_000_000
"""Sorts what nobody placed after everything that somebody did."""


class UnknownVariantError(NotFoundError):
    """No variant that may be sold now has this id."""

    def __init__(self, variant_id: int) -> None:
        super().__init__(f"variant {variant_id} is not for sale")
        self.variant_id = variant_id


@dataclass(frozen=True, slots=True)
class SellableVariant:
    """A variant as the cart needs it; available counts only where the stock is a limit."""

    variant_id: int
    price: Money
    is_limited: bool
    available: int


def product_page(handle: str, *, now: datetime) -> ProductPage:
    """Return everything that the page of a public product shows."""
    found = public_row(handle, now=now)
    return page_of(found, rows.goods([found.id], colours_only=False))


def preview_page(product_id: int) -> ProductPage:
    """Return what the page of a product would show, whether readers may see it or not."""
    found = next(iter(rows.read(_PREVIEW, product_id=product_id)), None)
    if found is None:
        raise NotFoundError(f"no product {product_id}")
    return page_of(found, rows.goods([product_id], colours_only=False))


def public_row(handle: str, *, now: datetime) -> Any:
    """Return what is written of a public product alone; page_of makes its page of it."""
    found = next(iter(rows.read(_PUBLIC_PAGE, handle=handle, now=now)), None)
    if found is None:
        raise NotFoundError(f"no public product {handle!r}")
    return found


def page_of(found: Any, goods: Goods) -> ProductPage:
    """Compose the page of a product from its row and from goods that were read with it."""
    product_id, title, product_type, tags = found.id, found.title, found.product_type, found.tags
    variants = goods.variants.get(product_id)
    if not variants:
        raise NotFoundError(f"product {found.handle!r} has no variant")
    pictures = goods.pictures.get(product_id, Pictures())
    values = goods.values.get(product_id, [])
    collection = _link(found) if found.collection_id is not None else None
    hue = collection.hue if collection else Hue.BLUE.value
    return ProductPage(
        card=product_card(
            ProductRow(product_id, found.handle, title, product_type, hue),
            variants,
            pictures,
            values,
        ),
        body=found.body,
        vendor=found.vendor,
        seo_title=found.seo_title,
        seo_description=found.seo_description,
        tags=tags_of(tags),
        pictures=pictures.all,
        options=option_pickers(variants, values),
        variants=variant_choices(variants, pictures, values),
        collection=collection,
        size_chart=found.size_chart or "",
        updated_at=found.updated_at,
    )


def tags_of(joined: str | None) -> tuple[str, ...]:
    """Return the tags that a row of a product carries as one text."""
    return tuple(sorted(joined.split("\n"))) if joined else ()


def listing(
    *,
    now: datetime,
    q: str = "",
    sort: str = "",
    page: int = 1,
    collection: str | None = None,
) -> ProductListing:
    """Return one page of public products; NotFoundError beyond the last or for no collection.

    An unknown sort is the default: relevance when something is searched, else featured.
    """
    if not 1 <= page <= _LAST_PAGE:
        raise NotFoundError(f"no page {page}")
    if not q.strip():
        known = sort if sort in SORTS else SORTS[0]
        ids, total = _slice(known, page, collection, now=now)
    elif sort in SORTS:
        found = search(q, now=now, collection=collection)
        ids, total = _slice(sort, page, collection, ids=found)
    else:
        found = search(q, now=now, collection=collection)
        ids, total = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], len(found)
    if not ids and page > 1:
        raise NotFoundError(f"page {page} is beyond the last")
    if not ids and collection is not None:
        collection_link(collection)
    pages = max(1, -(-total // PAGE_SIZE))
    return ProductListing(tuple(cards_for(ids, now=now)), total, page, pages)


def home_arrivals(limit: int, *, now: datetime) -> list[ProductCard]:
    """Return the newest public products, newest first."""
    newest = rows.read(_NEWEST, now=now, limit=limit)
    return cards_for([row.id for row in newest], now=now)


def cards_for(product_ids: Sequence[int], *, now: datetime) -> list[ProductCard]:
    """Return the cards of those of these products that are public, in the order given."""
    if not product_ids:
        return []
    asked = list(product_ids)
    found = rows.read(_PUBLIC, ids=asked, now=now)
    public = {row.id for row in found}
    # Which version is out was read with them, before any card: what is kept is never older.
    known = cards_of(found[0].version if found else None)
    missing = [number for number in asked if number in public and number not in known]
    if missing:
        known |= cards_of_goods(missing, rows.goods(missing, colours_only=True))
    return [card for number in asked if number in public and (card := known[number])]


def cards_by_handle(handles: Sequence[str], *, now: datetime) -> list[ProductCard]:
    """Return the cards of those of these products that are public, in the order of handles."""
    found = rows.read(_NAMED, handles=list(handles), now=now) if handles else ()
    return cards_for([row.id for row in found], now=now)


def collection_links() -> list[CollectionLink]:
    """Return the published collections in the order of the navigation."""
    return [_link(row) for row in rows.read(_COLLECTIONS)]


def collection_link(handle: str) -> CollectionLink:
    found = rows.read(_COLLECTION, handle=handle)
    if not found:
        raise NotFoundError(f"no published collection {handle!r}")
    return _link(found[0])


def collection_text(handle: str) -> str:
    """Return the collection's own text in Markdown."""
    return next((row.body for row in rows.read(_TEXT, handle=handle)), "")


def sellable_variant(variant_id: int, *, currency: str, now: datetime) -> SellableVariant:
    """Return a variant that may be sold now in this currency, with its stock of this moment."""
    found = rows.read(_SELLABLE, variant_id=variant_id, currency=currency, now=now)
    if not found:
        raise UnknownVariantError(variant_id)
    minor, tracked, policy, available = found[0]
    is_limited = tracked and policy == StockPolicy.DENY
    return SellableVariant(variant_id, Money(minor, currency), is_limited, available or 0)


_SELLABLE = (
    select(
        Variant.price_minor,
        Variant.tracked,
        Variant.policy,
        (StockLevel.on_hand - StockLevel.reserved).label("available"),
    )
    .select_from(Variant)
    .join(Product, Product.id == Variant.product_id)
    .join(StockLevel, StockLevel.variant_id == Variant.id, isouter=True)
    .where(
        Variant.id == bindparam("variant_id"),
        Variant.currency == bindparam("currency"),
        is_public(),
    )
)
_NEWEST_FIRST = (Product.published_at.desc(), Product.id.desc())
_NEWEST = select(Product.id).where(is_public()).order_by(*_NEWEST_FIRST).limit(bindparam("limit"))
_PUBLIC = select(Product.id, version_question().label("version")).where(
    Product.id.in_(bindparam("ids", expanding=True)), is_public()
)
_NAMED = (
    select(Product.id)
    .where(Product.handle.in_(bindparam("handles", expanding=True)), is_public())
    .order_by(Product.handle)
)
_HANDLE: BindParameter[str] = bindparam("handle")
_LINK = (
    Collection.id.label("collection_id"),
    Collection.handle.label("collection_handle"),
    Collection.title.label("collection_title"),
    Collection.standfirst,
    Collection.hue,
    Image.content_hash,
    Image.alt,
    Image.width,
    Image.height,
    Image.has_renditions,
)
_COLLECTIONS = (
    select(*_LINK)
    .join(Image, Image.id == Collection.image_id, isouter=True)
    .where(Collection.is_published)
    .order_by(Collection.position, Collection.id)
)
_COLLECTION = _COLLECTIONS.where(Collection.handle == _HANDLE)
_TEXT = select(Collection.body).where(Collection.handle == _HANDLE, Collection.is_published)
_tags = (
    select(func.aggregate_strings(ProductTag.tag, "\n"))
    .where(ProductTag.product_id == Product.id)
    .correlate(Product)
    .scalar_subquery()
)
_own_chart = (
    select(product_size_chart.c.size_chart_id)
    .where(product_size_chart.c.product_id == Product.id)
    .correlate(Product)
    .scalar_subquery()
)
_chart_of_type = (
    select(SizeChartType.size_chart_id)
    .where(SizeChartType.product_type == Product.product_type, ~Product.is_without_chart)
    .correlate(Product)
    .scalar_subquery()
)
_size_chart = (
    select(SizeChart.body)
    .where(SizeChart.id == func.coalesce(_own_chart, _chart_of_type))
    .correlate(Product)
    .scalar_subquery()
)
_WHOLE_PAGE = (
    select(
        Product.id,
        Product.handle,
        Product.title,
        Product.body,
        Product.product_type,
        Product.vendor,
        Product.seo_title,
        Product.seo_description,
        Product.updated_at,
        _tags.label("tags"),
        _size_chart.label("size_chart"),
        *_LINK,
    )
    .select_from(Product)
    .join(Collection, Collection.id == first_collection_id, isouter=True)
    .join(Image, Image.id == Collection.image_id, isouter=True)
)
_PUBLIC_PAGE = _WHOLE_PAGE.where(Product.handle == _HANDLE, is_public())
_PREVIEW = _WHOLE_PAGE.where(Product.id == bindparam("product_id"))


def cards_of_goods(ids: Sequence[int], goods: Goods) -> Cards:
    """Compose the cards of products whose goods were read already: one query more."""
    products = rows.products(ids) if ids else {}
    return {
        i: product_card(
            products[i],
            goods.variants[i],
            goods.pictures.get(i, Pictures()),
            goods.values.get(i, ()),
        )
        if i in products and i in goods.variants
        else None
        for i in ids
    }


def _link(row: Any) -> CollectionLink:
    shown = (row.content_hash, row.alt, row.width, row.height, row.has_renditions)
    return CollectionLink(
        collection_id=row.collection_id,
        handle=row.collection_handle,
        title=row.collection_title,
        standfirst=row.standfirst,
        hue=row.hue,
        picture=Picture(*shown) if row.content_hash else None,
    )


@cache
def _listed(sort: str, *, is_chosen: bool, is_within: bool) -> Select[int, int]:
    """Write the statement once for each kind of listing: ids of one page, and how many in all."""
    condition = Product.id.in_(bindparam("ids", expanding=True)) if is_chosen else is_public()
    products = select(Product.id).where(condition)
    if is_within:
        products = (
            products.join(CollectionProduct, CollectionProduct.product_id == Product.id)
            .join(Collection, Collection.id == CollectionProduct.collection_id)
            .where(Collection.handle == bindparam("collection"), Collection.is_published)
        )
    total = select(func.count()).select_from(products.subquery()).scalar_subquery()
    ordered = _sorted(products, sort, is_within=is_within)
    return ordered.add_columns(total).offset(bindparam("skipped")).limit(PAGE_SIZE)


def _slice(
    sort: str, page: int, collection: str | None, **given: datetime | Sequence[int]
) -> tuple[list[int], int]:
    """Return the ids of one page and the number over all pages, asked for in one query."""
    listed = _listed(sort, is_chosen="ids" in given, is_within=collection is not None)
    within = {} if collection is None else {"collection": collection}
    found = rows.read(listed, skipped=(page - 1) * PAGE_SIZE, **within, **given)
    return [row[0] for row in found], found[0][1] if found else 0


def _sorted(chosen: Select[int], sort: str, *, is_within: bool) -> Select[int]:
    if sort == "title":
        return chosen.order_by(func.lower(Product.title), Product.id)
    if sort in {"price", "-price"}:
        return _by_price(chosen, descending=sort == "-price")
    if sort == "newest":
        return chosen.order_by(*_NEWEST_FIRST)
    if is_within:
        return chosen.order_by(CollectionProduct.position, Product.id)
    return _by_place(chosen)


def _by_price(chosen: Select[int], *, descending: bool) -> Select[int]:
    """Sort by the price that the card names first: the lowest of the product's variants."""
    lowest: ColumnElement[int] = (
        select(func.min(Variant.price_minor))
        .where(Variant.product_id == Product.id)
        .correlate(Product)
        .scalar_subquery()
    )
    return chosen.order_by(lowest.desc() if descending else lowest, Product.id)


def _by_place(chosen: Select[int]) -> Select[int]:
    """Sort what featured collections show first, in their order; the rest follows, newest first."""
    places = (
        select(
            CollectionProduct.product_id,
            func.min(Collection.position * 10_000 + CollectionProduct.position).label("place"),
        )
        .join(Collection, Collection.id == CollectionProduct.collection_id)
        .where(Collection.is_featured, Collection.is_published)
        .group_by(CollectionProduct.product_id)
        .subquery()
    )
    return chosen.join(places, places.c.product_id == Product.id, isouter=True).order_by(
        func.coalesce(places.c.place, _NO_PLACE), *_NEWEST_FIRST
    )
