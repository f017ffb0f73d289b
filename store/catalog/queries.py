"""Answers what readers see of the catalogue: pages, listings, cards, and what may be sold."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, select

from store.catalog import rows
from store.catalog.choosing_prices import PriceChoice
from store.catalog.composing import (
    States,
    option_pickers,
    product_card,
    states_of,
    variant_choices,
)
from store.catalog.models import (
    Collection,
    Hue,
    Image,
    Product,
    ProductStatus,
    SizeChart,
    SizeChartType,
    StockPolicy,
    Variant,
    product_size_chart,
)
from store.catalog.nested import NESTED, pictures_in, tags_in, values_in, variants_in
from store.catalog.presenting import (
    CollectionLink,
    Picture,
    ProductCard,
    ProductPage,
)
from store.catalog.prices.current import NOW, PRICE, last_change, with_changes
from store.catalog.publishing import last_publication
from store.catalog.remembering import Cards, State, cards_of
from store.catalog.rows import (
    Goods,
    Pictures,
    ProductRow,
    ValueRow,
    VariantRow,
    first_collection_id,
    is_public,
)
from store.database import version_question
from store.errors import NotFoundError
from store.inventory.models import StockLevel
from store.money import Money
from store.statements import read
from store.web.shown import shows_a_choice, shows_collection, shows_products


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
    choice: PriceChoice | None = None
    """What may be chosen, where the price is the reader's."""
    is_gift_card: bool = False
    handle: str = ""
    title: str = ""


def product_page(handle: str, *, now: datetime) -> ProductPage:
    """Return everything that the page of a public product shows."""
    found = public_row(handle, now=now)
    return page_of(found, now=now)


def preview_page(product_id: int, *, now: datetime) -> ProductPage:
    """Return what the page of a product would show, whether readers may see it or not."""
    found = next(iter(read(_PREVIEW, product_id=product_id, now=now)), None)
    if found is None:
        raise NotFoundError(f"no product {product_id}")
    return page_of(found, now=now)


def public_row(handle: str, *, now: datetime) -> Any:
    """Return what is written of a public product alone, with the state of the shop before it.

    page_of makes its page of it.
    """
    found = next(iter(read(_PUBLIC_PAGE, handle=handle, now=now)), None)
    if found is None:
        raise NotFoundError(f"no public product {handle!r}")
    return found


def page_of(found: Any, *, now: datetime) -> ProductPage:
    """Compose the page of a product from its row, which brings along all that the page shows."""
    product_id, title, product_type = found.id, found.title, found.product_type
    variants = variants_in(found, now=now)
    if not variants:
        raise NotFoundError(f"product {found.handle!r} has no variant")
    pictures, values, states = pictures_in(found), values_in(found), states_of(variants)
    collection = _link(found) if found.collection_id is not None else None
    hue = collection.hue if collection else Hue.BLUE.value
    shows_products([product_id])
    if collection is not None:
        shows_collection(collection.collection_id)
    return ProductPage(
        card=product_card(
            ProductRow(product_id, found.handle, title, product_type, hue),
            variants,
            pictures,
            values,
            states,
        ),
        body=found.body,
        vendor=found.vendor,
        seo_title=found.seo_title,
        seo_description=found.seo_description,
        tags=tags_in(found),
        pictures=pictures.all,
        options=option_pickers(states, values),
        variants=variant_choices(variants, pictures, values, states),
        collection=collection,
        size_chart=found.size_chart or "",
        updated_at=found.updated_at,
    )


def home_arrivals(limit: int, *, now: datetime) -> list[ProductCard]:
    """Return the newest public products, newest first."""
    shows_a_choice()
    newest = read(_NEWEST, now=now, limit=limit)
    return cards_for([row.id for row in newest], now=now)


def cards_for(product_ids: Sequence[int], *, now: datetime) -> list[ProductCard]:
    """Return the cards of those of these products that are public, in the order given."""
    if not product_ids:
        return []
    asked = list(product_ids)
    found = read(_ASKED, ids=asked, now=now)
    public = {row.id for row in found if _is_shown(row, now)}
    shown = [number for number in asked if number in public]
    state = State(found[0].version, found[0].price_moment) if found else None
    return shown_cards(shown, state, now=now)


def shown_cards(
    product_ids: Sequence[int], state: State | None, *, now: datetime
) -> list[ProductCard]:
    """Return the cards of products that are known to be public, as of a state read before.

    What is kept of a card is never older than the state; without one nothing is kept.
    """
    known = cards_of(state)
    missing = [number for number in product_ids if number not in known]
    if missing:
        known |= cards_of_goods(missing, rows.goods(missing, now=now))
    shown = [card for number in product_ids if (card := known[number])]
    shows_products(card.product_id for card in shown)
    return shown


def _is_shown(row: Any, now: datetime) -> bool:
    """Say of a row what `is_public` says of a product."""
    is_out = row.published_at is not None and row.published_at <= now
    has_ended = row.unpublish_at is not None and row.unpublish_at <= now
    return row.status == ProductStatus.ACTIVE and is_out and not has_ended


def cards_by_handle(handles: Sequence[str], *, now: datetime) -> list[ProductCard]:
    """Return the cards of those of these products that are public, in the order of handles."""
    found = read(_NAMED, handles=list(handles), now=now) if handles else ()
    return cards_for([row.id for row in found], now=now)


def collection_links() -> list[CollectionLink]:
    """Return the published collections in the order of the navigation."""
    return [_link(row) for row in read(_COLLECTIONS)]


def collection_link(handle: str) -> CollectionLink:
    found = read(_COLLECTION, handle=handle)
    if not found:
        raise NotFoundError(f"no published collection {handle!r}")
    shows_collection(found[0].collection_id)
    return _link(found[0])


def collection_text(handle: str) -> str:
    """Return the collection's own text in Markdown."""
    return next((row.body for row in read(_TEXT, handle=handle)), "")


def sellable_variant(variant_id: int, *, currency: str, now: datetime) -> SellableVariant:
    """Return a variant that may be sold now in this currency, with its stock of this moment."""
    found = read(_SELLABLE, variant_id=variant_id, currency=currency, now=now)
    if not found:
        raise UnknownVariantError(variant_id)
    minor, tracked, policy, available, to_come, *rest = found[0]
    least, most, suggested, is_gift_card, handle, title = rest
    ahead = 0 if policy == StockPolicy.DENY else to_come
    return SellableVariant(
        variant_id,
        Money(minor, currency),
        tracked and ahead is not None,
        (available or 0) + (ahead or 0),
        PriceChoice.of(least, most, suggested, currency),
        is_gift_card,
        handle,
        title,
    )


_SELLABLE = with_changes(
    select(
        PRICE,
        Variant.tracked,
        Variant.policy,
        (StockLevel.on_hand - StockLevel.reserved).label("available"),
        StockLevel.to_come,
        Variant.least_minor,
        Variant.most_minor,
        Variant.suggested,
        Variant.is_gift_card,
        Product.handle,
        Product.title,
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
_NAMED = (
    select(Product.id)
    .where(Product.handle.in_(bindparam("handles", expanding=True)), is_public())
    .order_by(Product.handle)
)
# Whether they are public is not asked of the database: SQLite would go through all that are.
_ASKED = select(
    Product.id,
    Product.status,
    Product.published_at,
    Product.unpublish_at,
    version_question().label("version"),
    last_change().label("price_moment"),
).where(Product.id.in_(bindparam("ids", expanding=True)))
_HANDLE: BindParameter[str] = bindparam("handle")
_LINK = (
    Collection.id.label("collection_id"),
    Collection.handle.label("collection_handle"),
    Collection.title.label("collection_title"),
    Collection.standfirst,
    Collection.hue,
    Collection.is_featured,
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
        _size_chart.label("size_chart"),
        version_question().label("version"),
        last_change().label("price_moment"),
        last_publication(NOW).label("publication"),
        *NESTED,
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
    compose = _lawful_card if rows.tells_lowest_price() else product_card
    return {
        i: compose(
            products[i],
            goods.variants[i],
            goods.pictures.get(i, Pictures()),
            goods.values.get(i, ()),
            states_of(goods.variants[i]),
        )
        if i in products and i in goods.variants
        else None
        for i in ids
    }


def _lawful_card(
    product: ProductRow,
    variants: Sequence[VariantRow],
    pictures: Pictures,
    values: Sequence[ValueRow],
    states: States,
) -> ProductCard:
    """Say nothing of a reduction on a card that has no room for the price before."""
    card = product_card(product, variants, pictures, values, states)
    return card if card.price_from == card.price_to else replace(card, compare_at=None)


def _link(row: Any) -> CollectionLink:
    shown = (row.content_hash, row.alt, row.width, row.height, row.has_renditions)
    return CollectionLink(
        collection_id=row.collection_id,
        handle=row.collection_handle,
        title=row.collection_title,
        standfirst=row.standfirst,
        hue=row.hue,
        picture=Picture(*shown) if row.content_hash else None,
        is_featured=bool(row.is_featured),
    )
