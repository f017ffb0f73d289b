"""Puts the rows of a Shopify export together to what they say of each product."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from sys import intern
from typing import Any

from store.catalog.drafts import PictureDraft
from store.catalog.handles import LONGEST_HANDLE, slugify
from store.catalog.importing import cells
from store.catalog.importing.bodies import foreign_elements, markdown_from_html
from store.catalog.importing.formats import OPTION_NAMES, OPTION_VALUES, Columns, Field
from store.catalog.importing.notes import Notes, RowRefusedError
from store.catalog.importing.reading import Row
from store.catalog.importing.records import Record
from store.catalog.importing.sheets import ProductSheet, VariantSheet
from store.catalog.importing.variant_rows import variant_sheet
from store.catalog.models import ProductStatus, TaxClass

LONGEST_TITLE, LONGEST_OPTION, LONGEST_TAG, LONGEST_ALT = 255, 120, 80, 400
DEFAULT_VALUE = "default title"
"""What stands where a product has no options, under an option called Title."""

_LIMITED = (
    ("vendor", Field.VENDOR, 120),
    ("product_type", Field.TYPE, 120),
    ("seo_title", Field.SEO_TITLE, 255),
    ("seo_description", Field.SEO_DESCRIPTION, 400),
)


def product_sheets(
    rows: Iterable[Row], ends: Mapping[str, int], currency: str, notes: Notes, *, columns: Columns
) -> Iterator[ProductSheet]:
    """Return what the rows say, product by product in the order of their first rows.

    Ends are what last_lines says of the same rows: a product is read once its last row has come,
    so that of a file as shops write it the rows of one product are held at a time.
    """
    waiting: OrderedDict[str, list[Record]] = OrderedDict()
    named: dict[str, tuple[str, int]] = {}
    for row in rows:
        record = Record(row, columns)
        try:
            handle = _handle(record)
            _refuse_another_name(record, handle, named)
            waiting.setdefault(handle, []).append(record)
        except RowRefusedError as refusal:
            notes.refuse(row.line, str(refusal))
        while waiting and ends[handle := next(iter(waiting))] <= row.line:
            sheet = _product(handle, waiting.pop(handle), currency, notes)
            if sheet is not None:
                yield sheet


def last_lines(rows: Iterable[Row], columns: Columns) -> Mapping[str, int]:
    """Return by handle on which line a product is told of last."""
    ends: dict[str, int] = {}
    for row in rows:
        with suppress(RowRefusedError):
            ends[_handle(Record(row, columns))] = row.line
    return ends


def _handle(record: Record) -> str:
    """Return which product a row is about; raises RowRefusedError where it does not say."""
    found, width = record.row.cells, record.columns.width
    if len(found) < width or any(cell.strip() for cell in found[width:]):
        raise RowRefusedError(f"the row has {len(found)} cells, the header {width} columns")
    named = record.text(Field.HANDLE) or record.text(Field.TITLE)
    if handle := slugify(named):
        return handle
    if named:
        raise RowRefusedError(f"{Field.HANDLE} {named!r} holds no letter and no digit")
    raise RowRefusedError(f"{Field.HANDLE} is missing")


def _refuse_another_name(record: Record, handle: str, named: dict[str, tuple[str, int]]) -> None:
    """Refuse what only our spelling of addresses would make rows of one product."""
    written = record.text(Field.HANDLE).casefold()
    if not written:
        return
    first, line = named.setdefault(handle, (written, record.line))
    if written != first:
        raise RowRefusedError(
            f"{Field.HANDLE} {written[:60]!r} becomes {handle[:60]!r} here, as {first[:60]!r} on"
            f" line {line} does: give one of them another"
        )


def _product(
    handle: str, records: Sequence[Record], currency: str, notes: Notes
) -> ProductSheet | None:
    head = next((record for record in records if record.text(Field.TITLE)), records[0])
    try:
        said = _product_fields(head, notes)
        slots, names = _options(records, notes)
    except RowRefusedError as refusal:
        for record in records:
            notes.refuse(record.line, str(refusal))
        return None
    _warn_of_other_titles(head, records, notes)
    variants = _variants(records, slots, currency, notes)
    if not variants:
        _refuse_the_rest(records, notes)
        return None
    return ProductSheet(
        line=head.line,
        lines=tuple(record.line for record in records),
        handle=handle,
        said=said,
        option_names=names,
        variants=tuple(variants),
        pictures=tuple(_pictures(records, variants, notes)),
    )


def _product_fields(head: Record, notes: Notes) -> dict[str, Any]:
    if len(head.text(Field.HANDLE)) > LONGEST_HANDLE:
        notes.warn(head.line, f"{Field.HANDLE} is longer than {LONGEST_HANDLE} characters: cut")
    said: dict[str, Any] = {}
    if title := head.limited(Field.TITLE, LONGEST_TITLE):
        if not cells.can_be_read(title):
            raise RowRefusedError(f"{Field.TITLE} holds nothing that can be read")
        said["title"] = title
    if head.has(Field.BODY):
        said["body"] = markdown_from_html(head.block(Field.BODY))
        if lost := foreign_elements(head.raw(Field.BODY)):
            notes.warn(head.line, f"left out of the description: {', '.join(lost)}")
    if head.has(Field.TAGS):
        said["tags"] = tuple(_tags(head, notes))
    for name, field, longest in _LIMITED:
        if head.has(field):
            # Most products of a file share a few of them.
            said[name] = intern(_cut(head.text(field), longest, field, head.line, notes))
    found = {"status": _status(head, notes), "tax_class": _tax_class(head, notes)}
    return said | {name: value for name, value in found.items() if value}


def _tags(head: Record, notes: Notes) -> list[str]:
    named = (
        intern(_cut(tag, LONGEST_TAG, Field.TAGS, head.line, notes))
        for tag in cells.tags(head.raw(Field.TAGS))
    )
    return sorted(dict.fromkeys(named))


def _status(head: Record, notes: Notes) -> ProductStatus | None:
    """Join both columns: active, and hidden from the online store, is a draft to us."""
    word = head.text(Field.STATUS).casefold()
    published = cells.truth(head.raw(Field.PUBLISHED), Field.PUBLISHED)
    if word in {ProductStatus.DRAFT, ProductStatus.ARCHIVED}:
        return ProductStatus(word)
    if word not in {"", ProductStatus.ACTIVE}:
        notes.warn(head.line, f"{Field.STATUS} {word!r} is unknown here: kept as a draft")
        return ProductStatus.DRAFT
    if published is None:
        return ProductStatus.ACTIVE if word else None
    return ProductStatus.ACTIVE if published else ProductStatus.DRAFT


def _tax_class(head: Record, notes: Notes) -> TaxClass | None:
    """Read the column of our own export; Shopify has none, and what is blank is left alone."""
    word = head.text(Field.TAX_CLASS).casefold()
    if word and word not in set(TaxClass):
        notes.warn(head.line, f"{Field.TAX_CLASS} {word!r} is unknown here: left as it is")
        return None
    return TaxClass(word) if word else None


def _options(
    records: Sequence[Record], notes: Notes
) -> tuple[list[int] | None, tuple[str, ...] | None]:
    """Return which option columns are in use and what they are called; none for no options."""
    if not any(records[0].has(field) for field in OPTION_VALUES):
        return None, None
    named = {slot: name for slot in range(3) if (name := _option_name(records, slot, notes))}
    used = [slot for slot in range(3) if any(r.text(OPTION_VALUES[slot]) for r in records)]
    if used == [0] and named.get(0, "Title").casefold() == "title":
        values = {record.text(OPTION_VALUES[0]).casefold() for record in records}
        if values <= {DEFAULT_VALUE, ""}:
            return [], ()
    for slot in sorted(named.keys() - set(used)):
        notes.warn(records[0].line, f"{OPTION_NAMES[slot]} {named[slot]!r} has no values: left out")
    for slot in sorted(set(used) - named.keys()):
        named[slot] = f"Option {slot + 1}"
        notes.warn(records[0].line, f"{OPTION_NAMES[slot]} is missing: called {named[slot]!r}")
    names = tuple(named[slot] for slot in used)
    if len(set(names)) < len(names):
        raise RowRefusedError(f"two options are called {names[-1]!r}")
    return used, names


def _option_name(records: Sequence[Record], slot: int, notes: Notes) -> str:
    field, name = OPTION_NAMES[slot], ""
    for record in records:
        named = record.limited(field, LONGEST_OPTION)
        if name and named and named != name:
            notes.warn(record.line, f"{field} {named!r} differs from {name!r}: left out")
        name = name or named
    return name


def _warn_of_other_titles(head: Record, records: Sequence[Record], notes: Notes) -> None:
    title = head.text(Field.TITLE)
    for record in records:
        if record.text(Field.TITLE) not in {"", title}:
            notes.warn(
                record.line,
                f"{Field.TITLE} differs from line {head.line}, which has the same handle: left out",
            )


def _variants(
    records: Sequence[Record], slots: Sequence[int] | None, currency: str, notes: Notes
) -> list[VariantSheet]:
    variants: dict[tuple[str, ...] | int, VariantSheet] = {}
    for record in [r for r in records if r.is_of_variant] or records[:1]:
        try:
            sheet = variant_sheet(record, slots, currency, notes)
        except RowRefusedError as refusal:
            notes.refuse(record.line, str(refusal))
            continue
        place = record.line if sheet.values is None else sheet.values
        if place in variants:
            notes.refuse(record.line, _same_as(variants[place], sheet))
        else:
            variants[place] = sheet
    return _all_gift_cards(list(variants.values()))


def _all_gift_cards(variants: list[VariantSheet]) -> list[VariantSheet]:
    """Make every variant a gift card whose rows do not say: Shopify says it once a product."""
    if not any(sheet.said.get("is_gift_card") for sheet in variants):
        return variants
    return [replace(sheet, said={"is_gift_card": True, **sheet.said}) for sheet in variants]


def _same_as(first: VariantSheet, second: VariantSheet) -> str:
    if second.values:
        return f"{' / '.join(second.values)} stands on line {first.line} already"
    return f"no option tells this row from line {first.line}"


def _refuse_the_rest(records: Sequence[Record], notes: Notes) -> None:
    # The last refusals are this product's own.
    refused = {note.line for note in notes.refusals[-len(records) :]}
    for record in records:
        if record.line not in refused:
            notes.refuse(record.line, "no variant of its product could be read")


def _pictures(
    records: Sequence[Record], variants: Sequence[VariantSheet], notes: Notes
) -> Iterator[PictureDraft]:
    found: dict[str, str] = {}
    placed = [record for record in records if record.text(Field.IMAGE_SRC)]
    for record in sorted(placed, key=_position):
        url = cells.address(record.raw(Field.IMAGE_SRC))
        if url is None:
            notes.warn(record.line, f"{Field.IMAGE_SRC} is no address of a picture: left out")
            continue
        alt = _cut(record.text(Field.IMAGE_ALT), LONGEST_ALT, Field.IMAGE_ALT, record.line, notes)
        found[url] = found.get(url) or alt
    for variant in variants:
        for url in variant.said.get("pictures", ()):
            found.setdefault(url, "")
    for url, alt in found.items():
        yield PictureDraft(source_url=url, alt=alt)


def _position(record: Record) -> int:
    text = record.text(Field.IMAGE_POSITION).removesuffix(".0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 100_000


def _cut(text: str, longest: int, field: Field, line: int, notes: Notes) -> str:
    if len(text) <= longest:
        return text
    notes.warn(line, f"{field} is longer than {longest} characters: cut")
    return text[:longest].rstrip()
