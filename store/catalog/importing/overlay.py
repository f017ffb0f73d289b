"""Lays what a file says over what the shop has: what the file does not mention stays."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from store.catalog.drafts import (
    OptionDraft,
    PictureDraft,
    ProductDraft,
    ValueDraft,
    VariantDraft,
    settled,
)
from store.catalog.importing.bodies import markdown_from_html
from store.catalog.importing.cells import clean
from store.catalog.importing.formats import Field
from store.catalog.importing.notes import Notes, RowRefusedError
from store.catalog.importing.sheets import ProductSheet, VariantSheet
from store.catalog.models import ProductStatus, StockPolicy
from store.web.markdown import rendered_markdown

_OWN_PICTURE = re.compile(r"/media/[0-9a-f]{2}/([0-9a-f]{64})-")


def overlay(
    sheet: ProductSheet, current: ProductDraft | None, notes: Notes
) -> tuple[ProductDraft, dict[int, str]]:
    """Return the product as it is to be, and the combination that each line speaks of.

    Raises RowRefusedError where nothing of the product can be imported.
    """
    if current is None and "title" not in sheet.said:
        raise RowRefusedError(f"{Field.TITLE} is missing, and the shop has no such product yet")
    sheet = _with_own_pictures(sheet, current)
    base = current or ProductDraft(
        handle=sheet.handle, title="", variants=(), status=ProductStatus.ACTIVE
    )
    names = _option_names(sheet, base)
    same_options = _folded(names) == _folded(option.name for option in base.options)
    told = _told_variants(sheet, base, same_options=same_options, notes=notes)
    if not told:
        raise RowRefusedError("none of its variants can be imported")
    variants = _in_order(told, base.variants if same_options else ())
    wanted = replace(
        base,
        **_said(sheet, current),
        options=_options(names, variants, base),
        variants=tuple(variants),
        pictures=_pictures(sheet, base),
    )
    return wanted, {row.line: row.variant.combination for row in told.values()}


def _said(sheet: ProductSheet, current: ProductDraft | None) -> Mapping[str, Any]:
    """Leave a description alone that reads the same: the file has it as markup, the shop not."""
    body = sheet.said.get("body")
    if current is None or body is None or body == current.body:
        return sheet.said
    if not _reads_the_same(body, current.body):
        return sheet.said
    return {**sheet.said, "body": current.body}


def _reads_the_same(told: str, known: str) -> bool:
    shown = str(rendered_markdown(known))
    # Some markup is lost on its way out and in; what our own export says is no change.
    return str(rendered_markdown(told)) == shown or told == markdown_from_html(clean(shown))


def _with_own_pictures(sheet: ProductSheet, current: ProductDraft | None) -> ProductSheet:
    """Know the shop's own pictures again by the hash in their addresses, as an export has them."""
    own = {p.content_hash: p for p in current.pictures if p.content_hash} if current else {}
    if not own:
        return sheet

    def known(url: str) -> PictureDraft | None:
        found = _OWN_PICTURE.search(url)
        return own.get(found[1]) if found else None

    variants = []
    for row in sheet.variants:
        keys = tuple(p.key if (p := known(url)) else url for url in row.said.get("pictures", ()))
        variants.append(replace(row, said={**row.said, "pictures": keys}) if keys else row)
    pictures = tuple(
        replace(found, alt=told.alt or found.alt) if (found := known(told.source_url)) else told
        for told in sheet.pictures
    )
    return replace(sheet, variants=tuple(variants), pictures=pictures)


@dataclass(frozen=True, slots=True)
class _Told:
    """A variant that a line of the file is about, and what the shop has of it."""

    line: int
    known: VariantDraft | None
    variant: VariantDraft


def _option_names(sheet: ProductSheet, base: ProductDraft) -> tuple[str, ...]:
    if sheet.option_names is None:
        return tuple(option.name for option in base.options)
    return sheet.option_names


def _folded(names: Any) -> list[str]:
    return [name.casefold() for name in names]


def _told_variants(
    sheet: ProductSheet, base: ProductDraft, *, same_options: bool, notes: Notes
) -> dict[tuple[str, ...], _Told]:
    by_values = {variant.values: variant for variant in base.variants} if same_options else {}
    by_sku = {variant.sku: variant for variant in base.variants if variant.sku}
    told: dict[tuple[str, ...], _Told] = {}
    for row in sheet.variants:
        try:
            known = _known(row, by_values, by_sku)
            variant = _told(row, known, notes)
        except RowRefusedError as refusal:
            notes.refuse(row.line, str(refusal))
            continue
        if variant.values in told:
            notes.refuse(row.line, f"line {told[variant.values].line} is about the same variant")
        else:
            told[variant.values] = _Told(row.line, known, variant)
    return told


def _in_order(
    told: Mapping[tuple[str, ...], _Told], known: Sequence[VariantDraft]
) -> list[VariantDraft]:
    """Return the shop's variants in their order, those that the file tells of as it tells them.

    What the file does not mention stays; what is new follows.
    """
    instead = {row.known.values: row.variant for row in told.values() if row.known}
    kept = [
        told[variant.values].variant
        if variant.values in told
        else instead.get(variant.values, variant)
        for variant in known
    ]
    placed = {variant.values for variant in kept}
    return kept + [row.variant for row in told.values() if row.variant.values not in placed]


def _known(
    row: VariantSheet,
    by_values: Mapping[tuple[str, ...], VariantDraft],
    by_sku: Mapping[str, VariantDraft],
) -> VariantDraft | None:
    """Find the variant of a row by its values, or by the sku that stayed when values changed."""
    same_sku = by_sku.get(row.said.get("sku") or "")
    if row.values is not None:
        return by_values.get(row.values) or same_sku
    if same_sku is None and len(by_values) > 1:
        raise RowRefusedError("neither options nor a known sku say which variant is meant")
    return same_sku or next(iter(by_values.values()), None)


def _told(row: VariantSheet, known: VariantDraft | None, notes: Notes) -> VariantDraft:
    said = dict(row.said)
    if known is None and "price" not in said:
        raise RowRefusedError("its price is missing")
    if known is not None and known.policy is StockPolicy.PREORDER:
        # The file knows one word for both ways to go on selling.
        said = {k: v for k, v in said.items() if (k, v) != ("policy", StockPolicy.BACKORDER)}
    base = known or VariantDraft(price=said["price"], **row.said_of_new)
    values = base.values if row.values is None else row.values
    variant = settled(replace(base, **said, values=values))
    if variant.compare_at is None:
        return variant
    if variant.compare_at.currency != variant.price.currency:
        return replace(variant, compare_at=None)
    if variant.compare_at.minor <= variant.price.minor:
        notes.warn(row.line, f"{Field.COMPARE_AT} is not above the price: left out")
        return replace(variant, compare_at=None)
    return variant


def _options(
    names: Sequence[str], variants: Sequence[VariantDraft], base: ProductDraft
) -> tuple[OptionDraft, ...]:
    known = {option.name.casefold(): option.values for option in base.options}
    options = []
    for place, name in enumerate(names):
        in_use = list(dict.fromkeys(variant.values[place] for variant in variants))
        before = [value for value in known.get(name.casefold(), ()) if value.value in in_use]
        placed = {value.value for value in before}
        fresh = [ValueDraft(value) for value in in_use if value not in placed]
        options.append(OptionDraft(name, (*before, *fresh)))
    return tuple(options)


def _pictures(sheet: ProductSheet, base: ProductDraft) -> tuple[PictureDraft, ...]:
    known = {picture.key: picture for picture in base.pictures}
    told = {picture.key: _with_known(picture, known.get(picture.key)) for picture in sheet.pictures}
    if known.keys() <= told.keys():
        return tuple(told.values())
    # The shop has pictures of its own: its order stays.
    return tuple((known | told).values())


def _with_known(picture: PictureDraft, known: PictureDraft | None) -> PictureDraft:
    return picture if known is None else replace(known, alt=picture.alt or known.alt)
