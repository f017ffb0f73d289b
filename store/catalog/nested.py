"""Lets a product's row bring its pictures and option values: one question in place of three."""

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
    Variant,
    variant_image,
    variant_option_value,
)
from store.catalog.rows import SHOWN, Pictures, ValueRow, pictures_of, values_of


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
NESTED = (_GALLERY.label("gallery"), _OF_VARIANTS.label("of_variants"), _VALUES.label("values"))
"""Columns for a statement about products; PostgreSQL answers None where there are no rows."""


def pictures_in(row: Any) -> Pictures:
    """Return the pictures of a product whose row was asked for with NESTED."""
    found: list[list[Any]] = [*(row.gallery or ()), *(row.of_variants or ())]
    return pictures_of(sorted(found, key=lambda shown: (shown[0], shown[1])))


def values_in(row: Any) -> list[ValueRow]:
    """Return the option values of such a product, in the order in which they are chosen."""
    # Each begins with where its option and it stand.
    return values_of(value[2:] for value in sorted(row.values or ()))
