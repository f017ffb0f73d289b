"""Makes products what their drafts say, and loses no variant that anybody ordered or counted."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import select, update
from sqlalchemy.orm import selectinload

from store.catalog.creating import SavedProduct, create_products
from store.catalog.described import Described, described_by_handle
from store.catalog.drafts import (
    DraftRefusedError,
    ProductDraft,
    VariantDraft,
    all_skus,
    check,
    repeated_in,
)
from store.catalog.filling import fill, variants_with_history
from store.catalog.following import facts_changed
from store.catalog.models import (
    Collection,
    CollectionProduct,
    Matching,
    Option,
    Product,
    StockPolicy,
    Variant,
)
from store.catalog.prices.changing import settle_prices
from store.catalog.rewriting import is_of_columns, rewrite
from store.catalog.rules import next_position
from store.catalog.search_index import texts_of
from store.clock import Clock
from store.database import bump_public_version, db
from store.errors import ConflictError, NotFoundError
from store.inventory import stock
from store.inventory.stocktaking import open_levels

_BATCH = 500


class SkuTakenError(ConflictError):
    """Another product has this stock-keeping unit."""

    def __init__(self, sku: str, handle: str) -> None:
        super().__init__(f"{sku} belongs to {handle}")
        self.sku = sku
        self.handle = handle


def save_product(draft: ProductDraft, clock: Clock) -> Product:
    """Create or update the product of this handle, in the open writing scope.

    A variant stays itself while its combination or its sku stays; its stock is never touched. One
    that the draft no longer has is removed, or VariantInUseError is raised when it has a history.
    """
    (saved,) = save_products([draft], clock)
    return db.session.get_one(Product, saved.product_id)


def save_products(drafts: Sequence[ProductDraft], clock: Clock) -> list[SavedProduct]:
    """Do what save_product does, for many at once."""
    for draft in drafts:
        check(draft)
    if repeated := repeated_in([draft.handle for draft in drafts]):
        raise DraftRefusedError(f"two products are {repeated[0]}")
    if repeated := repeated_in(all_skus(drafts)):
        raise DraftRefusedError(f"two variants have the sku {repeated[0]}")
    owners = _release_skus(drafts)
    remaining, saved = iter(drafts), list[SavedProduct]()
    while batch := list(islice(remaining, _BATCH)):
        saved += _save_batch(batch, owners, clock)
    bump_public_version()
    return saved


def products_by_handle(handles: Iterable[str]) -> dict[str, Product]:
    """Return those of these products that exist, with everything that a draft describes."""
    found: dict[str, Product] = {}
    remaining = iter(handles)
    while batch := list(islice(remaining, _BATCH)):
        products = db.session.scalars(
            select(Product).where(Product.handle.in_(batch)).options(*_WHOLE)
        )
        found.update((product.handle, product) for product in products)
    return found


_HANDLE = (
    # No join: PostgreSQL would begin it with all products while it takes them for few.
    select(Product.handle).where(Product.id == Variant.product_id).scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class SkuOwner:
    """The variant that a stock-keeping unit belongs to."""

    sku: str
    variant_id: int
    handle: str
    combination: str


def owners_of(skus: Iterable[str]) -> Iterator[SkuOwner]:
    remaining = iter(skus)
    while batch := list(islice(remaining, _BATCH)):
        for variant_id, sku, handle, combination in db.session.execute(
            select(Variant.id, Variant.sku, _HANDLE, Variant.combination).where(
                Variant.sku.in_(batch)
            )
        ):
            yield SkuOwner(sku or "", variant_id, handle, combination)


_WHOLE = (
    selectinload(Product.options).selectinload(Option.values),
    selectinload(Product.variants).selectinload(Variant.option_values),
    selectinload(Product.variants).selectinload(Variant.images),
    selectinload(Product.images),
    selectinload(Product.tag_rows),
)


def _release_skus(drafts: Sequence[ProductDraft]) -> dict[str, int]:
    """Take every sku that is to move from its variant, so that none is there twice on the way.

    Returns the variant that each sku belonged to.
    """
    wanted = {
        variant.sku: (draft.handle, variant.combination)
        for draft in drafts
        for variant in draft.variants
        if variant.sku
    }
    handles = {draft.handle for draft in drafts}
    owners, moving = dict[str, int](), list[int]()
    for owner in owners_of(all_skus(drafts)):
        if owner.handle not in handles:
            raise SkuTakenError(owner.sku, owner.handle)
        owners[owner.sku] = owner.variant_id
        if wanted[owner.sku] != (owner.handle, owner.combination):
            moving.append(owner.variant_id)
    if moving:
        db.session.execute(update(Variant).where(Variant.id.in_(moving)).values(sku=None))
    return owners


def _save_batch(
    drafts: Sequence[ProductDraft],
    owners: Mapping[str, int],
    clock: Clock,
) -> list[SavedProduct]:
    handles = [draft.handle for draft in drafts]
    # What changed for good before is what this draft changes.
    settle_prices(db.session.scalars(select(Product.id).where(Product.handle.in_(handles))), clock)
    known = described_by_handle(handles)
    changes = [(before, draft) for draft in drafts if (before := known.get(draft.handle))]
    saved = _change(changes, owners, clock)
    created = create_products([draft for draft in drafts if draft.handle not in known], clock)
    saved |= {one.handle: one for one in created}
    for draft in drafts:
        if draft.collections is not None:
            _set_collections(saved[draft.handle].product_id, draft.collections)
    facts_changed(
        [one.product_id for one in saved.values()],
        clock.now(),
        reworded=[
            saved[draft.handle].product_id
            for draft in drafts
            if (before := known.get(draft.handle)) is None
            or texts_of(before.draft) != texts_of(draft)
        ],
    )
    return [saved[handle] for handle in handles]


def _change(
    changes: Sequence[tuple[Described, ProductDraft]], owners: Mapping[str, int], clock: Clock
) -> dict[str, SavedProduct]:
    """Make the products that there are what their drafts say; return them by their handles."""
    of_columns = [change for change in changes if is_of_columns(*change)]
    rewrite(of_columns, clock.now())
    _follow_stock(
        (variant.variant_id or 0, wanted)
        for before, draft in of_columns
        for variant, wanted in zip(before.draft.variants, draft.variants, strict=True)
    )
    saved = {
        before.draft.handle: SavedProduct(
            before.draft.handle,
            before.product_id,
            {one.combination: one.variant_id or 0 for one in before.draft.variants},
        )
        for before, _draft in of_columns
    }
    others = [draft for before, draft in changes if before.draft.handle not in saved]
    return saved | _fill(others, owners, clock)


def _fill(
    drafts: Sequence[ProductDraft], owners: Mapping[str, int], clock: Clock
) -> dict[str, SavedProduct]:
    products = products_by_handle(draft.handle for draft in drafts)
    with db.session.no_autoflush:
        for draft in drafts:
            fill(products[draft.handle], draft, owners=owners, clock=clock)
    db.session.flush()
    _follow_stock(
        (variant.id, wanted)
        for draft in drafts
        for variant, wanted in zip(products[draft.handle].variants, draft.variants, strict=True)
    )
    return {
        handle: SavedProduct(
            handle, product.id, {variant.combination: variant.id for variant in product.variants}
        )
        for handle, product in products.items()
    }


def _follow_stock(variants: Iterable[tuple[int, VariantDraft]]) -> None:
    """Give every counted variant its level: what has none is sold without limit."""
    wanted = dict(variants)
    levels = stock.levels(list(wanted))
    fresh: dict[int, bool] = {}
    for variant_id, variant in wanted.items():
        level, may_oversell = levels.get(variant_id), variant.policy != StockPolicy.DENY
        if not variant.tracked:
            if level is not None:
                stock.stop_tracking(variant_id)
        elif level is None:
            fresh[variant_id] = may_oversell
        elif level.may_oversell is not may_oversell:
            stock.set_policy(variant_id, may_oversell=may_oversell)
    for variant_id in variants_with_history(list(fresh)):
        # Counted before and again: its level follows from its ledger.
        stock.set_policy(variant_id, may_oversell=fresh.pop(variant_id))
    open_levels(fresh)


def _set_collections(product_id: int, handles: Sequence[str]) -> None:
    wanted = {
        collection.handle: collection
        for collection in db.session.scalars(
            select(Collection).where(Collection.handle.in_(handles))
        )
    }
    if missing := next((handle for handle in handles if handle not in wanted), None):
        raise NotFoundError(f"no collection {missing!r}")
    entries = {
        entry.collection_id: entry
        for entry in db.session.scalars(
            select(CollectionProduct)
            .join(Collection, Collection.id == CollectionProduct.collection_id)
            .where(
                CollectionProduct.product_id == product_id,
                Collection.matching == Matching.BY_HAND,
            )
        )
    }
    for collection in wanted.values():
        # What a collection with rules holds is its own affair.
        if collection.matching != Matching.BY_HAND:
            continue
        if entries.pop(collection.id, None) is None:
            db.session.add(
                CollectionProduct(
                    collection_id=collection.id,
                    product_id=product_id,
                    position=next_position(collection.id),
                )
            )
    for entry in entries.values():
        db.session.delete(entry)
    db.session.flush()
