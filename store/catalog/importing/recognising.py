"""Reads a product file by whichever format its header shows, or says which ones are known."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from store.catalog.importing.formats import Columns, Field, recognise
from store.catalog.importing.holding import Packed
from store.catalog.importing.notes import FileRefusedError, Notes
from store.catalog.importing.reading import Row, read_rows
from store.catalog.importing.sheets import ProductSheet
from store.catalog.importing.shopify import last_lines, product_sheets
from store.catalog.importing.woo_columns import WooColumns, WooField, woo_columns
from store.catalog.importing.woocommerce import is_translated, woo_sheets


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says of products, and what is to be said of the file itself."""

    format: str
    sheets: Packed[ProductSheet]
    remarks: tuple[str, ...]


def read_sheets(content: bytes, currency: str, notes: Notes) -> Reading:
    """Read the whole file; refusals and warnings of its rows are added to the notes.

    Raises FileRefusedError when it is no product file as a whole.
    """
    rows = read_rows(content)
    header = next(rows).cells
    if is_translated(header, next(islice(read_rows(content), 1, None), None)):
        raise FileRefusedError(
            "this is a WooCommerce export whose columns are not named in English: choose English as"
            " the language of your own profile there, export again, and choose your language back"
        )
    columns = woo_columns(header) or recognise(header)
    seen = _Seen(rows, columns)
    if isinstance(columns, WooColumns):
        sheets = Packed(woo_sheets(seen, columns, currency, notes))
    else:
        ends = last_lines(islice(read_rows(content), 1, None), columns)
        sheets = Packed(product_sheets(seen, ends, currency, notes, columns=columns))
    if not seen.rows:
        raise FileRefusedError("the file has a header and no products")
    return Reading(columns.format, sheets, tuple(_remarks(columns, seen)))


@dataclass(slots=True)
class _Seen:
    """Passes rows on, and notes which columns that the store does not keep hold anything."""

    source: Iterable[Row]
    columns: Columns | WooColumns
    rows: int = 0
    filled: set[str] = field(default_factory=set)

    def __iter__(self) -> Iterator[Row]:
        waiting = dict(self.columns.others)
        for row in self.source:
            self.rows += 1
            for name, place in list(waiting.items()):
                if len(row.cells) > place and row.cells[place].strip():
                    self.filled.add(name)
                    del waiting[name]
            yield row


def _remarks(columns: Columns | WooColumns, seen: _Seen) -> Iterator[str]:
    filled = [
        name or f"column {place + 1}"
        for name, place in columns.others.items()
        if name in seen.filled
    ]
    if filled:
        yield f"columns that the store does not keep: {', '.join(filled)}"
    if columns.repeated:
        yield f"of columns with the same name the first counts: {', '.join(columns.repeated)}"
    if not columns.counts_stock:
        is_woo = isinstance(columns, WooColumns)
        new = "are not counted" if is_woo and WooField.IN_STOCK in columns.places else "have none"
        name = WooField.STOCK if is_woo else Field.QUANTITY
        yield f"the file has no {name}: stock stays as it is, new variants {new}"
