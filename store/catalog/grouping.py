"""Puts products under tags and into collections, and takes them out again."""

from sqlalchemy import select

from store.catalog.following import facts_changed
from store.catalog.models import Collection, CollectionProduct, Matching, Product
from store.catalog.rules import next_position
from store.clock import Clock
from store.database import bump_public_version, db
from store.errors import ConflictError, InvalidError, NotFoundError

LONGEST_TAG = 80


class TagRefusedError(InvalidError):
    """A tag is a few words, at least one letter and at most LONGEST_TAG characters."""


class NoSuchCollectionError(NotFoundError):
    """No collection has this number."""


class FilledByRulesError(ConflictError):
    """Nobody puts products by hand into a collection that its rules fill."""


def add_tag(product: Product, tag: str, clock: Clock) -> None:
    """Tag the product, unless it is, in whatever case; flushes only."""
    words = " ".join(tag.split())
    if not words or len(words) > LONGEST_TAG:
        raise TagRefusedError("a tag is a few words")
    if words.casefold() not in {known.casefold() for known in product.tags}:
        product.tags.append(words)
        _changed(product, clock)


def remove_tag(product: Product, tag: str, clock: Clock) -> None:
    """Take a tag from the product, in whatever case it stands there; flushes only."""
    words = " ".join(tag.split()).casefold()
    known = [row for row in product.tag_rows if row.tag.casefold() == words]
    for row in known:
        product.tag_rows.remove(row)
    if known:
        _changed(product, clock)


def put_into(product: Product, collection: Collection, clock: Clock) -> None:
    """Place the product at the collection's end, unless it stands there; flushes only."""
    _want_hand_made(collection)
    if _entry(product, collection) is None:
        db.session.add(
            CollectionProduct(
                collection_id=collection.id,
                product_id=product.id,
                position=next_position(collection.id),
            )
        )
        _touch(product, clock)


def take_out(product: Product, collection: Collection, clock: Clock) -> None:
    """Take the product out of the collection, if it stands there; flushes only."""
    _want_hand_made(collection)
    entry = _entry(product, collection)
    if entry is not None:
        db.session.delete(entry)
        _touch(product, clock)


def collection_of(collection_id: int) -> Collection:
    collection = db.session.get(Collection, collection_id)
    if collection is None:
        raise NoSuchCollectionError(f"no collection {collection_id}")
    return collection


def hand_made_handles(product: Product) -> list[str]:
    """Return the collections into which somebody put the product, in the shop's order."""
    return list(
        db.session.scalars(
            select(Collection.handle)
            .join(CollectionProduct, CollectionProduct.collection_id == Collection.id)
            .where(
                CollectionProduct.product_id == product.id,
                Collection.matching == Matching.BY_HAND,
            )
            .order_by(Collection.position, Collection.id)
        )
    )


def _entry(product: Product, collection: Collection) -> CollectionProduct | None:
    return db.session.get(CollectionProduct, (collection.id, product.id))


def _want_hand_made(collection: Collection) -> None:
    if collection.matching != Matching.BY_HAND:
        raise FilledByRulesError(f"{collection.handle} fills itself")


def _changed(product: Product, clock: Clock) -> None:
    _touch(product, clock)
    facts_changed([product.id], clock.now())


def _touch(product: Product, clock: Clock) -> None:
    product.updated_at = clock.now()
    db.session.flush()
    bump_public_version()
