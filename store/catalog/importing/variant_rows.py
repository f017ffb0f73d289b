"""Reads the part of a row that describes one variant."""

from collections.abc import Iterator, Sequence
from typing import Any

from store.catalog.choosing_prices import PriceChoice
from store.catalog.importing import cells
from store.catalog.importing.formats import OPTION_VALUES, Field
from store.catalog.importing.notes import Notes, RowRefusedError
from store.catalog.importing.records import Record
from store.catalog.importing.sheets import VariantSheet
from store.catalog.models import StockPolicy

LONGEST_VALUE, LONGEST_COMBINATION, LONGEST_SKU, LONGEST_BARCODE = 255, 800, 120, 80

# What is said when nothing is left: both generations' words for the same two answers.
_POLICIES = {
    "deny": StockPolicy.DENY,
    "false": StockPolicy.DENY,
    "no": StockPolicy.DENY,
    "continue": StockPolicy.BACKORDER,
    "true": StockPolicy.BACKORDER,
    "yes": StockPolicy.BACKORDER,
}


def variant_sheet(
    record: Record, slots: Sequence[int] | None, currency: str, notes: Notes
) -> VariantSheet:
    """Read one row; slots are the option columns in use, None when the file has none at all.

    Raises RowRefusedError with the reason.
    """
    said: dict[str, Any] = {}
    if amount := cells.price(record.raw(Field.PRICE), Field.PRICE, currency):
        said["price"] = amount
    elif amount is not None:
        said["price"] = amount
        notes.warn(record.line, f"{Field.PRICE} is 0: this is given away")
    if record.has(Field.COMPARE_AT):
        said["compare_at"] = (
            cells.price(record.raw(Field.COMPARE_AT), Field.COMPARE_AT, currency) or None
        )
    if record.has(Field.GRAMS):
        said["weight_grams"] = cells.grams(record.raw(Field.GRAMS))
    if record.has(Field.TRACKER):
        said["tracked"] = bool(record.text(Field.TRACKER))
    said.update(_ways(record, currency))
    said.update(_codes(record, notes))
    said.update(_policies(record))
    said.update(_pictures(record, notes))
    return VariantSheet(
        line=record.line,
        values=None if slots is None else _values(record, slots),
        said=said,
        quantity=_quantity(record, notes),
    )


def _ways(record: Record, currency: str) -> Iterator[tuple[str, Any]]:
    """Yield whether it is a gift card, and what readers may pay, where the file says so."""
    if (answer := cells.truth(record.raw(Field.GIFT_CARD), Field.GIFT_CARD)) is not None:
        yield "is_gift_card", answer
    if not record.has(Field.CHOSEN_FROM):
        return
    least = cells.price(record.raw(Field.CHOSEN_FROM), Field.CHOSEN_FROM, currency)
    most = cells.price(record.raw(Field.CHOSEN_TO), Field.CHOSEN_TO, currency)
    told = record.text(Field.CHOSEN_SUGGESTED).replace(";", " ").split()
    suggested = [cells.price(cell, Field.CHOSEN_SUGGESTED, currency) for cell in told]
    if least is None:
        yield "choice", None
        return
    choice = PriceChoice(least, most or least, tuple(filter(None, suggested)))
    for amount in (choice.least, choice.most, *choice.suggested):
        if not choice.least.minor or not choice.allows(amount):
            raise RowRefusedError(f"{Field.CHOSEN_FROM}, To and Suggested contradict each other")
    yield "choice", choice


def _values(record: Record, slots: Sequence[int]) -> tuple[str, ...]:
    values = tuple(record.limited(OPTION_VALUES[slot], LONGEST_VALUE) for slot in slots)
    for slot, value in zip(slots, values, strict=True):
        if not value:
            raise RowRefusedError(f"{OPTION_VALUES[slot]} is missing")
    if sum(map(len, values)) > LONGEST_COMBINATION - 6:
        raise RowRefusedError("its option values are too long together")
    return values


def _codes(record: Record, notes: Notes) -> Iterator[tuple[str, Any]]:
    if record.has(Field.SKU):
        yield from sku_of(record.raw(Field.SKU), Field.SKU, record.line, notes)
    if not record.has(Field.BARCODE):
        return
    barcode = cells.code(record.raw(Field.BARCODE))
    if cells.is_damaged(barcode):
        notes.warn(
            record.line,
            f"{Field.BARCODE} {barcode} lost its digits in a spreadsheet: left out",
        )
    elif len(barcode) > LONGEST_BARCODE:
        notes.warn(record.line, f"{Field.BARCODE} is too long: left out")
    else:
        yield "barcode", barcode


def sku_of(cell: str, field: str, line: int, notes: Notes) -> Iterator[tuple[str, str | None]]:
    """Yield the SKU, or none for a blank cell; what cannot be one is left as it is in the shop."""
    sku = cells.code(cell)
    if cells.is_rounded(sku):
        notes.warn(line, f"{field} {sku} lost its digits in a spreadsheet: left out")
    elif len(sku) > LONGEST_SKU:
        notes.warn(line, f"{field} is longer than {LONGEST_SKU} characters: left out")
    else:
        yield "sku", sku or None


def _policies(record: Record) -> Iterator[tuple[str, Any]]:
    if word := record.text(Field.POLICY).casefold():
        if word not in _POLICIES:
            raise RowRefusedError(f"{Field.POLICY} {word!r} is neither deny nor continue")
        yield "policy", _POLICIES[word]
    for name, field in (
        ("requires_shipping", Field.REQUIRES_SHIPPING),
        ("taxable", Field.TAXABLE),
    ):
        if (answer := cells.truth(record.raw(field), field)) is not None:
            yield name, answer


def _pictures(record: Record, notes: Notes) -> Iterator[tuple[str, Any]]:
    if not record.text(Field.VARIANT_IMAGE):
        return
    if url := cells.address(record.raw(Field.VARIANT_IMAGE)):
        yield "pictures", (url,)
    else:
        notes.warn(record.line, f"{Field.VARIANT_IMAGE} is no address of a picture: left out")


def _quantity(record: Record, notes: Notes) -> int | None:
    quantity = cells.units(record.raw(Field.QUANTITY))
    if quantity is not None and quantity < 0:
        notes.warn(record.line, f"{Field.QUANTITY} {quantity} was oversold: counted as 0")
        return 0
    return quantity
