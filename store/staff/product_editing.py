"""Makes, changes, copies and deletes products, each with its entry in the audit."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import delete, select

from store.catalog.describing import draft_of
from store.catalog.drafts import ProductDraft
from store.catalog.filling import variants_with_history
from store.catalog.handles import RESERVED
from store.catalog.importing.drafts_kept import kept
from store.catalog.models import Product, ProductStatus, Variant
from store.catalog.prices.changing import settle_prices
from store.catalog.publishing import schedule
from store.catalog.renaming import free_handle, is_taken
from store.catalog.saving import save_product
from store.catalog.size_charts import chart_choice, choose_chart
from store.database import bump_public_version, db
from store.errors import ConflictError
from store.inventory.models import MovementKind
from store.inventory.stock import stop_tracking
from store.orders.models import OrderLine
from store.services import Services
from store.staff import counting, kept_edits
from store.staff.audit import Actor, record
from store.staff.product_values import (
    apply_values,
    compared_values,
    read_moment,
    thing_of,
    values_of,
)
from store.staff.products import product_of
from store.staff.versions import want_unchanged

Meant = Mapping[str, Any]
"""What a form means: a draft, its dates, its size chart and its tax class."""
LONGEST_TITLE = 255


class HasHistoryError(ConflictError):
    """What was ordered or counted stays; archive it instead."""


def create(meant: Meant, *, actor: Actor, services: Services) -> Product:
    """Make a product; flushes only. Raises SkuTakenError and HandleTakenError."""
    draft: ProductDraft = meant["draft"]
    if draft.handle in RESERVED or is_taken(draft.handle):
        draft = replace(draft, handle=free_handle(draft.title))
    product = save_product(draft, services.clock)
    appears, ends = (read_moment(meant[name]) for name in ("published_at", "unpublish_at"))
    schedule(product, services.clock, appears=appears, ends=ends)
    choose_chart(product, meant["size_chart"])
    product.tax_class = meant["tax_class"]
    after = {"title": product.title, "handle": product.handle, "status": str(product.status)}
    record(actor, "product.created", thing_of(product), clock=services.clock, after=after)
    return product


def edit(product: Product, meant: Meant, opened: str, *, actor: Actor, services: Services) -> None:
    """Make the product what a form means; flushes only.

    Raises EditedMeanwhileError where the product is not what the form was opened on, and what
    saving raises.
    """
    settle_prices([product.id], services.clock)
    want_unchanged(opened, compared_values(product))
    before = values_of(product)
    wanted = before | whole_values(product, meant)
    if wanted != before:
        apply_values(product, wanted, services.clock)
    record(
        actor,
        "product.edited",
        thing_of(product),
        clock=services.clock,
        before=before,
        after=values_of(product),
    )


def whole_values(product: Product, meant: Meant) -> dict[str, Any]:
    """Return what the product would be, in the form that entries keep."""
    own = {name: value for name, value in meant.items() if name != "draft"}
    values, current = kept(meant["draft"]) | own, values_of(product)["collections"]
    if set(current) == set(values["collections"]):
        # Boxes stand in the shop's order, which says nothing.
        values["collections"] = current
    return values


def receive_first(
    product: Product, units: Sequence[str], *, actor: Actor, services: Services
) -> None:
    """Put on the shelf what was typed beside each variant, in their order; flushes only."""
    for variant, typed in zip(product.variants, units, strict=False):
        if typed.strip() and int(typed):
            counting.move(
                variant.id,
                int(typed),
                kind=MovementKind.RECEIVE,
                cause="first stock",
                note="",
                actor=actor,
                services=services,
            )


def duplicate(product: Product, title: str, *, actor: Actor, services: Services) -> Product:
    """Make a draft that is the same but for its address, its skus and its barcodes."""
    settle_prices([product.id], services.clock)
    draft = draft_of(product)
    variants = tuple(
        replace(variant, sku=None, barcode="", variant_id=None) for variant in draft.variants
    )
    copied = replace(
        draft,
        title=title[:LONGEST_TITLE],
        handle=free_handle(title),
        status=ProductStatus.DRAFT,
        variants=variants,
        collections=tuple(values_of(product)["collections"]),
    )
    made = save_product(copied, services.clock)
    choose_chart(made, chart_choice(product))
    made.tax_class = product.tax_class
    for old, new in zip(product.images, made.images, strict=True):
        new.has_renditions = old.has_renditions
    record(
        actor,
        "product.duplicated",
        thing_of(made),
        clock=services.clock,
        after={"title": made.title, "of": product.title},
    )
    return made


def can_be_deleted(product: Product) -> bool:
    """Whether nobody ever ordered, counted or was promised any of it."""
    ids = [variant.id for variant in product.variants]
    ordered = select(OrderLine.id).where(OrderLine.variant_id.in_(ids)).limit(1)
    return not variants_with_history(ids) and db.session.scalar(ordered) is None


def remove(product_id: int, *, actor: Actor, services: Services) -> None:
    """Delete a product without a history; flushes only. Raises HasHistoryError."""
    product = product_of(product_id)
    if not can_be_deleted(product):
        raise HasHistoryError(f"product {product_id} has a history")
    thing, was = thing_of(product), {"title": product.title, "handle": product.handle}
    for variant in product.variants:
        stop_tracking(variant.id)
    kept_edits.forget_all(kept_edits.PRODUCT.of(product_id))
    db.session.execute(delete(Variant).where(Variant.product_id == product_id))
    db.session.expire_all()
    db.session.delete(product)
    db.session.flush()
    bump_public_version()
    record(actor, "product.deleted", thing, clock=services.clock, before=was)
