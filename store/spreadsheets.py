"""Reads text files of cells however a spreadsheet or another program has written them."""

import csv
import io
import re
from collections.abc import Iterator

from store.errors import InvalidError

SEPARATORS = ",;\t"
# Excel writes this line before the header, or a cell as a formula, so that it stays as it is.
_EXCELS_LINE = re.compile(r"\Asep=(.)\r?\n", re.IGNORECASE)
_EXCELS_TEXT = re.compile(r'="([^"]*)"')


class NoCellsError(InvalidError):
    """The bytes are no text of cells."""


def rows_of(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield rows with anything in them, and the number of the line under which editors show each.

    Raises NoCellsError, also in the middle of them.
    """
    text = _text(content)
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
            raise NoCellsError("no cells") from error
        if any(cell.strip() for cell in cells):
            yield line, cells


def unguarded(cell: str) -> str:
    """Return a cell without what keeps a spreadsheet from reading it as a number."""
    guarded = _EXCELS_TEXT.fullmatch(cell)
    return guarded[1].strip() if guarded else cell.removeprefix("'")


def column_name(cell: str) -> str:
    """Return a heading as it is compared: its Latin letters alone, in lower case."""
    return re.sub(r"[^a-z]", "", cell.lower())


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
    raise NoCellsError("no text")


def _separator(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(SEPARATORS, key=first.count)
