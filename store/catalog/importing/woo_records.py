"""One row of a WooCommerce export, asked by what its columns mean."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from store.catalog.importing import cells
from store.catalog.importing.notes import RowRefusedError
from store.catalog.importing.reading import Row
from store.catalog.importing.woo_columns import WooColumns, WooField
from store.catalog.models import ProductStatus

_BETWEEN_CELLS = "\0"
"""Stands in no cell: a file that holds one is refused before it is read."""
_COMMA = re.compile(r"(?<!\\),")
_NEW_LINE = re.compile(r"(?<!\\)\\n")
_STATUSES = {
    "1": ProductStatus.ACTIVE,
    "0": ProductStatus.DRAFT,
    "-1": ProductStatus.DRAFT,
    "true": ProductStatus.ACTIVE,
    "false": ProductStatus.DRAFT,
}


@dataclass(frozen=True, slots=True)
class WooRecord:
    row: Row
    columns: WooColumns

    @property
    def line(self) -> int:
        return self.row.line

    @property
    def types(self) -> frozenset[str]:
        """Return the words of its type; a row without any is a simple product."""
        words = frozenset(word.casefold() for word in self.listed(WooField.TYPE))
        return words or frozenset({"simple"})

    @property
    def status(self) -> ProductStatus | None:
        """Return what it is to be here: who may not be seen by everybody is a draft."""
        word = self.text(WooField.PUBLISHED).casefold()
        if word and word not in _STATUSES:
            raise RowRefusedError(f"{WooField.PUBLISHED} {word!r} is none of 1, 0 and -1")
        return _STATUSES.get(word)

    def has(self, field: WooField) -> bool:
        return field in self.columns.places

    def raw(self, field: WooField) -> str:
        place = self.columns.places.get(field)
        return "" if place is None else cells.unescaped(self.row.cells[place])

    def text(self, field: WooField) -> str:
        return cells.one_line(self.raw(field))

    def block(self, field: WooField) -> str:
        r"""Return a cell of several lines, which are written as \n."""
        return cells.clean(_NEW_LINE.sub("\n", self.raw(field)).replace("\\\\n", "\\n"))

    def limited(self, field: WooField, longest: int) -> str:
        """Return a cell that cannot be cut without becoming something else."""
        text = self.text(field)
        if len(text) > longest:
            raise RowRefusedError(f"{field} is longer than {longest} characters")
        return text

    def listed(self, field: WooField) -> list[str]:
        return split_list(self.raw(field))

    def attributes(self) -> Mapping[str, list[str]]:
        """Return the values of each attribute that has a name; no value stands for any."""
        found: dict[str, list[str]] = {}
        for name_at, values_at in self.columns.attributes:
            name = cells.one_line(cells.unescaped(self.row.cells[name_at]))
            if name:
                found.setdefault(name, split_list(cells.unescaped(self.row.cells[values_at])))
        return found

    @property
    def nameless_attribute(self) -> str:
        """Say which attribute has a value and no name; empty where there is none."""
        for number, (name_at, values_at) in enumerate(self.columns.attributes, start=1):
            if self.row.cells[values_at].strip() and not self.row.cells[name_at].strip():
                return f"Attribute {number} has a value and no name on line {self.line}"
        return ""


class HeldRecords:
    """Records by their lines, each in one piece until it is asked for.

    A variation may stand anywhere in the file, so all of it is held before the first product is put
    together; as cells of their own it would take three times as much.
    """

    def __init__(self, columns: WooColumns) -> None:
        self._columns = columns
        self._pieces: dict[int, bytes] = {}

    def add(self, record: WooRecord) -> None:
        self._pieces[record.line] = _BETWEEN_CELLS.join(record.row.cells).encode()

    def on(self, lines: Iterable[int]) -> Iterator[WooRecord]:
        """Return the records that begin on these lines; each of them has to be here."""
        for line in lines:
            cells_of_it = self._pieces[line].decode().split(_BETWEEN_CELLS)
            yield WooRecord(Row(line, tuple(cells_of_it)), self._columns)

    def __iter__(self) -> Iterator[WooRecord]:
        return self.on(self._pieces)


def split_list(cell: str) -> list[str]:
    r"""Return what stands between commas; one that belongs to the text is written as \,."""
    parts = (cells.one_line(part.replace("\\,", ",")) for part in _COMMA.split(cell))
    return [part for part in dict.fromkeys(parts) if part]
