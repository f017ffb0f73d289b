"""One row of a product export, asked by what its columns mean."""

from dataclasses import dataclass

from store.catalog.importing.cells import clean, one_line, unescaped
from store.catalog.importing.formats import OPTION_VALUES, Columns, Field
from store.catalog.importing.notes import RowRefusedError
from store.catalog.importing.reading import Row

_OF_VARIANTS = (
    *OPTION_VALUES,
    Field.SKU,
    Field.BARCODE,
    Field.PRICE,
    Field.COMPARE_AT,
    Field.QUANTITY,
)


@dataclass(frozen=True, slots=True)
class Record:
    row: Row
    columns: Columns

    @property
    def line(self) -> int:
        return self.row.line

    @property
    def is_of_variant(self) -> bool:
        return any(self.text(field) for field in _OF_VARIANTS)

    def has(self, field: Field) -> bool:
        """Tell whether the file has this column at all; what it has not is not said."""
        return field in self.columns

    def raw(self, field: Field) -> str:
        place = self.columns.places.get(field)
        return "" if place is None else unescaped(self.row.cells[place])

    def block(self, field: Field) -> str:
        """Return a cell of several lines."""
        return clean(self.raw(field))

    def text(self, field: Field) -> str:
        return one_line(self.raw(field))

    def limited(self, field: Field, longest: int) -> str:
        """Return a cell that cannot be cut without becoming something else."""
        text = self.text(field)
        if len(text) > longest:
            raise RowRefusedError(f"{field} is longer than {longest} characters")
        return text
