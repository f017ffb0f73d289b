"""SVG in small pieces: paints and clips named after their content, and the document that gathers them."""

import re
from hashlib import blake2s
from math import cos, radians, sin

WIDTH, HEIGHT = 1200, 1500

Stops = tuple[tuple[float, str, float], ...]  # offset, colour, opacity

_kept: dict[
    str, str
] = {}  # name → definition; a name is the fingerprint of its text, so it never changes
_REFERENCE = re.compile(r"url\(#(d[0-9a-f]{12})\)")
_PAIR = re.compile(r"(-?[\d.]+) (-?[\d.]+)")


def linear(stops: Stops, line: tuple[float, float, float, float]) -> str:
    """A paint that runs along `line`, in the coordinates of what it paints."""
    x1, y1, x2, y2 = line
    ends = f'gradientUnits="userSpaceOnUse" x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}"'
    return _paint(f'<linearGradient id="{{}}" {ends}>{_stops(stops)}</linearGradient>')


def radial(stops: Stops, centre: tuple[float, float], radius: float, *, squash: float = 1.0) -> str:
    """A paint that spreads from a centre; `squash` below 1 flattens it to an ellipse."""
    turn = f'gradientTransform="translate({centre[0]:g} {centre[1]:g}) scale(1 {squash:g})"'
    circle = f'gradientUnits="userSpaceOnUse" cx="0" cy="0" r="{radius:g}"'
    return _paint(f'<radialGradient id="{{}}" {circle} {turn}>{_stops(stops)}</radialGradient>')


def clipped(markup: str, path: str) -> str:
    """Markup seen only inside a path."""
    name = _keep(f'<clipPath id="{{}}"><path d="{path}"/></clipPath>')
    return f'<g clip-path="url(#{name})">{markup}</g>'


def filled(path: str, paint: str, opacity: float = 1.0) -> str:
    dim = f' fill-opacity="{opacity:g}"' if opacity < 1 else ""
    return f'<path d="{path}" fill="{paint}"{dim}/>'


def drawn(path: str, colour: str, width: float, opacity: float = 1.0, dashes: str = "") -> str:
    """A line along a path."""
    dim = f' stroke-opacity="{opacity:g}"' if opacity < 1 else ""
    gaps = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}"'
        f' stroke-linecap="{"butt" if dashes else "round"}"{dim}{gaps}/>'
    )


def placed(
    markup: str,
    *,
    to: tuple[float, float],
    centre: tuple[float, float] = (600, 750),
    turn: float = 0,
    scale: float = 1,
) -> str:
    """Markup moved so that its `centre` comes to rest at `to`, turned and scaled around it."""
    (x, y), (cx, cy) = to, centre
    moves = f"translate({x:g} {y:g}) rotate({turn:g}) scale({scale:g}) translate({-cx:g} {-cy:g})"
    return f'<g transform="{moves}">{markup}</g>'


def mirrored(path: str) -> str:
    """The right-hand twin of a path drawn on the left half of the sheet."""
    return _PAIR.sub(lambda pair: f"{WIDTH - float(pair[1]):g} {pair[2]}", path)


def shifted(path: str, dx: float, dy: float, scale: float = 1.0) -> str:
    """A path grown around the origin, then moved."""

    def moved(pair: re.Match[str]) -> str:
        return f"{float(pair[1]) * scale + dx:g} {float(pair[2]) * scale + dy:g}"

    return _PAIR.sub(moved, path)


def turned(path: str, degrees: float, centre: tuple[float, float]) -> str:
    """A path turned clockwise around a point."""
    c, s = cos(radians(degrees)), sin(radians(degrees))

    def moved(pair: re.Match[str]) -> str:
        x, y = float(pair[1]) - centre[0], float(pair[2]) - centre[1]
        return f"{centre[0] + x * c - y * s:.1f} {centre[1] + x * s + y * c:.1f}"

    return _PAIR.sub(moved, path)


def document(
    markup: str,
    *,
    size: tuple[int, int] = (WIDTH, HEIGHT),
    view: tuple[int, int, int, int] | None = None,
) -> str:
    """A whole SVG: the markup and every definition it refers to."""
    box = " ".join(str(edge) for edge in view or (0, 0, *size))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}" height="{size[1]}" '
        f'viewBox="{box}" preserveAspectRatio="none"><defs>{_definitions(markup)}</defs>{markup}</svg>'
    )


def _definitions(markup: str) -> str:
    wanted = list(dict.fromkeys(_REFERENCE.findall(markup)))
    for name in wanted:
        wanted += [n for n in _REFERENCE.findall(_kept[name]) if n not in wanted]
    return "".join(_kept[name] for name in wanted)


def _paint(definition: str) -> str:
    return f"url(#{_keep(definition)})"


def _keep(definition: str) -> str:
    name = "d" + blake2s(definition.encode(), digest_size=6).hexdigest()
    _kept[name] = definition.replace("{}", name, 1)
    return name


def _stops(stops: Stops) -> str:
    return "".join(
        f'<stop offset="{offset:g}" stop-color="{colour}" stop-opacity="{opacity:g}"/>'
        for offset, colour, opacity in stops
    )
