"""What a product looks like in the audit, and how it is made to look like that again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from store.catalog.describing import draft_of
from store.catalog.grouping import hand_made_handles
from store.catalog.importing.drafts_kept import draft_from, kept
from store.catalog.models import Product, TaxClass
from store.catalog.prices.changing import settle_prices
from store.catalog.publishing import schedule
from store.catalog.renaming import give_handle
from store.catalog.saving import save_product
from store.catalog.size_charts import chart_choice, choose_chart
from store.catalog.tasks import MakeRenditions
from store.clock import Clock
from store.database import db
from store.jobs.outbox import enqueue
from store.services import Services
from store.staff.audit import Actor, Thing, Values
from store.staff.models import AuditEntry

KIND = "product"
DATES = ("published_at", "unpublish_at")
OWN = frozenset({*DATES, "size_chart", "tax_class"})
"""What a draft does not say here, or leaves alone."""


def thing_of(product: Product) -> Thing:
    return Thing(KIND, str(product.id), product.title)


def values_of(product: Product) -> dict[str, Any]:
    """Return everything that staff can change of a product, as entries keep it."""
    return {
        **kept(draft_of(product)),
        "published_at": _written(product.published_at),
        "unpublish_at": _written(product.unpublish_at),
        "collections": hand_made_handles(product),
        "size_chart": chart_choice(product),
        "tax_class": product.tax_class,
    }


def apply_values(product: Product, values: Values, clock: Clock) -> None:
    """Make a product what these values say, all of them; flushes only.

    Raises what saving raises: SkuTakenError, VariantInUseError, HandleTakenError and the like.
    """
    give_handle(product, str(values["handle"]), clock)
    own = {name: value for name, value in values.items() if name not in OWN}
    save_product(draft_from(own), clock)
    schedule(
        product,
        clock,
        appears=read_moment(values["published_at"]),
        ends=read_moment(values["unpublish_at"]),
    )
    choose_chart(product, values["size_chart"])
    # Entries of long ago do not say it.
    product.tax_class = TaxClass(values.get("tax_class", product.tax_class))
    # Lists that were loaded keep their old order until they are read again.
    db.session.flush()
    db.session.expire_all()


def compared_values(product: Product) -> dict[str, Any]:
    """Return what the form of a product holds: pictures are arranged on a page of their own."""
    values = values_of(product)
    del values["pictures"]
    for variant in values["variants"]:
        del variant["pictures"]
    return values


class ProductUndo:
    """Puts the fields of one edit back; what others changed beside them stays."""

    def current(self, thing_id: str, fields: Sequence[str], entry: AuditEntry) -> Values | None:
        product = db.session.get(Product, int(thing_id))
        if product is None:
            return None
        values, after = values_of(product), entry.after or {}
        # Written again after it was removed, a variant has a new number and is still the same.
        if "variants" in after and _same_variants(values["variants"], after["variants"]):
            values["variants"] = after["variants"]
        return {name: values.get(name) for name in fields}

    def restore(self, entry: AuditEntry, values: Values, services: Services, actor: Actor) -> None:
        product = db.session.get_one(Product, int(entry.thing_id))
        settle_prices([product.id], services.clock)
        apply_values(product, {**values_of(product), **values}, services.clock)
        # A picture that comes back is found anew: its renditions may still be there.
        for image in product.images:
            if image.content_hash and not image.has_renditions:
                enqueue(MakeRenditions(image.content_hash), services.clock)


def _same_variants(some: Sequence[Any], others: Sequence[Any]) -> bool:
    return _without_numbers(some) == _without_numbers(others)


def _without_numbers(variants: Sequence[Any]) -> list[dict[str, Any]]:
    return [{n: v for n, v in variant.items() if n != "variant_id"} for variant in variants]


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def read_moment(text: str | None) -> datetime | None:
    """Return the moment that an entry keeps as text."""
    return datetime.fromisoformat(text) if text else None
