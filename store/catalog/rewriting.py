"""Gives known products other columns, where nothing that is linked to them is to change.

Most files bring prices, words and states of goods that are there: that takes no object a row.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update

from store.catalog.columns import picture_columns, price_columns, product_columns, variant_columns
from store.catalog.described import Described
from store.catalog.drafts import PictureDraft, ProductDraft, VariantDraft
from store.catalog.models import Product, Variant
from store.catalog.prices.writing import begin_prices
from store.database import Model, db

_Row = dict[str, object]


def is_of_columns(known: Described, wanted: ProductDraft) -> bool:
    """Say whether tags, options, pictures and variants stay, each in its place."""
    before = known.draft
    return (
        before.options == wanted.options
        and set(before.tags) == set(wanted.tags)
        and len(before.pictures) == len(wanted.pictures)
        and all(map(_shows_the_same, before.pictures, wanted.pictures))
        and len(before.variants) == len(wanted.variants)
        and all(map(_is_the_same, before.variants, wanted.variants))
    )


def _shows_the_same(before: PictureDraft, wanted: PictureDraft) -> bool:
    # What was fetched meanwhile stays: a file knows addresses alone.
    told, known = picture_columns(wanted), picture_columns(before)
    return before.key == wanted.key and told.items() <= known.items()


def _is_the_same(before: VariantDraft, wanted: VariantDraft) -> bool:
    return (
        before.values == wanted.values
        and before.pictures == wanted.pictures
        and wanted.variant_id in {None, before.variant_id}
    )


def rewrite(changes: Sequence[tuple[Described, ProductDraft]], now: datetime) -> None:
    """Write the columns that these products are to say, and the prices that begin with it.

    Of each `is_of_columns` is true. Those that the session holds as objects say it as well.
    """
    if not changes:
        return
    sold = [
        (old.variant_id or 0, old, new)
        for before, wanted in changes
        for old, new in zip(before.draft.variants, wanted.variants, strict=True)
        if old != new
    ]
    _update(Product, [_product_row(before, wanted, now) for before, wanted in changes])
    _update(Variant, [_variant_row(*change) for change in sold])
    begin_prices(
        (
            (number, new.price, new.compare_at)
            for number, old, new in sold
            if price_columns(old) != price_columns(new)
        ),
        now,
    )


def _product_row(before: Described, wanted: ProductDraft, now: datetime) -> _Row:
    told = product_columns(wanted, before.published_at, now)
    known = product_columns(before.draft, None, now) | {"published_at": before.published_at}
    return {"id": before.product_id, "updated_at": now} | _changed(known, told)


def _variant_row(number: int, before: VariantDraft, wanted: VariantDraft) -> _Row:
    known = variant_columns(before) | price_columns(before)
    return {"id": number} | _changed(known, variant_columns(wanted) | price_columns(wanted))


def _changed(known: _Row, told: _Row) -> _Row:
    return {name: value for name, value in told.items() if known[name] != value}


def _update(model: type[Model], rows: Sequence[_Row]) -> None:
    if not rows:
        return
    # Those of the same columns become one statement, whatever lay between them.
    db.session.execute(update(model), sorted(rows, key=list))
