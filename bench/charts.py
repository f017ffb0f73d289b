"""Draws lines over the number of products as SVG, readable on light and on dark paper."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 760, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 230, 50, 60
LEAST_BETWEEN_LABELS = 17
DASHES = ("none", "7 3", "2 3", "10 3 2 3", "none", "7 3", "2 3")
STEPS = (1, 2, 2.5, 5, 10)
STYLE = """
.paper { fill: #faf6f0 } .ink { fill: #242123; font: 13px system-ui, sans-serif }
.title { font-weight: 600; font-size: 15px } .rule { stroke: #242123; stroke-opacity: .18 }
.line { fill: none; stroke-width: 2.2 } .s0 { stroke: #a8324a } .s1 { stroke: #27508f }
.s2 { stroke: #1f6b47 } .s3 { stroke: #7a4fa3 } .s4 { stroke: #8a5a00 } .s5 { stroke: #00707a }
.s6 { stroke: #5b5560 }
@media (prefers-color-scheme: dark) {
.paper { fill: #16120e } .ink { fill: #f3efe7 } .rule { stroke: #f3efe7 }
.s0 { stroke: #ff8fa3 } .s1 { stroke: #8fb8ff } .s2 { stroke: #7fd6a8 } .s3 { stroke: #cfa8f5 }
.s4 { stroke: #f0bd5e } .s5 { stroke: #6fd3dd } .s6 { stroke: #c6bfca }
}
"""


@dataclass(frozen=True, slots=True)
class Chart:
    """One picture: what is drawn over the number of products, by name, and in which unit."""

    title: str
    unit: str
    sizes: Sequence[int]
    lines: Mapping[str, Sequence[float]]

    def svg(self) -> str:
        """Return the whole picture; products on a logarithmic axis, amounts from nought."""
        step = _step(max(max(values) for values in self.lines.values()))
        top = step * math.ceil(max(max(values) for values in self.lines.values()) / step)
        parts = [*self._frame(step, top), *self._drawn(top)]
        size = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">'
            f"<title>{escape(self.title)}</title><style>{STYLE}</style>"
            f'<rect class="paper" width="{WIDTH}" height="{HEIGHT}" rx="6"/>'
            f"{''.join(parts)}</svg>\n"
        )

    def _frame(self, step: float, top: float) -> list[str]:
        parts = [_text(LEFT, 26, self.title, "title")]
        for number in range(round(top / step) + 1):
            y = self._y(number * step, top)
            parts.append(_rule(LEFT, y, WIDTH - RIGHT, y))
            parts.append(_text(LEFT - 8, y + 4, f"{number * step:,g}", anchor="end"))
        foot = HEIGHT - BOTTOM + 20
        parts += [_text(self._x(size), foot, f"{size:,}", anchor="middle") for size in self.sizes]
        middle = (LEFT + WIDTH - RIGHT) / 2
        parts.append(_text(middle, HEIGHT - 14, "products in the catalogue", anchor="middle"))
        parts.append(
            _text(18, (TOP + HEIGHT - BOTTOM) / 2, self.unit, anchor="middle", turned=True)
        )
        return parts

    def _drawn(self, top: float) -> list[str]:
        ends = {name: self._y(values[-1], top) for name, values in self.lines.items()}
        labels = _spread(ends)
        parts = []
        for number, (name, values) in enumerate(self.lines.items()):
            points = " ".join(
                f"{self._x(size):.1f},{self._y(value, top):.1f}"
                for size, value in zip(self.sizes, values, strict=True)
            )
            parts.append(_line(number, points))
            x, y = WIDTH - RIGHT, labels[name]
            lead = f"{x},{ends[name]:.1f} {x + 12},{y:.1f} {x + 26},{y:.1f}"
            parts.append(_line(number, lead))
            parts.append(_text(x + 32, y + 4, f"{name} {values[-1]:,.3g}"))
        return parts

    def _x(self, size: int) -> float:
        first, last = math.log(self.sizes[0]), math.log(self.sizes[-1])
        share = (math.log(size) - first) / (last - first) if last > first else 1.0
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def _y(self, value: float, top: float) -> float:
        return HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM)


def _step(largest: float) -> float:
    """Return a round distance between rules that makes about five of them."""
    power: float = 10.0 ** math.floor(math.log10(largest / 5))
    return next(power * step for step in STEPS if power * step * 5 >= largest)


def _spread(wanted: Mapping[str, float]) -> dict[str, float]:
    """Return where labels stand, as near to their lines as none covers another."""
    placed: dict[str, float] = {}
    below = HEIGHT - BOTTOM + 8.0
    for name, y in sorted(wanted.items(), key=lambda pair: -pair[1]):
        placed[name] = min(y, below)
        below = placed[name] - LEAST_BETWEEN_LABELS
    return placed


def _text(
    x: float, y: float, words: str, kind: str = "", *, anchor: str = "start", turned: bool = False
) -> str:
    turn = f' transform="rotate(-90 {x:g} {y:g})"' if turned else ""
    return (
        f'<text class="ink {kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{turn}>'
        f"{escape(words)}</text>"
    )


def _line(number: int, points: str) -> str:
    """Return one of the lines, told apart by its colour and by its dashes."""
    which = number % len(DASHES)
    return (
        f'<polyline class="line s{which}" fill="none" stroke-dasharray="{DASHES[which]}"'
        f' points="{points}"/>'
    )


def _rule(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="rule" x1="{x1:g}" y1="{y1:.1f}" x2="{x2:g}" y2="{y2:.1f}"/>'
