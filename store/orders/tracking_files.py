"""Reads a file of tracking numbers however a carrier or a spreadsheet has written it."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from store.errors import InvalidError
from store.orders.numbers import tidy_number
from store.orders.readdressing import one_line
from store.orders.shipping import LONGEST_CARRIER, LONGEST_TRACKING

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
SEPARATORS = ",;\t"
# Excel writes this line before the header, or a cell as a formula, so that it stays as it is.
_EXCELS_LINE = re.compile(r"\Asep=(.)\r?\n", re.IGNORECASE)
_EXCELS_TEXT = re.compile(r'="([^"]*)"')
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
    records = list(_records(_text(content)))
    if not records:
        raise TrackingFileError(Fault.EMPTY)
    places, records = _places(records)
    if len(records) > MOST_ROWS:
        raise TrackingFileError(Fault.TOO_MANY_ROWS)
    return list(_marking_repeated(_row(line, cells, places) for line, cells in records))


def _text(content: bytes) -> str:
    """Decode UTF-8, UTF-16 with or without its mark, else Latin-1, which takes every byte."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif content[1:2] == b"\0":
        encodings = ["utf-16-le"]
    elif content[:1] == b"\0":
        encodings = ["utf-16-be"]
    else:
        encodings = ["utf-8-sig", "latin-1"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise TrackingFileError(Fault.NO_TEXT)


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    named = _EXCELS_LINE.match(text)
    separator = named[1] if named else _separator(text)
    body, first = (text[named.end() :], 2) if named else (text, 1)
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=separator)
    while True:
        line = first + reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise TrackingFileError(Fault.NO_TEXT) from error
        if any(cell.strip() for cell in cells):
            yield line, [_cell(cell) for cell in cells]


def _separator(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(SEPARATORS, key=first.count)


def _cell(given: str) -> str:
    cell = one_line(given[:LONGEST_CELL])
    guarded = _EXCELS_TEXT.fullmatch(cell)
    return guarded[1].strip() if guarded else cell.removeprefix("'")


def _places(
    records: list[tuple[int, list[str]]],
) -> tuple[dict[str, int], list[tuple[int, list[str]]]]:
    """Find the columns by their names; without a header they are number, tracking, carrier."""
    header = [re.sub(r"[^a-z]", "", cell.lower()) for cell in records[0][1]]
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
