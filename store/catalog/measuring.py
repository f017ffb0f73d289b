"""Reads a size chart that staff wrote as a table, and says every measure in both units."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

CM_OF_AN_INCH = 2.54
_CM, _INCH = "cm", "in"
# A bare "in" is a word more often than a unit, unless brackets or a number say otherwise.
_UNIT = re.compile(
    r"(?:(?<=\d)\s?|[\s,]*[(\[]\s*)(?P<unit>cm|centimet(?:re|er)s?|in|inch(?:es)?)\.?\s*[)\]]?\s*$"
    r"|[\s,]+(?P<spelt>cm|centimet(?:re|er)s?|inches)\s*$",
    re.IGNORECASE,
)
_UNIT_IN_PROSE = re.compile(r"\b(cm|centimet(?:re|er)s?|inch(?:es)?)\b", re.IGNORECASE)
_MEASURES = re.compile(r"\d{1,4}(?:[.,]\d{1,2})?(?:\s*[-–—/]\s*\d{1,4}(?:[.,]\d{1,2})?)?")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")
_BETWEEN_CELLS = re.compile(r"(?<!\\)\|")
_EMPHASIS = re.compile(r"[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: words that stay, or a measure in centimetres and in inches."""

    words: str
    cm: str = ""
    inches: str = ""

    @property
    def is_measure(self) -> bool:
        return bool(self.cm)


@dataclass(frozen=True, slots=True)
class SizeTable:
    """A chart as readers see it; what stands around the table is Markdown."""

    before: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    after: str

    @property
    def has_units(self) -> bool:
        return any(cell.is_measure for row in self.rows for cell in row)


@lru_cache(maxsize=64)
def size_table(body: str) -> SizeTable | None:
    """Return the chart; none where the product has none. What is no table stays Markdown.

    The unit stands in the head of a column, at the start of a row, or in the text around.
    """
    if not body.strip():
        return None
    lines = body.splitlines()
    start = next((i for i, both in enumerate(pairwise(lines)) if _begins_table(*both)), None)
    if start is None:
        return SizeTable(body, (), (), "")
    end = start + 2
    while end < len(lines) and "|" in lines[end]:
        end += 1
    before, after = "\n".join(lines[:start]), "\n".join(lines[end:])
    said = _UNIT_IN_PROSE.search(f"{before}\n{after}")
    head = _cells(lines[start])
    units = [_unit(words) or (_norm(said[1]) if said else "") for words in head]
    return SizeTable(
        before,
        tuple(_without_unit(words) for words in head),
        tuple(_row(_cells(line), units) for line in lines[start + 2 : end]),
        after,
    )


def _begins_table(head: str, rule: str) -> bool:
    return "|" in head and "-" in rule and _RULE.fullmatch(rule) is not None


def _cells(line: str) -> list[str]:
    bare = line.strip().removeprefix("|")
    bare = bare[:-1] if bare.endswith("|") and not bare.endswith("\\|") else bare
    return [
        _EMPHASIS.sub("", cell.replace("\\|", "|")).strip() for cell in _BETWEEN_CELLS.split(bare)
    ]


def _row(cells: list[str], units: list[str]) -> tuple[Cell, ...]:
    # As many as the head has: what Markdown would not show is not shown.
    padded = [*cells, *[""] * len(units)][: len(units)]
    of_row = _unit(padded[0])
    measured = [_cell(words, of_row or unit) for words, unit in zip(padded, units, strict=True)]
    return (Cell(_without_unit(padded[0])), *measured[1:])


def _cell(words: str, unit: str) -> Cell:
    own = _unit(words)
    bare = _without_unit(words) if own else words
    unit = own or unit
    if not unit or not _MEASURES.fullmatch(bare):
        return Cell(words)
    if unit == _CM:
        return Cell(words, cm=_tidy(bare), inches=_converted(bare, 1 / CM_OF_AN_INCH, halves=True))
    return Cell(words, cm=_converted(bare, CM_OF_AN_INCH, halves=False), inches=_tidy(bare))


def _converted(measures: str, factor: float, *, halves: bool) -> str:
    def turned(found: re.Match[str]) -> str:
        number = float(found[0].replace(",", ".")) * factor
        if not halves:
            return str(round(number))
        whole, half = divmod(round(number * 2), 2)
        return f"{whole}½" if half else str(whole)

    return _NUMBER.sub(turned, _tidy(measures))


def _tidy(measures: str) -> str:
    return re.sub(r"\s*[-–—]\s*", "–", measures)


def _unit(words: str) -> str:
    found = _UNIT.search(words)
    return _norm(found["unit"] or found["spelt"]) if found else ""


def _without_unit(words: str) -> str:
    return _UNIT.sub("", words) or words


def _norm(unit: str) -> str:
    return _CM if unit.lower().startswith("c") else _INCH
