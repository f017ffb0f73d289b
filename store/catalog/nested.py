"""Lets a product's row bring what its page shows beside it: one question in place of four."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, null, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from store.catalog.models import (
    Image,
    Option,
    OptionValue,
    Product,
    ProductTag,
    Variant,
    variant_image,
    variant_option_value,
)
from store.catalog.rows import (
    SHOWN,
    SOLD,
    Pictures,
    ValueRow,
    VariantRow,
    of_variants,
    pictures_of,
    values_of,
    variant_rows,
)


class RowsAsJson(FunctionElement[Any]):
    """All rows of a subquery as one value: a list of lists, in no order that anybody promises."""

    name = "rows_as_json"
    type = JSON()
    inherit_cache = True


@compiles(RowsAsJson, "sqlite")
def _for_sqlite(rows: RowsAsJson, compiler: SQLCompiler, **how: Any) -> str:
    return f"json_group_array(json_array({compiler.process(rows.clauses, **how)}))"


@compiles(RowsAsJson, "postgresql")
def _for_postgresql(rows: RowsAsJson, compiler: SQLCompiler, **how: Any) -> str:
    return f"json_agg(json_build_array({compiler.process(rows.clauses, **how)}))"


_GALLERY = (
    select(RowsAsJson(Image.position, Image.id, *SHOWN, null()))
    .where(Image.product_id == Product.id, Image.content_hash != "")
    .correlate(Product)
    .scalar_subquery()
)
_OF_VARIANTS = (
    select(RowsAsJson(Image.position, Image.id, *SHOWN, variant_image.c.variant_id))
    .select_from(Variant)
    .join(variant_image, variant_image.c.variant_id == Variant.id)
    .join(Image, (Image.id == variant_image.c.image_id) & (Image.product_id == Variant.product_id))
    .where(Variant.product_id == Product.id, Image.content_hash != "")
    .correlate(Product)
    .scalar_subquery()
)
_VALUES = (
    select(
        RowsAsJson(
            Option.position,
            OptionValue.position,
            OptionValue.id,
            Option.name,
            OptionValue.value,
            OptionValue.swatch,
            variant_option_value.c.variant_id,
        )
    )
    .select_from(Variant)
    .join(variant_option_value, variant_option_value.c.variant_id == Variant.id)
    .join(OptionValue, OptionValue.id == variant_option_value.c.option_value_id)
    .join(Option, Option.id == OptionValue.option_id)
    .where(Variant.product_id == Product.id)
    .correlate(Product)
    .scalar_subquery()
)
_VARIANTS = (
    of_variants(select(RowsAsJson(Variant.position, *SOLD)))
    .where(Variant.product_id == Product.id)
    .correlate(Product)
    .scalar_subquery()
)
_TAGS = (
    select(RowsAsJson(ProductTag.tag))
    .where(ProductTag.product_id == Product.id)
    .correlate(Product)
    .scalar_subquery()
)
NESTED = (
    _VARIANTS.label("variants"),
    _VALUES.label("values"),
    _GALLERY.label("gallery"),
    _OF_VARIANTS.label("of_variants"),
    _TAGS.label("tags"),
)
"""Columns for a statement about products; PostgreSQL answers None where there are no rows."""


def variants_in(row: Any, *, now: datetime) -> list[VariantRow]:
    """Return the variants of a product whose row was asked for with NESTED, as of this moment."""
    placed = sorted(row.variants or (), key=lambda variant: (variant[0], variant[1]))
    return variant_rows({row.id: map(_as_asked, placed)}, now=now)[row.id]


def values_in(row: Any) -> list[ValueRow]:
    """Return the option values of such a product, in the order in which they are chosen."""
    # Each begins with where its option and it stand.
    return values_of(value[2:] for value in sorted(row.values or ()))


def pictures_in(row: Any) -> Pictures:
    found: list[list[Any]] = [*(row.gallery or ()), *(row.of_variants or ())]
    return pictures_of(sorted(found, key=lambda shown: (shown[0], shown[1])))


def tags_in(row: Any) -> tuple[str, ...]:
    return tuple(sorted(tag for (tag,) in row.tags or ()))


def _as_asked(placed: Sequence[Any]) -> Sequence[Any]:
    """Return what SOLD asked for of a variant, in its own types where JSON has none."""
    _position, *plain, suggested, since, until, comes_on = placed
    # PostgreSQL keeps JSON within JSON as it is, SQLite as the text that it stores.
    amounts = json.loads(suggested) if isinstance(suggested, str) else suggested
    day = None if comes_on is None else date.fromisoformat(comes_on)
    return (*plain, amounts, _moment(since), _moment(until), day)


def _moment(told: str | None) -> datetime | None:
    """Return a moment as a column of the database would; what SQLite stores is in UTC."""
    if told is None:
        return None
    moment = datetime.fromisoformat(told)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
