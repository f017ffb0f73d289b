"""Reads a file of tracking numbers however a carrier or a spreadsheet has written it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from store.errors import InvalidError
from store.orders.numbers import tidy_number
from store.orders.readdressing import one_line
from store.orders.shipping import LONGEST_CARRIER, LONGEST_TRACKING
from store.spreadsheets import NoCellsError, column_name, rows_of, unguarded

MOST_BYTES = 4 * 1024 * 1024
MOST_ROWS = 10_000
LONGEST_CELL = 400
NAMES = {
    "number": "order ordernumber orderno orderid number name reference customerreference",
    "tracking": (
        "tracking trackingnumber trackingno trackingid trackingcode consignment consignmentnumber"
        " consignmentid articleid article barcode"
    ),
    "carrier": "carrier carriername courier shippingcompany trackingcompany service",
}
_SHORTENED = re.compile(r"\d([.,]\d+)?e\+?\d+", re.IGNORECASE)
_NUMBER = re.compile(r"[A-Z]{1,4}(-[A-Z0-9]{4}){2}")
_TRACKING = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./_-]*")


class Fault(StrEnum):
    """Why a file cannot be read at all."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    NO_TEXT = "no_text"
    NO_COLUMNS = "no_columns"


class TrackingFileError(InvalidError):
    def __init__(self, fault: Fault) -> None:
        super().__init__(f"a file of tracking numbers: {fault}")
        self.fault = fault


class RowFault(StrEnum):
    """Why a row cannot be used, whatever the orders are."""

    NO_NUMBER = "no_number"
    NO_TRACKING = "no_tracking"
    SHORTENED = "shortened"
    NO_TRACKING_SIGNS = "no_tracking_signs"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class TrackingRow:
    """One row of the file with the line where it stands; fault is None where it can be used."""

    line: int
    number: str
    tracking: str
    carrier: str
    fault: RowFault | None = None


def read_tracking_file(content: bytes) -> list[TrackingRow]:
    """Return every row that holds anything; raises TrackingFileError for what is no such file."""
    if len(content) > MOST_BYTES:
        raise TrackingFileError(Fault.TOO_LARGE)
    try:
        records = [(line, [_cell(cell) for cell in cells]) for line, cells in rows_of(content)]
    except NoCellsError as error:
        raise TrackingFileError(Fault.NO_TEXT) from error
    if not records:
        raise TrackingFileError(Fault.EMPTY)
    places, records = _places(records)
    if len(records) > MOST_ROWS:
        raise TrackingFileError(Fault.TOO_MANY_ROWS)
    return list(_marking_repeated(_row(line, cells, places) for line, cells in records))


def _cell(given: str) -> str:
    return unguarded(one_line(given[:LONGEST_CELL]))


def _places(
    records: list[tuple[int, list[str]]],
) -> tuple[dict[str, int], list[tuple[int, list[str]]]]:
    """Find the columns by their names; without a header they are number, tracking, carrier."""
    header = [column_name(cell) for cell in records[0][1]]
    places = {
        meaning: header.index(known[0])
        for meaning, spellings in NAMES.items()
        if (known := [name for name in spellings.split() if name in header])
    }
    if {"number", "tracking"} <= places.keys():
        return places, records[1:]
    first = records[0][1]
    if len(first) < 2 or not _NUMBER.fullmatch(tidy_number(first[0])):
        raise TrackingFileError(Fault.NO_COLUMNS)
    return {"number": 0, "tracking": 1, "carrier": 2}, records


def _row(line: int, cells: Sequence[str], places: dict[str, int]) -> TrackingRow:
    def at(meaning: str) -> str:
        place = places.get(meaning, len(cells))
        return cells[place] if place < len(cells) else ""

    number, tracking = tidy_number(at("number")), at("tracking")
    carrier = at("carrier")[:LONGEST_CARRIER]
    fault = _fault(number, tracking)
    return TrackingRow(line, number, tracking[:LONGEST_TRACKING], carrier, fault)


def _fault(number: str, tracking: str) -> RowFault | None:
    if not number:
        return RowFault.NO_NUMBER
    if not tracking:
        return RowFault.NO_TRACKING
    if _SHORTENED.fullmatch(tracking):
        return RowFault.SHORTENED
    if len(tracking) > LONGEST_TRACKING or not _TRACKING.fullmatch(tracking):
        return RowFault.NO_TRACKING_SIGNS
    return None


def _marking_repeated(rows: Iterator[TrackingRow]) -> Iterator[TrackingRow]:
    seen: set[str] = set()
    for row in rows:
        is_repeated = row.fault is None and row.number in seen
        if row.fault is None:
            seen.add(row.number)
        fault = RowFault.REPEATED if is_repeated else row.fault
        yield TrackingRow(row.line, row.number, row.tracking, row.carrier, fault)
