"""Collections as staff keep them: filled by hand or by rules, each change with its entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from store.catalog.grouping import NoSuchCollectionError
from store.catalog.models import (
    Collection,
    CollectionProduct,
    CollectionRule,
    Image,
    Matching,
    Product,
)
from store.catalog.renaming import give_collection_handle, take_over_collection
from store.catalog.rules import Rule, members_of, refill, rules_of
from store.catalog.tasks import MakeRenditions
from store.database import bump_public_version, db
from store.errors import ConflictError
from store.jobs.outbox import enqueue
from store.services import Services
from store.staff.audit import Actor, Values, record
from store.staff.collection_values import (
    CollectionWanted,
    product_ids,
    thing_of,
    values_of,
    wanted_from,
)
from store.staff.kept_edits import COLLECTION, forget_all
from store.staff.models import AuditEntry
from store.staff.versions import want_unchanged

MOST_SHOWN = 12
MOST_FOUND = 10


class CollectionHandleTakenError(ConflictError):
    """Another collection has this address."""


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


def make_collection(wanted: CollectionWanted, *, actor: Actor, services: Services) -> Collection:
    """Write a new collection; flushes only. Raises CollectionHandleTakenError."""
    made = Collection(created_at=services.clock.now())
    write(made, wanted, services)
    record(
        actor,
        "collection.created",
        thing_of(made),
        clock=services.clock,
        after=values_of(made),
    )
    return made


def edit_collection(
    collection: Collection,
    wanted: CollectionWanted,
    opened: str,
    *,
    actor: Actor,
    services: Services,
) -> None:
    """Make a collection what a form means; flushes only.

    Raises CollectionHandleTakenError, and EditedMeanwhileError where the collection is not what
    the form was opened on.
    """
    before = values_of(collection)
    want_unchanged(opened, before)
    write(collection, wanted, services)
    record(
        actor,
        "collection.edited",
        thing_of(collection),
        clock=services.clock,
        before=before,
        after=values_of(collection),
    )


def write(collection: Collection, wanted: CollectionWanted, services: Services) -> None:
    """Give a collection its words, rules, products and picture; flushes only."""
    handle = str(wanted.words["handle"])
    _want_free(handle, collection)
    if collection.id is None:
        take_over_collection(handle)
    else:
        give_collection_handle(collection, handle, services.clock)
    for name, value in wanted.words.items():
        setattr(collection, name, value)
    collection.updated_at, collection.matching = services.clock.now(), wanted.matching
    db.session.add(collection)
    _set_rules(collection, wanted.rules if wanted.matching is not Matching.BY_HAND else ())
    _set_picture(collection, wanted, services)
    db.session.flush()
    if wanted.matching is Matching.BY_HAND:
        _set_products(collection, wanted.products)
    else:
        refill(collection, services.clock.now())
    bump_public_version()


def delete_collection(collection: Collection, *, actor: Actor, services: Services) -> None:
    """Delete a collection; its products stay. Flushes only."""
    thing, before = thing_of(collection), values_of(collection)
    forget_all(COLLECTION.of(collection.id))
    db.session.delete(collection)
    db.session.flush()
    bump_public_version()
    record(actor, "collection.deleted", thing, clock=services.clock, before=before)


def members(matching: Matching, rules: Sequence[Rule], now: datetime) -> tuple[int, list[str]]:
    """Return how many products these rules ask for, and the first of their titles."""
    asked = members_of(matching, rules, now)
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


class CollectionUndo:
    """Puts the fields of one edit back; what others changed beside them stays."""

    def current(self, thing_id: str, fields: Sequence[str], entry: AuditEntry) -> Values | None:
        collection = db.session.get(Collection, int(thing_id))
        if collection is None:
            return None
        values, left = values_of(collection), (entry.after or {}).get("products", [])
        # A product that moved to another address since is still the same.
        if product_ids(values["products"]) == product_ids(left):
            values["products"] = left
        return {name: values.get(name) for name in fields}

    def restore(self, entry: AuditEntry, values: Values, services: Services, actor: Actor) -> None:
        collection = db.session.get_one(Collection, int(entry.thing_id))
        write(collection, wanted_from({**values_of(collection), **values}), services)


def _want_free(handle: str, collection: Collection) -> None:
    with db.session.no_autoflush:
        owner = db.session.scalar(select(Collection.id).where(Collection.handle == handle))
    if owner is not None and owner != collection.id:
        raise CollectionHandleTakenError(handle)


def _set_rules(collection: Collection, rules: Sequence[Rule]) -> None:
    if rules_of(collection) == list(rules):
        return
    collection.rules = []
    db.session.flush()
    collection.rules = [
        CollectionRule(position=place, field=r.field, relation=r.relation, value=r.value)
        for place, r in enumerate(rules, start=1)
    ]


def _set_picture(collection: Collection, wanted: CollectionWanted, services: Services) -> None:
    stored = wanted.picture
    if stored is not None:
        if collection.image and collection.image.content_hash == stored.content_hash:
            return
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
