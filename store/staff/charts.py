"""Bars for a row of days, reckoned here and drawn by a template: no script, same in print."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log10

WIDTH, HEIGHT = 720, 200
LEFT, RIGHT, TOP, BOTTOM = 64, 8, 12, 24
MOST_NAMES = 8
STEPS = (1, 2, 4, 10)


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    words: str
    """What a pointer and a screen reader are told."""
    is_empty: bool


@dataclass(frozen=True, slots=True)
class Tick:
    position: float
    value: int
    """In the unit of the bars; templates print it."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of WIDTH × HEIGHT units."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    names: tuple[tuple[float, str], ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    floor: int = HEIGHT - BOTTOM


def bar_chart(values: Sequence[int], names: Sequence[str], words: Sequence[str]) -> Chart:
    """Return bars from zero; below-zero days (more went back than came in) stand as empty."""
    top = _round_top(max([*values, 0]))
    slot = (WIDTH - LEFT - RIGHT) / max(len(values), 1)
    bars = tuple(_bar(place, value, words[place], top, slot) for place, value in enumerate(values))
    every = ceil(len(names) / MOST_NAMES) or 1
    shown = tuple(
        (round(LEFT + slot * (place + 0.5), 1), name)
        for place, name in enumerate(names)
        if place % every == 0
    )
    return Chart(bars, _ticks(top), shown)


def _bar(place: int, value: int, words: str, top: int, slot: float) -> Bar:
    height = round((HEIGHT - TOP - BOTTOM) * max(value, 0) / top, 1)
    gap = min(slot * 0.2, 4)
    return Bar(
        x=round(LEFT + slot * place + gap / 2, 1),
        y=round(HEIGHT - BOTTOM - height, 1),
        width=round(slot - gap, 1),
        height=height,
        words=words,
        is_empty=value <= 0,
    )


def _ticks(top: int) -> tuple[Tick, ...]:
    room = HEIGHT - TOP - BOTTOM
    return tuple(
        Tick(round(HEIGHT - BOTTOM - room * part / 2, 1), top * part // 2) for part in range(3)
    )


def _round_top(highest: int) -> int:
    """Return the next of 2, 4, 10, 20, 40, 100 …, whose halves are round numbers as well."""
    if highest <= 2:
        return 2
    power: int = 10 ** int(log10(highest))
    return next(step * power for step in STEPS if step * power >= highest)
