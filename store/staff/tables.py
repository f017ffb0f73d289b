"""Reports as tables: one list of columns for the page and for the file that is taken away."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from store.catalog.exporting import safe_cells
from store.catalog.importing.difference import amount
from store.money import Money

Cell = str | int | date | Money | None


@dataclass(frozen=True, slots=True)
class Column:
    title: LazyString
    value: Callable[[Any], Cell]
    is_number: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with what they are called; links lead from a row's first cell to the thing itself."""

    columns: tuple[Column, ...]
    rows: Sequence[Any]
    link: Callable[[Any], str] = lambda _row: ""

    def cells(self, row: Any) -> list[Cell]:
        return [column.value(row) for column in self.columns]

    def first(self, number: int) -> "Table":
        return replace(self, rows=self.rows[:number])

    def last(self, number: int) -> "Table":
        return replace(self, rows=self.rows[-number:])

    def csv_rows(self) -> Iterator[list[str]]:
        """Return the table for a spreadsheet; money as plain numbers, no cell a formula."""
        yield [str(column.title) for column in self.columns]
        for row in self.rows:
            # Numbers are ours, and a refund may well begin with a minus.
            yield [
                text if column.is_number else safe_cells([text])[0]
                for column in self.columns
                for text in [_plain(column.value(row))]
            ]


DAYS = (
    Column(_l("Day"), lambda row: row.day, is_number=False),
    Column(_l("Orders"), lambda row: row.orders),
    Column(_l("Paid"), lambda row: row.gross),
    Column(_l("Refunded"), lambda row: row.refunded),
    Column(_l("Lost to banks"), lambda row: row.lost),
    Column(_l("Net"), lambda row: row.net),
    Column(_l("Paid by gift cards"), lambda row: row.by_cards),
    Column(_l("Gift cards sold"), lambda row: row.cards_sold),
)
# Most days know nothing of most steps: a dash says so more quietly than a sum.
CARDS = (
    Column(_l("Day"), lambda row: row.day, is_number=False),
    Column(_l("Owed"), lambda row: row.owed),
    Column(_l("Sold"), lambda row: row.sold or None),
    Column(_l("Issued by hand"), lambda row: row.by_hand or None),
    Column(_l("Spent"), lambda row: row.spent or None),
    Column(_l("Given back"), lambda row: row.given_back or None),
    Column(_l("Adjusted"), lambda row: row.adjusted or None),
    Column(_l("Ended"), lambda row: row.ended or None),
)
GOODS = (
    Column(_l("Name"), lambda row: row.name, is_number=False),
    Column(_l("Units"), lambda row: row.units),
    Column(_l("Paid"), lambda row: row.total),
)
DISCOUNTS = (
    Column(_l("Discount"), lambda row: row.name, is_number=False),
    Column(_l("Code"), lambda row: row.code, is_number=False),
    Column(_l("Orders"), lambda row: row.orders),
    Column(_l("Given"), lambda row: row.given),
    Column(_l("Paid"), lambda row: row.paid),
)
VARIANTS = (GOODS[0], Column(_l("SKU"), lambda row: row.key, is_number=False), *GOODS[1:])
STORIES = (
    Column(_l("Story"), lambda row: row.title or row.url, is_number=False),
    Column(_l("Views"), lambda row: row.views),
    Column(_l("Clicks"), lambda row: row.clicks),
    Column(_l("Carts"), lambda row: row.carts),
    Column(_l("Orders"), lambda row: row.orders),
    Column(_l("Revenue"), lambda row: row.revenue[0] if row.revenue else None),
)
CART_LINKS = (
    Column(_l("Day"), lambda row: row.day, is_number=False),
    Column(_l("Carts mailed"), lambda row: row.mailed),
    Column(_l("Carts restored"), lambda row: row.restored),
)
COVER = (
    Column(_l("Shelf"), lambda row: row.name, is_number=False),
    Column(_l("SKU"), lambda row: row.sku, is_number=False),
    Column(_l("On the shelf"), lambda row: row.on_hand),
    Column(_l("Worth at its price"), lambda row: row.value),
    Column(_l("Shipped in 30 days"), lambda row: row.sold),
    Column(_l("Lasts, in days"), lambda row: row.days),
)


def _plain(value: Cell) -> str:
    match value:
        case None:
            return ""
        case Money():
            return f"-{amount(-value)}" if value.minor < 0 else amount(value)
        case date():
            return value.isoformat()
        case _:
            return str(value)
