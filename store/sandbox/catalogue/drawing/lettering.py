"""Type as outlines: letters drawn from named font files, so that print can bend with what it is printed on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fontTools.pens.basePen import decomposeQuadraticSegment
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont

Point = tuple[float, float]
Command = tuple[str, tuple[Point, ...]]  # an SVG path letter and its points
Figure = tuple[Command, ...]


class Face(StrEnum):
    """The founts in the case: package and file."""

    SERIF = "font_source_serif_pro/SourceSerifPro-Regular.otf"
    SERIF_ITALIC = "font_source_serif_pro/SourceSerifPro-It.otf"
    SERIF_SEMIBOLD = "font_source_serif_pro/SourceSerifPro-Semibold.otf"
    SERIF_BOLD = "font_source_serif_pro/SourceSerifPro-Bold.otf"
    SERIF_BLACK = "font_source_serif_pro/SourceSerifPro-Black.otf"
    SERIF_BLACK_ITALIC = "font_source_serif_pro/SourceSerifPro-BlackIt.otf"
    BOOK = "font_caladea/Caladea-Regular.ttf"
    BOOK_ITALIC = "font_caladea/Caladea-Italic.ttf"
    POSTER = "font_fjallaone/FjallaOne-Regular.ttf"
    SANS = "font_hanken_grotesk/HankenGrotesk-Medium.otf"
    SANS_BOLD = "font_hanken_grotesk/HankenGrotesk-Bold.otf"
    SANS_BLACK = "font_source_sans_pro/SourceSansPro-Black.otf"
    ROUND = "font_fredoka_one/FredokaOne-Regular.ttf"
    HAND = "font_amatic_sc/AmaticSC-Bold.ttf"


@dataclass(frozen=True, slots=True)
class Setting:
    """A line of type: its outlines from x = 0 on the baseline y = 0, and how wide it runs."""

    figure: Figure
    width: float


def set_line(text: str, face: Face, size: float, *, tracking: float = 0.0) -> Setting:
    """Letters side by side with the font's own kerning; tracking is in thousandths of the size."""
    fount = _fount(face)
    scale = size / fount.units
    x = 0.0
    commands: list[Command] = []
    before = ""
    for letter in text:
        x += fount.kern(before, letter) * scale
        commands += _moved(fount.outline(letter), x, scale)
        x += fount.advance(letter) * scale + tracking * size / 1000
        before = letter
    return Setting(tuple(commands), x - tracking * size / 1000)


def _moved(figure: Figure, x: float, scale: float) -> list[Command]:
    return [
        (op, tuple((x + px * scale, -py * scale) for px, py in points)) for op, points in figure
    ]


class _Fount:
    """One opened font file."""

    def __init__(self, path: Path) -> None:
        self._font = TTFont(path, lazy=True)
        self._glyphs = self._font.getGlyphSet()
        self._names = self._font.getBestCmap()
        self._outlines: dict[str, Figure] = {}
        self._pairs = list(_pair_tables(self._font))
        self.units: int = self._font["head"].unitsPerEm

    def advance(self, letter: str) -> float:
        return float(self._glyphs[self._names[ord(letter)]].width)

    def kern(self, before: str, letter: str) -> float:
        """Units to add between two letters, from the font's pair positioning."""
        if not before:
            return 0.0
        left, right = self._names[ord(before)], self._names[ord(letter)]
        for table in self._pairs:
            found = _pair_value(table, left, right)
            if found is not None:
                return found
        return 0.0

    def outline(self, letter: str) -> Figure:
        if letter not in self._outlines:
            pen = DecomposingRecordingPen(self._glyphs)
            self._glyphs[self._names[ord(letter)]].draw(pen)
            self._outlines[letter] = tuple(_commands(pen.value))
        return self._outlines[letter]


@cache
def _fount(face: Face) -> _Fount:
    package, _, name = face.value.partition("/")
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{package} is missing: install the demo extra", name=package)
    return _Fount(Path(spec.origin).parent / "files" / name)


def _pair_tables(font: TTFont) -> Iterator[Any]:
    """The font's kerning tables; fonttools builds their classes as it reads, hence no types."""
    if "GPOS" not in font:
        return
    gpos = font["GPOS"].table
    wanted = {
        index
        for record in gpos.FeatureList.FeatureRecord
        if record.FeatureTag == "kern"
        for index in record.Feature.LookupListIndex
    }
    for index in sorted(wanted):
        for table in gpos.LookupList.Lookup[index].SubTable:
            inner = getattr(table, "ExtSubTable", table)
            if inner.LookupType == 2:
                yield inner


def _pair_value(table: Any, left: str, right: str) -> float | None:
    coverage = table.Coverage.glyphs
    if left not in coverage:
        return None
    if table.Format == 1:
        for record in table.PairSet[coverage.index(left)].PairValueRecord:
            if record.SecondGlyph == right:
                return float(getattr(record.Value1, "XAdvance", 0) or 0)
        return None
    first = table.ClassDef1.classDefs.get(left, 0)
    second = table.ClassDef2.classDefs.get(right, 0)
    value = table.Class1Record[first].Class2Record[second].Value1
    return float(getattr(value, "XAdvance", 0) or 0)


def _commands(recorded: Iterable[tuple[str, Any]]) -> Iterator[Command]:
    letters = {"moveTo": "M", "lineTo": "L", "curveTo": "C", "closePath": "Z", "endPath": "Z"}
    for operation, points in recorded:
        if operation == "qCurveTo" and points[-1] is None:  # a ring without a point on the curve
            (ax, ay), (bx, by) = points[0], points[-2]
            start = ((ax + bx) / 2, (ay + by) / 2)
            yield "M", (start,)
            for off, on in decomposeQuadraticSegment((*points[:-1], start)):
                yield "Q", (off, on)
        elif operation == "qCurveTo":
            for off, on in decomposeQuadraticSegment(points):
                yield "Q", (off, on)
        else:
            yield letters[operation], tuple(points)
