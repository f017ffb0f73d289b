"""Puts the rows of a WooCommerce export together to what they say of each product."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from sys import intern
from typing import Any

from store.catalog.drafts import PictureDraft
from store.catalog.importing import cells
from store.catalog.importing.bodies import foreign_elements, markdown_from_html
from store.catalog.importing.formats import reduced
from store.catalog.importing.notes import Notes, RowRefusedError
from store.catalog.importing.reading import Row
from store.catalog.importing.sheets import ProductSheet, VariantSheet
from store.catalog.importing.shopify import LONGEST_TAG, LONGEST_TITLE
from store.catalog.importing.woo_addresses import addresses
from store.catalog.importing.woo_columns import WooColumns, WooField
from store.catalog.importing.woo_options import option_names, variants_of
from store.catalog.importing.woo_records import HeldRecords, WooRecord
from store.catalog.importing.woo_variants import (
    picture_addresses,
    said_of_variant,
    shelf,
    sold_without_count,
)
from store.catalog.models import ProductStatus, TaxClass

SIMPLE, VARIABLE, VARIATION = "simple", "variable", "variation"
READ = frozenset({SIMPLE, VARIABLE, VARIATION})
MANNERS = frozenset({"virtual", "downloadable"})
"""What a type may say beside what kind of product it is."""
LONGEST_WORD = 120
UNSORTED = "Uncategorized"
_BLOCKS_MARK = "<!-- wp:"
"""Begins what the editor of blocks wrote: of other texts WordPress makes paragraphs by lines."""
_TAX_CLASSES = {
    "standard": TaxClass.STANDARD,
    "reduced-rate": TaxClass.REDUCED,
    "zero-rate": TaxClass.ZERO,
}
_REFUSED = {
    "grouped": (
        "a grouped product is a page of others, which come in by themselves: make a collection"
    ),
    "external": "an external product is sold by somebody else, and this store sells its own",
}


def is_translated(header: Sequence[str], first: Row | None) -> bool:
    """Tell an export whose columns are named in another language: the words of types stay."""
    if first is None or reduced(WooField.TYPE) in map(reduced, header):
        return False
    is_first = reduced(header[0]) == reduced(WooField.ID)
    return (
        is_first
        and len(first.cells) > 1
        and first.cells[1].split(",")[0].strip() in READ | _REFUSED.keys()
    )


def woo_sheets(
    rows: Iterable[Row], columns: WooColumns, currency: str, notes: Notes
) -> Iterator[ProductSheet]:
    """Return what the rows say, product by product in the order of their own rows."""
    products, variations = HeldRecords(columns), HeldRecords(columns)
    for record in _readable(rows, columns, notes):
        (variations if VARIATION in record.types else products).add(record)
    owned = _by_parent(variations, products, notes)
    if lost := sorted(_told_of_nothing(products, variations, owned)):
        notes.remark(f"attributes that tell no variants apart are not kept: {', '.join(lost)}")
    handles = addresses(products, variations, owned, notes)
    for record in products:
        own = list(variations.on(owned.get(record.line, ())))
        try:
            yield _product(record, handles[record.line], own, currency, notes)
        except RowRefusedError as refusal:
            notes.refuse(record.line, str(refusal))
            _refuse_variations(record, own, notes)


def _readable(rows: Iterable[Row], columns: WooColumns, notes: Notes) -> Iterator[WooRecord]:
    for row in rows:
        extra = [cell for cell in row.cells[columns.width :] if cell.strip()]
        record = WooRecord(row, columns)
        if len(row.cells) < columns.width or extra:
            notes.refuse(
                row.line,
                f"the row has {len(row.cells)} cells, the header {columns.width} columns",
            )
        elif reason := _unread(record):
            notes.refuse(row.line, reason)
        else:
            yield record


def _unread(record: WooRecord) -> str:
    kinds = record.types - MANNERS
    for kind, reason in _REFUSED.items():
        if kind in kinds:
            return reason
    if strange := sorted(kinds - READ):
        return f"{WooField.TYPE} {strange[0]!r} is none of simple, variable and variation"
    return "" if len(kinds) < 2 else f"{WooField.TYPE} is {' and '.join(sorted(kinds))} at once"


def _by_parent(
    variations: Iterable[WooRecord], products: Iterable[WooRecord], notes: Notes
) -> Mapping[int, list[int]]:
    """Return the lines of each product's variations by its own; a parent may stand anywhere."""
    names: dict[str, int] = {}
    variable: set[int] = set()
    for record in products:
        for name in (record.text(WooField.SKU), f"id:{record.text(WooField.ID)}"):
            names.setdefault(name, record.line)
        if VARIABLE in record.types:
            variable.add(record.line)
    grouped: dict[int, list[int]] = {}
    for record in variations:
        named = record.text(WooField.PARENT)
        parent = names.get(named.replace(" ", "") if named.startswith("id:") else named)
        if not named:
            notes.refuse(record.line, f"{WooField.PARENT} is missing")
        elif parent is None:
            notes.refuse(record.line, f"{WooField.PARENT} {named!r} stands nowhere in the file")
        elif parent not in variable:
            notes.refuse(record.line, f"{WooField.PARENT} {named!r} is no variable product")
        else:
            grouped.setdefault(parent, []).append(record.line)
    return grouped


def _told_of_nothing(
    products: Iterable[WooRecord], variations: HeldRecords, owned: Mapping[int, Sequence[int]]
) -> set[str]:
    lost: set[str] = set()
    for record in products:
        told = record.attributes().keys()
        if told:
            own = variations.on(owned.get(record.line, ()))
            lost |= told - {name for one in own for name in one.attributes()}
    return lost


def _product(
    record: WooRecord,
    handle: str,
    variations: Sequence[WooRecord],
    currency: str,
    notes: Notes,
) -> ProductSheet:
    said = _said(record, handle, notes)
    if VARIABLE in record.types:
        names = _names(record, variations, notes)
        read = list(_read(variations, record, currency, notes))
        variants = variants_of(read, names, record, notes)
    else:
        names = ()
        variants = [_variant(record, None, currency, notes)]
    if not variants:
        raise RowRefusedError("none of its variations can be imported")
    return ProductSheet(
        line=record.line,
        lines=(record.line, *(variation.line for variation in variations)),
        handle=handle,
        said=said,
        option_names=names,
        variants=tuple(variants),
        pictures=tuple(_pictures(record, variants, notes)),
    )


def _names(record: WooRecord, variations: Sequence[WooRecord], notes: Notes) -> tuple[str, ...]:
    if not variations:
        raise RowRefusedError(
            "a variable product without variations cannot be bought: give it one, or make it simple"
        )
    return option_names(record, variations, notes)


def _refuse_variations(record: WooRecord, variations: Sequence[WooRecord], notes: Notes) -> None:
    refused = {note.line for note in notes.refusals[-len(variations) - 1 :]}
    for variation in variations:
        if variation.line not in refused:
            notes.refuse(variation.line, f"its product on line {record.line} was refused")


def _read(
    variations: Sequence[WooRecord], parent: WooRecord, currency: str, notes: Notes
) -> Iterator[tuple[WooRecord, VariantSheet]]:
    for record in variations:
        try:
            is_hidden = record.status is ProductStatus.DRAFT
            read = None if is_hidden else _variant(record, parent, currency, notes)
        except RowRefusedError as refusal:
            notes.refuse(record.line, str(refusal))
            continue
        if read is None:
            notes.refuse(record.line, "a variation that is not published cannot be bought")
        else:
            yield record, read


def _variant(
    record: WooRecord, parent: WooRecord | None, currency: str, notes: Notes
) -> VariantSheet:
    said = said_of_variant(record, parent, currency, notes)
    is_counted, quantity = shelf(record, parent, notes)
    if is_counted is not None:
        said["tracked"] = is_counted
    return VariantSheet(
        line=record.line,
        values=(),
        said=said,
        quantity=quantity,
        said_of_new={"tracked": False} if sold_without_count(record) else {},
    )


def _said(record: WooRecord, handle: str, notes: Notes) -> dict[str, Any]:
    title = record.limited(WooField.NAME, LONGEST_TITLE)
    if not title:
        raise RowRefusedError(f"{WooField.NAME} is missing")
    if not handle or not cells.can_be_read(title):
        raise RowRefusedError(f"{WooField.NAME} {title!r} holds no letter and no digit")
    said: dict[str, Any] = {"title": title}
    if record.has(WooField.BODY) or record.has(WooField.SHORT):
        said["body"] = _body(record, notes)
    if record.has(WooField.TAGS) or record.has(WooField.CATEGORIES):
        said["tags"] = _tags(record, notes)
    if record.has(WooField.CATEGORIES):
        said["product_type"] = _type(record)
    if record.has(WooField.BRANDS):
        said["vendor"] = intern(", ".join(record.listed(WooField.BRANDS))[:LONGEST_WORD])
    if status := _status(record, notes):
        said["status"] = status
    if tax_class := _tax_class(record, notes):
        said["tax_class"] = tax_class
    return said


def _tax_class(record: WooRecord, notes: Notes) -> TaxClass | None:
    """Return the class that WooCommerce comes with; blank is its standard rate, and left alone."""
    word = record.text(WooField.TAX_CLASS).casefold()
    if word and word not in _TAX_CLASSES:
        notes.warn(record.line, f"{WooField.TAX_CLASS} {word!r} is none of ours: left as it is")
    return _TAX_CLASSES.get(word)


def _body(record: WooRecord, notes: Notes) -> str:
    """Join both texts: what WooCommerce shows beside the price is the first paragraph here."""
    texts = [record.block(WooField.SHORT), record.block(WooField.BODY)]
    if lost := sorted({name for text in texts for name in foreign_elements(text)}):
        notes.warn(record.line, f"left out of the description: {', '.join(lost)}")
    is_of_blocks = any(_BLOCKS_MARK in text for text in texts)
    return markdown_from_html(*texts, lines_count=not is_of_blocks)


def _paths(record: WooRecord) -> list[list[str]]:
    paths = [
        [part for name in path.split(">") if (part := name.strip())]
        for path in record.listed(WooField.CATEGORIES)
    ]
    return [path for path in paths if path and path != [UNSORTED]]


def _tags(record: WooRecord, notes: Notes) -> tuple[str, ...]:
    """Return its tags and the names of its categories: collections with rules find it by them."""
    names = [*record.listed(WooField.TAGS), *(name for path in _paths(record) for name in path)]
    if any(len(name) > LONGEST_TAG for name in names):
        notes.warn(record.line, f"{WooField.TAGS} are longer than {LONGEST_TAG} characters: cut")
    # Our export writes tags with commas between them.
    cut = (" ".join(name.replace(",", " ").split())[:LONGEST_TAG].rstrip() for name in names)
    known: dict[str, str] = {}
    for name in filter(None, cut):
        known.setdefault(name.casefold(), intern(name))
    return tuple(sorted(known.values()))


def _type(record: WooRecord) -> str:
    paths = _paths(record)
    return intern(paths[0][-1][:LONGEST_WORD]) if paths else ""


def _status(record: WooRecord, notes: Notes) -> ProductStatus | None:
    status = record.status
    if record.text(WooField.VISIBILITY).casefold() == "hidden" and status is ProductStatus.ACTIVE:
        notes.warn(
            record.line,
            f"{WooField.VISIBILITY} is hidden, and here all that is sold is listed: kept a draft",
        )
        return ProductStatus.DRAFT
    return status


def _pictures(
    record: WooRecord, variants: Sequence[VariantSheet], notes: Notes
) -> Iterator[PictureDraft]:
    urls = picture_addresses(record, notes)
    shown = [url for variant in variants for url in variant.said.get("pictures", ())]
    for url in dict.fromkeys([*urls, *shown]):
        yield PictureDraft(source_url=url)
