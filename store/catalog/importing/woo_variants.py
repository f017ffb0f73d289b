"""Reads what a row of a WooCommerce export says of a price, a shelf, a parcel and a picture."""

from collections.abc import Iterator
from typing import Any

from store.catalog.importing import cells
from store.catalog.importing.notes import Notes, RowRefusedError
from store.catalog.importing.variant_rows import LONGEST_BARCODE, sku_of
from store.catalog.importing.woo_columns import WooField
from store.catalog.importing.woo_records import WooRecord
from store.catalog.models import StockPolicy

_POLICIES = {
    "0": StockPolicy.DENY,
    "no": StockPolicy.DENY,
    "1": StockPolicy.BACKORDER,
    "yes": StockPolicy.BACKORDER,
    "notify": StockPolicy.BACKORDER,
}
_TAXABLE = {"taxable": True, "none": False, "shipping": False}
_SOLD_OUT = {"0", "no", "false", "outofstock"}


def said_of_variant(
    record: WooRecord, parent: WooRecord | None, currency: str, notes: Notes
) -> dict[str, Any]:
    """Return fields of a VariantDraft, by name; a variation takes from its parent what it lacks.

    Raises RowRefusedError with the reason.
    """
    said = dict(_prices(record, currency, notes))
    if record.has(WooField.SKU):
        said.update(sku_of(record.raw(WooField.SKU), WooField.SKU, record.line, notes))
    if record.has(WooField.BARCODE):
        said.update(_barcode(record, notes))
    if record.columns.weight_unit is not None:
        said["weight_grams"] = _grams(record) or (_grams(parent) if parent else 0)
    if record.has(WooField.TYPE):
        said["requires_shipping"] = "virtual" not in record.types
    said.update(_words(record, parent))
    said.update(_picture(record, notes) if parent else {})
    if "downloadable" in record.types:
        notes.warn(record.line, "its files for download are not kept: the store sends none")
    return said


def shelf(
    record: WooRecord, parent: WooRecord | None, notes: Notes
) -> tuple[bool | None, int | None]:
    """Return whether its units are counted, and how many there are; None where nothing is said.

    A blank cell is not managed there and not counted here, unless it says that none is left.
    """
    is_out = record.text(WooField.IN_STOCK).casefold() in _SOLD_OUT
    if not record.has(WooField.STOCK) and not is_out:
        return None, None
    text = record.text(WooField.STOCK)
    if text.casefold() == "parent" or (not text and parent and parent.text(WooField.STOCK)):
        notes.warn(
            record.line,
            f"{WooField.STOCK} is counted for all variations together: count each by itself",
        )
        return True, None
    quantity = cells.units(text, WooField.STOCK)
    if quantity is not None and quantity < 0:
        notes.warn(record.line, f"{WooField.STOCK} {quantity} was oversold: counted as 0")
        quantity = 0
    if quantity is None and is_out:
        notes.warn(record.line, f"{WooField.IN_STOCK} says no, without a count: counted as 0")
        quantity = 0
    return quantity is not None, quantity


def sold_without_count(record: WooRecord) -> bool:
    """Tell whether the file says that it can be bought, and counts no units of anything."""
    return not record.has(WooField.STOCK) and bool(record.text(WooField.IN_STOCK))


def _prices(record: WooRecord, currency: str, notes: Notes) -> Iterator[tuple[str, Any]]:
    regular = cells.price(record.raw(WooField.REGULAR_PRICE), WooField.REGULAR_PRICE, currency)
    sale = cells.price(record.raw(WooField.SALE_PRICE), WooField.SALE_PRICE, currency)
    dates = [record.text(field) for field in (WooField.SALE_STARTS, WooField.SALE_ENDS)]
    if sale is not None and any(dates):
        when = " to ".join(date or "…" for date in dates)
        notes.warn(record.line, f"{WooField.SALE_PRICE} holds for {when} only: left out")
        sale = None
    elif sale is not None and regular is not None and sale.minor >= regular.minor:
        notes.warn(record.line, f"{WooField.SALE_PRICE} is not below the regular price: left out")
        sale = None
    price = regular if sale is None else sale
    if price is None:
        return
    if price.minor == 0:
        field = WooField.REGULAR_PRICE if sale is None else WooField.SALE_PRICE
        notes.warn(record.line, f"{field} is 0: this is given away")
    yield "price", price
    yield "compare_at", regular if sale is not None else None


def _barcode(record: WooRecord, notes: Notes) -> Iterator[tuple[str, Any]]:
    barcode = cells.code(record.raw(WooField.BARCODE))
    if cells.is_damaged(barcode) or len(barcode) > LONGEST_BARCODE:
        notes.warn(record.line, f"{WooField.BARCODE} {barcode[:LONGEST_BARCODE]} is none: left out")
    else:
        yield "barcode", barcode


def _grams(record: WooRecord) -> int:
    unit = record.columns.weight_unit
    return 0 if unit is None else cells.grams(record.raw(WooField.WEIGHT), WooField.WEIGHT, unit)


def _words(record: WooRecord, parent: WooRecord | None) -> Iterator[tuple[str, Any]]:
    policy = record.text(WooField.BACKORDERS).casefold()
    if policy and policy not in _POLICIES:
        raise RowRefusedError(f"{WooField.BACKORDERS} {policy!r} is none of 1, 0 and notify")
    if policy:
        yield "policy", _POLICIES[policy]
    for source in (record, parent):
        word = source.text(WooField.TAX_STATUS).casefold() if source else ""
        if word and word not in _TAXABLE:
            raise RowRefusedError(f"{WooField.TAX_STATUS} {word!r} is neither taxable nor none")
        if word:
            yield "taxable", _TAXABLE[word]
            return


def _picture(record: WooRecord, notes: Notes) -> Iterator[tuple[str, Any]]:
    urls = picture_addresses(record, notes)
    if urls:
        yield "pictures", (urls[0],)


def picture_addresses(record: WooRecord, notes: Notes) -> list[str]:
    """Return the addresses in their order; what is none is left out with a word."""
    found = []
    for text in record.listed(WooField.IMAGES):
        url = cells.address(text)
        if url is None:
            notes.warn(record.line, f"{WooField.IMAGES}: {text[:80]!r} is no address: left out")
        else:
            found.append(url)
    return found
