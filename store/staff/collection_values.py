"""What a collection looks like in the audit, and the collection that such values mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from store.catalog.models import (
    Collection,
    CollectionProduct,
    FormerHandle,
    Image,
    Matching,
    Product,
    RuleField,
    RuleRelation,
)
from store.catalog.rules import Rule, rules_of
from store.database import db
from store.media.images import StoredPicture
from store.staff.audit import Thing, Values

KIND = "collection"
WORDS = ("title", "handle", "standfirst", "body", "hue", "position")
CLAIMS = ("is_featured", "is_published")


@dataclass(frozen=True, slots=True)
class CollectionWanted:
    """A collection as a form means it; products count where it is filled by hand."""

    words: dict[str, Any]
    matching: Matching
    rules: tuple[Rule, ...]
    products: tuple[int, ...]
    picture: StoredPicture | None = None
    is_without_picture: bool = False


def thing_of(collection: Collection) -> Thing:
    return Thing(KIND, str(collection.id), collection.title)


def values_of(collection: Collection) -> dict[str, Any]:
    """Return a collection as entries keep it."""
    products = collection.matching == Matching.BY_HAND
    return {
        **{name: getattr(collection, name) for name in WORDS},
        **{name.removeprefix("is_"): getattr(collection, name) for name in CLAIMS},
        "matching": str(collection.matching),
        "picture": collection.image.content_hash if collection.image else None,
        "rules": _written(rules_of(collection)),
        "products": _handles_in(collection.id) if products else [],
    }


def values_meant(collection: Collection, wanted: CollectionWanted) -> dict[str, Any]:
    """Return what the collection would be if it were what is wanted."""
    picture = None if wanted.is_without_picture else values_of(collection)["picture"]
    is_by_hand = wanted.matching is Matching.BY_HAND
    return {
        **{name: wanted.words[name] for name in WORDS},
        **{name.removeprefix("is_"): wanted.words[name] for name in CLAIMS},
        "matching": str(wanted.matching),
        "picture": wanted.picture.content_hash if wanted.picture else picture,
        "rules": [] if is_by_hand else _written(wanted.rules),
        "products": _handles_of(wanted.products) if is_by_hand else [],
    }


def wanted_from(values: Values) -> CollectionWanted:
    """Return the collection that entries keep; products that are gone are left out."""
    words = {name: values[name] for name in WORDS}
    claims = {name: values[name.removeprefix("is_")] for name in CLAIMS}
    picture = _stored(values["picture"])
    return CollectionWanted(
        words | claims,
        Matching(values["matching"]),
        tuple(_read(text) for text in values["rules"]),
        tuple(product_ids(values["products"])),
        picture,
        is_without_picture=picture is None,
    )


def product_ids(handles: Sequence[str]) -> list[int]:
    """Return the products of these addresses, also of those that they had once, in this order."""
    former = select(FormerHandle.handle, FormerHandle.product_id.label("id")).where(
        FormerHandle.handle.in_(handles)
    )
    current = select(Product.handle, Product.id).where(Product.handle.in_(handles))
    rows = [*db.session.execute(former), *db.session.execute(current)]
    found: dict[str, int] = {row.handle: row.id for row in rows}
    return [found[handle] for handle in handles if handle in found]


def _handles_in(collection_id: int) -> list[str]:
    return list(
        db.session.scalars(
            select(Product.handle)
            .join(CollectionProduct, CollectionProduct.product_id == Product.id)
            .where(CollectionProduct.collection_id == collection_id)
            .order_by(CollectionProduct.position, Product.id)
        )
    )


def _handles_of(product_ids: Sequence[int]) -> list[str]:
    rows = db.session.execute(select(Product.id, Product.handle).where(Product.id.in_(product_ids)))
    handles = {row.id: row.handle for row in rows}
    return [handles[number] for number in product_ids if number in handles]


def _written(rules: Sequence[Rule]) -> list[str]:
    return [f"{rule.field} {rule.relation} {rule.value}" for rule in rules]


def _read(text: str) -> Rule:
    name, relation, value = text.split(" ", 2)
    return Rule(RuleField(name), RuleRelation(relation), value)


def _stored(content_hash: str | None) -> StoredPicture | None:
    if content_hash is None:
        return None
    image = db.session.scalars(select(Image).where(Image.content_hash == content_hash)).first()
    return StoredPicture(image.content_hash, image.width, image.height) if image else None
