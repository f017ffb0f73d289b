"""Collections as staff keep them: filled by hand or by rules, each change with its entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from store.catalog.grouping import NoSuchCollectionError
from store.catalog.handles import slugify
from store.catalog.models import (
    Collection,
    CollectionProduct,
    CollectionRule,
    Image,
    Matching,
    Product,
)
from store.catalog.rules import Rule, members_of, refill
from store.catalog.tasks import MakeRenditions
from store.database import bump_public_version, db
from store.errors import ConflictError
from store.jobs.outbox import enqueue
from store.media.images import StoredPicture
from store.services import Services
from store.staff.audit import Actor, Thing, record

KIND = "collection"
MOST_SHOWN = 12
MOST_FOUND = 10


class CollectionHandleTakenError(ConflictError):
    """Another collection has this address."""


@dataclass(frozen=True, slots=True)
class CollectionWanted:
    """A collection as a form means it; products count where it is filled by hand."""

    words: dict[str, Any]
    matching: Matching
    rules: tuple[Rule, ...]
    products: tuple[int, ...]
    picture: StoredPicture | None = None
    is_without_picture: bool = False


@dataclass(frozen=True, slots=True)
class CollectionLine:
    """One collection in the list."""

    collection: Collection
    products: int


def collection_lines() -> list[CollectionLine]:
    """Return every collection in the order of the navigation, with how many products it holds."""
    rows = db.session.execute(
        select(Collection, func.count(CollectionProduct.product_id))
        .outerjoin(CollectionProduct, CollectionProduct.collection_id == Collection.id)
        .group_by(Collection.id)
        .order_by(Collection.position, Collection.id)
    )
    return [CollectionLine(collection, number) for collection, number in rows]


def collection_of(collection_id: int) -> Collection:
    collection = db.session.get(Collection, collection_id)
    if collection is None:
        raise NoSuchCollectionError(f"no collection {collection_id}")
    return collection


def save_collection(
    collection: Collection | None, wanted: CollectionWanted, *, actor: Actor, services: Services
) -> Collection:
    """Write a collection, new or known; flushes only. Raises CollectionHandleTakenError."""
    is_new = collection is None
    before = None if collection is None else values_of(collection)
    kept = collection or Collection(created_at=services.clock.now())
    _want_free(str(wanted.words["handle"]), kept)
    for name, value in wanted.words.items():
        setattr(kept, name, value)
    kept.updated_at, kept.matching = services.clock.now(), wanted.matching
    db.session.add(kept)
    _set_rules(kept, wanted.rules if wanted.matching is not Matching.BY_HAND else ())
    _set_picture(kept, wanted, services)
    db.session.flush()
    if wanted.matching is Matching.BY_HAND:
        _set_products(kept, wanted.products)
    else:
        refill(kept)
    bump_public_version()
    record(
        actor,
        "collection.created" if is_new else "collection.edited",
        thing_of(kept),
        clock=services.clock,
        before=before,
        after=values_of(kept),
    )
    return kept


def delete_collection(collection: Collection, *, actor: Actor, services: Services) -> None:
    """Delete a collection; its products stay. Flushes only."""
    thing, before = thing_of(collection), values_of(collection)
    db.session.delete(collection)
    db.session.flush()
    bump_public_version()
    record(actor, "collection.deleted", thing, clock=services.clock, before=before)


def members(matching: Matching, rules: Sequence[Rule]) -> tuple[int, list[str]]:
    """Return how many products these rules ask for, and the first of their titles."""
    asked = members_of(matching, rules)
    number = db.session.scalars(select(func.count()).select_from(asked.subquery())).one()
    titles = db.session.scalars(
        select(Product.title).where(Product.id.in_(asked)).order_by(Product.title).limit(MOST_SHOWN)
    )
    return number, list(titles)


def find_products(words: str, but: Sequence[int]) -> Sequence[Product]:
    """Return products whose title holds these words, for putting them in."""
    if not words.strip():
        return ()
    return db.session.scalars(
        select(Product)
        .where(Product.title.icontains(words.strip()[:100], autoescape=True))
        .where(Product.id.not_in(but))
        .order_by(Product.title)
        .limit(MOST_FOUND)
    ).all()


def titles_of(product_ids: Sequence[int]) -> dict[int, str]:
    rows = db.session.execute(select(Product.id, Product.title).where(Product.id.in_(product_ids)))
    return {row.id: row.title for row in rows}


def thing_of(collection: Collection) -> Thing:
    return Thing(KIND, str(collection.id), collection.title)


def values_of(collection: Collection) -> dict[str, Any]:
    """Return a collection as entries keep it."""
    names = ("title", "handle", "standfirst", "body", "hue", "position", "matching")
    return {
        **{name: getattr(collection, name) for name in names},
        "featured": collection.is_featured,
        "published": collection.is_published,
        "picture": collection.image.content_hash if collection.image else None,
        "rules": [f"{rule.field} {rule.relation} {rule.value}" for rule in collection.rules],
        "products": [] if collection.matching != Matching.BY_HAND else _handles(collection.id),
    }


def _handles(collection_id: int) -> list[str]:
    return list(
        db.session.scalars(
            select(Product.handle)
            .join(CollectionProduct, CollectionProduct.product_id == Product.id)
            .where(CollectionProduct.collection_id == collection_id)
            .order_by(CollectionProduct.position, Product.id)
        )
    )


def free_handle(title: str) -> str:
    return slugify(title) or "collection"


def _want_free(handle: str, collection: Collection) -> None:
    with db.session.no_autoflush:
        owner = db.session.scalar(select(Collection.id).where(Collection.handle == handle))
    if owner is not None and owner != collection.id:
        raise CollectionHandleTakenError(handle)


def _set_rules(collection: Collection, rules: Sequence[Rule]) -> None:
    if [_told(row) for row in collection.rules] == list(rules):
        return
    collection.rules = []
    db.session.flush()
    collection.rules = [
        CollectionRule(position=place, field=r.field, relation=r.relation, value=r.value)
        for place, r in enumerate(rules, start=1)
    ]


def _told(row: CollectionRule) -> Rule:
    return Rule(row.field, row.relation, row.value)  # type: ignore[arg-type] # texts are equal to their words


def _set_picture(collection: Collection, wanted: CollectionWanted, services: Services) -> None:
    if wanted.picture is not None:
        stored = wanted.picture
        collection.image = Image(
            content_hash=stored.content_hash, width=stored.width, height=stored.height
        )
        enqueue(MakeRenditions(stored.content_hash), services.clock)
    elif wanted.is_without_picture:
        collection.image = None


def _set_products(collection: Collection, product_ids: Sequence[int]) -> None:
    known = {entry.product_id: entry for entry in collection.entries}
    there = titles_of(product_ids)
    wanted = [number for number in dict.fromkeys(product_ids) if number in there]
    for entry in list(collection.entries):
        if entry.product_id not in wanted:
            collection.entries.remove(entry)
    for position, number in enumerate(wanted, start=1):
        if number in known:
            known[number].position = position
        else:
            collection.entries.append(CollectionProduct(product_id=number, position=position))
    db.session.flush()
