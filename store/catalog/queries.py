"""Answers what readers see of the catalogue: pages, listings, cards, and what may be sold."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from store.catalog import rows
from store.catalog.composing import option_pickers, product_card, variant_choices
from store.catalog.models import (
    Collection,
    CollectionProduct,
    Hue,
    Image,
    Product,
    ProductTag,
    Variant,
)
from store.catalog.presenting import (
    CollectionLink,
    Picture,
    ProductCard,
    ProductListing,
    ProductPage,
)
from store.catalog.rows import Pictures, ProductRow, first_collection_id, is_public
from store.catalog.searching import search
from store.database import db
from store.errors import NotFoundError

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


def product_page(handle: str, *, now: datetime) -> ProductPage:
    """Return everything that the page of a public product shows."""
    found = db.session.execute(_PAGE.where(Product.handle == handle, is_public(now))).one_or_none()
    if found is None:
        raise NotFoundError(f"no public product {handle!r}")
    product: Product = found.Product
    variants = rows.variants([product.id])[product.id]
    if not variants:
        raise NotFoundError(f"product {handle!r} has no variant")
    pictures = rows.pictures([product.id]).get(product.id, Pictures())
    values = rows.values([product.id], colours_only=False)[product.id]
    collection = _link(found) if found.Collection else None
    hue = collection.hue if collection else Hue.BLUE.value
    summary = ProductRow(product.id, product.handle, product.title, product.product_type, hue)
    return ProductPage(
        card=product_card(summary, variants, pictures, values),
        body=product.body,
        vendor=product.vendor,
        seo_title=product.seo_title,
        seo_description=product.seo_description,
        tags=tuple(db.session.scalars(_TAGS.where(ProductTag.product_id == product.id))),
        pictures=pictures.all,
        options=option_pickers(variants, values),
        variants=variant_choices(variants, pictures, values),
        collection=collection,
        updated_at=product.updated_at,
    )


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
        ids, total = _slice(_sorted(_public_ids(now, collection), sort, collection), page)
    elif sort in SORTS:
        found = search(q, now=now, collection=collection)
        ids, total = _slice(_sorted(_chosen(found, collection), sort, collection), page)
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
    newest = _public_ids(now, None).order_by(*_NEWEST_FIRST).limit(limit)
    return cards_for(db.session.scalars(newest).all(), now=now)


def cards_for(product_ids: Sequence[int], *, now: datetime) -> list[ProductCard]:
    """Return the cards of those of these products that are public, in the order given."""
    if not product_ids:
        return []
    ids = list(product_ids)
    products = rows.products(ids, now=now)
    variants, pictures = rows.variants(ids), rows.pictures(ids)
    values = rows.values(ids, colours_only=True)
    return [
        product_card(products[i], variants[i], pictures.get(i, Pictures()), values.get(i, ()))
        for i in ids
        if i in products and i in variants
    ]


def collection_links() -> list[CollectionLink]:
    """Return the published collections in the order of the navigation."""
    found = db.session.execute(
        _COLLECTIONS.where(Collection.is_published).order_by(Collection.position, Collection.id)
    )
    return [_link(row) for row in found]


def collection_link(handle: str) -> CollectionLink:
    found = db.session.execute(
        _COLLECTIONS.where(Collection.handle == handle, Collection.is_published)
    ).one_or_none()
    if found is None:
        raise NotFoundError(f"no published collection {handle!r}")
    return _link(found)


def collection_text(handle: str) -> str:
    """Return the collection's own text in Markdown."""
    text = db.session.scalar(
        select(Collection.body).where(Collection.handle == handle, Collection.is_published)
    )
    return text or ""


def sellable_variant(variant_id: int, *, currency: str, now: datetime) -> Variant:
    """Return a variant that may be sold now in this currency, with its product loaded."""
    variant = db.session.scalars(
        select(Variant)
        .join(Variant.product)
        .where(Variant.id == variant_id, Variant.currency == currency, is_public(now))
        .options(joinedload(Variant.product))
    ).one_or_none()
    if variant is None:
        raise UnknownVariantError(variant_id)
    return variant


_NEWEST_FIRST = (Product.published_at.desc(), Product.id.desc())
_TAGS = select(ProductTag.tag).order_by(ProductTag.tag)
_COLLECTIONS = select(Collection, Image).join(Image, Image.id == Collection.image_id, isouter=True)
_PAGE = (
    select(Product, Collection, Image)
    .select_from(Product)
    .join(Collection, Collection.id == first_collection_id, isouter=True)
    .join(Image, Image.id == Collection.image_id, isouter=True)
)


def _link(row: Any) -> CollectionLink:
    collection: Collection = row.Collection
    image: Image | None = row.Image
    shown = image is not None and image.content_hash
    return CollectionLink(
        collection_id=collection.id,
        handle=collection.handle,
        title=collection.title,
        standfirst=collection.standfirst,
        hue=collection.hue,
        picture=_picture(image) if image and shown else None,
    )


def _picture(image: Image) -> Picture:
    return Picture(image.content_hash, image.alt, image.width, image.height, image.has_renditions)


def _public_ids(now: datetime, collection: str | None) -> Select[int]:
    return _within(select(Product.id).where(is_public(now)), collection)


def _chosen(ids: Sequence[int], collection: str | None) -> Select[int]:
    return _within(select(Product.id).where(Product.id.in_(ids)), collection)


def _within(products: Select[int], collection: str | None) -> Select[int]:
    if collection is None:
        return products
    return (
        products.join(CollectionProduct, CollectionProduct.product_id == Product.id)
        .join(Collection, Collection.id == CollectionProduct.collection_id)
        .where(Collection.handle == collection, Collection.is_published)
    )


def _slice(ordered: Select[int], page: int) -> tuple[list[int], int]:
    """Return the ids of one page and the number over all pages, asked for in one query."""
    everything = ordered.order_by(None).subquery()
    total = select(func.count()).select_from(everything).scalar_subquery()
    found = db.session.execute(
        ordered.add_columns(total).offset((page - 1) * PAGE_SIZE).limit(PAGE_SIZE)
    ).all()
    return [row[0] for row in found], found[0][1] if found else 0


def _sorted(chosen: Select[int], sort: str, collection: str | None) -> Select[int]:
    if sort == "title":
        return chosen.order_by(func.lower(Product.title), Product.id)
    if sort in {"price", "-price"}:
        return _by_price(chosen, descending=sort == "-price")
    if sort == "newest":
        return chosen.order_by(*_NEWEST_FIRST)
    if collection is not None:
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
