"""Reads a CSV file into rows with their lines, or says from which line on it is none."""

import csv
import io
import re
from codecs import BOM_UTF8, getincrementaldecoder
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from store.catalog.importing.formats import known_formats
from store.catalog.importing.notes import FileRefusedError

MOST_BYTES = 15 * 1024 * 1024
"""What Shopify accepts and writes: help.shopify.com/en/manual/products/import-export."""
LONGEST_CELL = 512 * 1024
# For all files of the process: setting it back after one would shorten the cells of another.
csv.field_size_limit(LONGEST_CELL)

_OTHER_ENCODINGS = {
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    b"PK\x03\x04": "an Excel workbook or another archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF",
}
# Excel writes and reads a line "sep=," before the header.
_EXCELS_SEPARATOR = "sep="
_OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_LINE_END = re.compile(rb"[\r\n]")
_PIECE = 64 * 1024
_AS_UTF8 = "save it as “CSV UTF-8 (comma delimited)” and try again"


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one record, and the line where it begins."""

    line: int
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        return not any(cell.strip() for cell in self.cells)


def read_bytes(path: Path) -> bytes:
    """Return the file's bytes; one that is larger than any export is not read to its end."""
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise FileRefusedError(
            f"the file is larger than {MOST_BYTES // 1024**2} MB; split it between two products"
        )
    return content


def read_rows(content: bytes) -> Iterator[Row]:
    """Return the rows that hold anything one by one, the header first."""
    _check(content)
    _check_separator(content)
    rows = (row for row in _records(content) if not row.is_blank)
    first = next(rows, None)
    if first is not None and first.cells == (_EXCELS_SEPARATOR, ""):
        first = next(rows, None)
    if first is None:
        raise FileRefusedError("the file is empty")
    return chain([first], rows)


def _check(content: bytes) -> None:
    for beginning, name in _OTHER_ENCODINGS.items():
        if content.startswith(beginning):
            raise FileRefusedError(f"the file is {name}; {_AS_UTF8}")
    _check_utf8(content)
    if b"\0" in content:
        where = _line_of(content, content.index(b"\0"))
        raise FileRefusedError(f"{where} holds a NUL byte; this is no CSV file")


def _check_utf8(content: bytes) -> None:
    # Piece by piece: the whole text would take a multiple of the file.
    decoder = getincrementaldecoder("utf-8")()
    for start in range(0, len(content), _PIECE):
        end = min(start + _PIECE, len(content))
        try:
            decoder.decode(content[start:end], final=end == len(content))
        except UnicodeDecodeError as error:
            # What was left of the piece before stands in front of this one.
            where = _line_of(content, end - len(error.object) + error.start)
            raise FileRefusedError(f"{where} is not UTF-8; {_AS_UTF8}") from error


def _check_separator(content: bytes) -> None:
    # Before quotes are judged: between other separators they would be what is wrong.
    text = content.removeprefix(BOM_UTF8).lstrip()
    header = _LINE_END.split(text, maxsplit=1)[0].decode()
    said = header.removeprefix(_EXCELS_SEPARATOR) if header.startswith(_EXCELS_SEPARATOR) else ""
    for separator, name in _OTHER_SEPARATORS.items():
        if said == separator or header.count(separator) > max(1, header.count(",")):
            raise FileRefusedError(
                f"the cells are separated by {name}, not by commas: {_AS_UTF8}\n{known_formats()}"
            )


def _line_of(content: bytes, place: int) -> str:
    lines_before = content.count(b"\n", 0, place)
    return f"line {lines_before + 1}"


def _records(content: bytes) -> Iterator[Row]:
    # Decoded piece by piece, as above.
    text = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline="")
    # Strict: where quotes do not add up, everything after them would land in wrong cells.
    reader = csv.reader(text, strict=True)
    line = 1
    try:
        for cells in reader:
            yield Row(line, tuple(cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise FileRefusedError(f"line {line}: {_explained(str(error))}") from error


def _explained(fault: str) -> str:
    if "unexpected end of data" in fault:
        return "a quotation mark that opens here is never closed"
    if "expected after" in fault:
        return "text follows a closing quotation mark; double the quotation marks inside a cell"
    if "field limit" in fault:
        return f"a cell is longer than {LONGEST_CELL // 1024} kB"
    return fault
