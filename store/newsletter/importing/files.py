"""Reads a list of addresses as spreadsheets and other newsletters write it."""

import re
from dataclasses import dataclass
from enum import StrEnum

from store.errors import InvalidError
from store.mail.outgoing import UnmailableError, mailable
from store.spreadsheets import NoCellsError, column_name, rows_of, unguarded

MOST_BYTES = 4 * 1024 * 1024
MOST_ROWS = 20_000
MOST_FAULTS = 200
"""More than anybody mends by hand; the rest is counted."""
LONGEST_ADDRESS = 320
NAMES = frozenset("email emailaddress mail mailaddress address subscriber subscriberemail".split())
_NAMED = re.compile(r".*<([^<>]*)>")


class FileFault(StrEnum):
    """Why a file cannot be read at all."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    NO_TEXT = "no_text"
    NO_COLUMN = "no_column"


class LineFault(StrEnum):
    """Why a line of it is left out."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    NO_ADDRESS = "no_address"
    REPEATED = "repeated"


class ListFileError(InvalidError):
    def __init__(self, fault: FileFault) -> None:
        super().__init__(f"a list of addresses: {fault}")
        self.fault = fault


@dataclass(frozen=True, slots=True)
class ReadList:
    """Addresses folded to lower case, each once, and the lines that hold none."""

    addresses: tuple[str, ...]
    faults: tuple[tuple[int, LineFault], ...]

    @property
    def rows(self) -> int:
        return len(self.addresses) + len(self.faults)


def read_list(content: bytes) -> ReadList:
    """Return what a file holds; raises ListFileError for what is no such file."""
    if len(content) > MOST_BYTES:
        raise ListFileError(FileFault.TOO_LARGE)
    try:
        records = [
            (line, [unguarded(c.strip()) for c in cells]) for line, cells in rows_of(content)
        ]
    except NoCellsError as error:
        raise ListFileError(FileFault.NO_TEXT) from error
    if not records:
        raise ListFileError(FileFault.EMPTY)
    place, records = _column(records)
    if len(records) > MOST_ROWS:
        raise ListFileError(FileFault.TOO_MANY_ROWS)
    found, faults = dict[str, None](), list[tuple[int, LineFault]]()
    for line, cells in records:
        address = _address(cells[place] if place < len(cells) else "")
        if isinstance(address, LineFault):
            faults.append((line, address))
        elif address in found:
            faults.append((line, LineFault.REPEATED))
        else:
            found[address] = None
    return ReadList(tuple(found), tuple(faults))


def _address(cell: str) -> str | LineFault:
    named = _NAMED.fullmatch(cell)
    typed = (named[1] if named else cell).strip().removeprefix("mailto:")
    if not typed:
        return LineFault.MISSING
    if len(typed) > LONGEST_ADDRESS:
        return LineFault.TOO_LONG
    try:
        return mailable(typed).lower()
    except UnmailableError:
        return LineFault.NO_ADDRESS


def _column(
    records: list[tuple[int, list[str]]],
) -> tuple[int, list[tuple[int, list[str]]]]:
    """Find the column by its name; without a head it is the first that holds an address."""
    first = records[0][1]
    named = [column_name(cell) for cell in first]
    for place, name in enumerate(named):
        if name in NAMES and "@" not in first[place]:
            return place, records[1:]
    for place, cell in enumerate(first):
        if "@" in cell:
            return place, records
    raise ListFileError(FileFault.NO_COLUMN)
