"""Collections that fill themselves: what their rules ask, and the products that answer to it.

Who belongs is written into the collection's own rows whenever a rule or a product changes, a price
at its moment included, so that readers' pages ask no more of the database than they do for
collections made by hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, delete, false, func, insert, or_, select

from store.catalog.models import (
    Collection,
    CollectionProduct,
    CollectionRule,
    Matching,
    Product,
    ProductTag,
    RuleField,
    RuleRelation,
)
from store.catalog.prices.current import lowest_price
from store.database import bump_public_version, db

_BATCH = 500
WORDS = (RuleRelation.IS, RuleRelation.IS_NOT, RuleRelation.CONTAINS)
AMOUNTS = (RuleRelation.AT_LEAST, RuleRelation.AT_MOST)
RELATIONS: dict[RuleField, tuple[RuleRelation, ...]] = {
    RuleField.TYPE: WORDS,
    RuleField.TAG: WORDS[:2],
    RuleField.VENDOR: WORDS,
    RuleField.TITLE: (RuleRelation.CONTAINS,),
    RuleField.PRICE: AMOUNTS,
}
"""What can be asked of each field."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is asked of a product; the value of a price is in minor units."""

    field: RuleField
    relation: RuleRelation
    value: str


def members_of(matching: Matching, rules: Sequence[Rule], now: datetime) -> Select[int]:
    """Return the question which products answer to these rules; without a rule none does."""
    conditions = [_condition(rule, now) for rule in rules]
    if not conditions or matching is Matching.BY_HAND:
        return select(Product.id).where(false())
    joined = and_(*conditions) if matching is Matching.ALL else or_(*conditions)
    return select(Product.id).where(joined)


def rules_of(collection: Collection) -> list[Rule]:
    return [_rule(row) for row in collection.rules]


def refill(collection: Collection, now: datetime) -> None:
    """Let a collection hold what its rules ask for; what stays keeps its place. Flushes only."""
    db.session.flush()
    asked = members_of(Matching(collection.matching), rules_of(collection), now)
    _set_members(collection.id, set(db.session.scalars(asked)), _members(collection.id))
    db.session.expire(collection, ["entries"])


def follow_rules(product_ids: Sequence[int], now: datetime) -> None:
    """Move these products, just changed, to where the rules want them; flushes only."""
    ruled = db.session.scalars(
        select(Collection).where(Collection.matching != Matching.BY_HAND).order_by(Collection.id)
    ).all()
    if not ruled:
        return
    db.session.flush()
    for start in range(0, len(product_ids), _BATCH):
        batch = product_ids[start : start + _BATCH]
        for collection in ruled:
            asked = members_of(Matching(collection.matching), rules_of(collection), now)
            wanted = set(db.session.scalars(asked.where(Product.id.in_(batch))))
            _set_members(collection.id, wanted, _members(collection.id, batch))


def _rule(row: CollectionRule) -> Rule:
    return Rule(RuleField(row.field), RuleRelation(row.relation), row.value)


def _members(collection_id: int, among: Sequence[int] | None = None) -> set[int]:
    asked = select(CollectionProduct.product_id).where(
        CollectionProduct.collection_id == collection_id
    )
    if among is not None:
        asked = asked.where(CollectionProduct.product_id.in_(among))
    return set(db.session.scalars(asked))


def _set_members(collection_id: int, wanted: set[int], known: set[int]) -> None:
    gone, fresh = sorted(known - wanted), sorted(wanted - known)
    for start in range(0, len(gone), _BATCH):
        db.session.execute(
            delete(CollectionProduct).where(
                CollectionProduct.collection_id == collection_id,
                CollectionProduct.product_id.in_(gone[start : start + _BATCH]),
            )
        )
    if fresh:
        last = next_position(collection_id)
        db.session.execute(
            insert(CollectionProduct),
            [
                {"collection_id": collection_id, "product_id": number, "position": position}
                for position, number in enumerate(fresh, start=last)
            ],
        )
    if gone or fresh:
        bump_public_version()


def next_position(collection_id: int) -> int:
    """Return the place behind the last product of a collection."""
    last = db.session.scalar(
        select(func.max(CollectionProduct.position)).where(
            CollectionProduct.collection_id == collection_id
        )
    )
    return (last or 0) + 1


def _condition(rule: Rule, now: datetime) -> ColumnElement[bool]:
    match rule.field:
        case RuleField.TAG:
            return _tag(rule)
        case RuleField.PRICE:
            return _price(rule, now)
        case RuleField.TITLE:
            return Product.title.icontains(rule.value, autoescape=True)
        case RuleField.TYPE:
            return _text(Product.product_type, rule)
        case RuleField.VENDOR:
            return _text(Product.vendor, rule)


def _text(column: ColumnElement[str] | object, rule: Rule) -> ColumnElement[bool]:
    text: ColumnElement[str] = func.lower(column)
    if rule.relation is RuleRelation.CONTAINS:
        return text.contains(rule.value.lower(), autoescape=True)
    if rule.relation is RuleRelation.IS_NOT:
        return text != rule.value.lower()
    return text == rule.value.lower()


def _tag(rule: Rule) -> ColumnElement[bool]:
    tagged = select(ProductTag.product_id).where(func.lower(ProductTag.tag) == rule.value.lower())
    return (
        Product.id.not_in(tagged)
        if rule.relation is RuleRelation.IS_NOT
        else Product.id.in_(tagged)
    )


def _price(rule: Rule, now: datetime) -> ColumnElement[bool]:
    lowest = lowest_price(now)
    amount = int(rule.value)
    return lowest <= amount if rule.relation is RuleRelation.AT_MOST else lowest >= amount
