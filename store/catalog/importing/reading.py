"""Reads a CSV file into rows with their lines, or says from which line on it is none."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from store.catalog.importing.notes import FileRefusedError

MOST_BYTES = 15 * 1024 * 1024
"""What Shopify accepts and writes: help.shopify.com/en/manual/products/import-export."""
LONGEST_CELL = 512 * 1024

_OTHER_ENCODINGS = {
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    b"PK\x03\x04": "an Excel workbook or another archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF",
}
# Excel writes and reads a line "sep=," before the header.
_EXCELS_SEPARATOR = ("sep=", "")
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


def read_rows(content: bytes) -> list[Row]:
    """Return the rows that hold anything, the header first."""
    text = _text(content)
    rows = [row for row in _records(text) if not row.is_blank]
    if rows and rows[0].cells == _EXCELS_SEPARATOR:
        del rows[0]
    if not rows:
        raise FileRefusedError("the file is empty")
    return rows


def _text(content: bytes) -> str:
    for beginning, name in _OTHER_ENCODINGS.items():
        if content.startswith(beginning):
            raise FileRefusedError(f"the file is {name}; {_AS_UTF8}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileRefusedError(f"line {line} is not UTF-8; {_AS_UTF8}") from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise FileRefusedError(f"line {line} holds a NUL byte; this is no CSV file")
    return text


def _records(text: str) -> Iterator[Row]:
    # Strict: where quotes do not add up, everything after them would land in wrong cells.
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    before = csv.field_size_limit(LONGEST_CELL)
    line = 1
    try:
        for cells in reader:
            yield Row(line, tuple(cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise FileRefusedError(f"line {line}: {_explained(str(error))}") from error
    finally:
        csv.field_size_limit(before)


def _explained(fault: str) -> str:
    if "unexpected end of data" in fault:
        return "a quotation mark that opens here is never closed"
    if "expected after" in fault:
        return "text follows a closing quotation mark; double the quotation marks inside a cell"
    if "field limit" in fault:
        return f"a cell is longer than {LONGEST_CELL // 1024} kB"
    return fault
