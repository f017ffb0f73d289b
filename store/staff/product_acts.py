"""What staff do to whole products, one or many: each leaves an entry of its own to take back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from store.catalog import publishing
from store.catalog.grouping import (
    add_tag,
    collection_of,
    hand_made_handles,
    put_into,
    remove_tag,
    take_out,
)
from store.catalog.models import Product
from store.clock import Clock
from store.database import db
from store.digits import whole_number
from store.errors import InvalidError
from store.services import Services
from store.staff.audit import Actor, record
from store.staff.product_values import thing_of

MOST_AT_ONCE = 200

Act = Callable[[Product, str, Clock], None]
Look = Callable[[Product], Any]


class UnknownActError(InvalidError):
    """Nothing of this name is done to products."""


@dataclass(frozen=True, slots=True)
class ProductAct:
    """Something to do, the name under which it is written down, and the fields that it changes."""

    do: Act
    name: str
    fields: Mapping[str, Look]


def _publish(product: Product, _value: str, clock: Clock) -> None:
    if not product.is_active:
        publishing.publish(product, clock)


def _draft(product: Product, _value: str, clock: Clock) -> None:
    if product.status != "draft":
        publishing.draft(product, clock)


def _archive(product: Product, _value: str, clock: Clock) -> None:
    if product.status != "archived":
        publishing.archive(product, clock)


def _put_into(product: Product, value: str, clock: Clock) -> None:
    put_into(product, collection_of(whole_number(value) or 0), clock)


def _take_out(product: Product, value: str, clock: Clock) -> None:
    take_out(product, collection_of(whole_number(value) or 0), clock)


def _moment_of(product: Product) -> str | None:
    return product.published_at.isoformat() if product.published_at else None


STATUS: Mapping[str, Look] = {"status": lambda p: str(p.status), "published_at": _moment_of}
TAGS: Mapping[str, Look] = {"tags": lambda product: sorted(product.tags)}
COLLECTIONS: Mapping[str, Look] = {"collections": hand_made_handles}

ACTS: Mapping[str, ProductAct] = {
    "publish": ProductAct(_publish, "product.published", STATUS),
    "draft": ProductAct(_draft, "product.drafted", STATUS),
    "archive": ProductAct(_archive, "product.archived", STATUS),
    "tag": ProductAct(add_tag, "product.tagged", TAGS),
    "untag": ProductAct(remove_tag, "product.untagged", TAGS),
    "collect": ProductAct(_put_into, "product.collected", COLLECTIONS),
    "uncollect": ProductAct(_take_out, "product.uncollected", COLLECTIONS),
}


def do_to_all(
    product_ids: Sequence[int], act_name: str, value: str, *, actor: Actor, services: Services
) -> int:
    """Do one act to these products; return how many it changed. Flushes only.

    Raises UnknownActError, and what the act itself refuses: then it is done to none.
    """
    act = ACTS.get(act_name)
    if act is None:
        raise UnknownActError(f"no act {act_name[:40]!r}")
    found = db.session.scalars(
        select(Product)
        .where(Product.id.in_(product_ids[:MOST_AT_ONCE]))
        .order_by(Product.id)
        .options(selectinload(Product.tag_rows))
    ).all()
    return sum(_did(act, product, value, actor=actor, services=services) for product in found)


def _did(
    act: ProductAct, product: Product, value: str, *, actor: Actor, services: Services
) -> bool:
    before = _look(act, product)
    act.do(product, value, services.clock)
    entry = record(
        actor,
        act.name,
        thing_of(product),
        clock=services.clock,
        before=before,
        after=_look(act, product),
    )
    return entry is not None


def _look(act: ProductAct, product: Product) -> dict[str, Any]:
    return {name: look(product) for name, look in act.fields.items()}
