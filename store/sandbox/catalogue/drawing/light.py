"""One light from the upper left: what it does to cloth, and the shadow a thing leaves on paper.

Shading is soft, so it is worked out once at a quarter of the size and laid over the sharp drawing as a
picture: blurring every drawing in full would take minutes.
"""

from base64 import b64encode
from functools import cache, lru_cache
from io import BytesIO
from itertools import groupby

import resvg_py
from PIL import Image, ImageChops

from store.sandbox.catalogue.drawing.colours import Cloth, channels
from store.sandbox.catalogue.drawing.sketch import document

COARSE = 0.25  # pixels of a shading map for a unit of the drawing

Box = tuple[int, int, int, int]  # x, y, width, height
Mark = tuple[float, str]  # blur, markup
Heights = tuple[Mark, ...]


def fold(
    start: tuple[float, float], bend: tuple[float, float], end: tuple[float, float], width: float
) -> str:
    """A lens along a curve: the shape of a crease, widest in the middle."""
    (x1, y1), (cx, cy), (x2, y2) = start, bend, end
    length = max(1.0, ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5)
    nx, ny = -(y2 - y1) / length * width, (x2 - x1) / length * width
    return f"M{x1:g} {y1:g}Q{cx + nx:g} {cy + ny:g} {x2:g} {y2:g}Q{cx - nx:g} {cy - ny:g} {x1:g} {y1:g}Z"


def raised(path: str, height: float, blur: float) -> Mark:
    """A filled path that stands out (or sinks, when negative) with soft sides."""
    return blur, f'<path d="{path}" fill="{_ground(height)}" fill-opacity="{abs(height):g}"/>'


def ridge(path: str, height: float, width: float, blur: float) -> Mark:
    """A line that stands out or sinks."""
    style = f'stroke="{_ground(height)}" stroke-opacity="{abs(height):g}" stroke-width="{width:g}"'
    return blur, f'<path d="{path}" fill="none" stroke-linecap="round" {style}/>'


def relief(
    heights: Heights,
    cloth: Cloth,
    box: Box,
    *,
    crumple: float = 0.0,
    seed: int = 1,
    grain: str = "0.006 0.0022",
    strength: float = 1.0,
    within: str = "",
) -> str:
    """The shading of a height map in the cloth's own colours; `crumple` adds the unrest of real cloth."""
    shading = _toned(_lit(heights, box, crumple, seed, grain), cloth, strength)
    if within:
        shading.putalpha(ImageChops.multiply(shading.getchannel("A"), _stencil(within, box)))
    return laid(shading, box)


def _wide_first(mark: Mark) -> float:
    return -mark[0]


def _ground(height: float) -> str:
    return "#fff" if height > 0 else "#000"


def blurred(blur: float, markup: str, box: Box) -> str:
    """Markup out of focus, within a box: a filter works on its whole region, so that is kept small."""
    x, y, width, height = box
    name = f"b{blur:g}".replace(".", "_")
    return (
        f'<filter id="{name}" filterUnits="userSpaceOnUse" x="{x}" y="{y}" width="{width}" '
        f'height="{height}" color-interpolation-filters="sRGB">'
        f'<feGaussianBlur stdDeviation="{blur:g}"/></filter><g filter="url(#{name})">{markup}</g>'
    )


@lru_cache(maxsize=64)
def _lit(heights: Heights, box: Box, crumple: float, seed: int, grain: str) -> Image.Image:
    """The height map under the lamp, as greys: 128 is level ground."""
    x, y, width, height = box
    whole = f'<rect x="{x}" y="{y}" width="{width}" height="{height}" '
    marks = "".join(
        blurred(-blur, "".join(mark for _, mark in group), box)
        for blur, group in groupby(sorted(heights, key=_wide_first), key=_wide_first)
    )
    noise = f'{whole}filter="url(#noise)" opacity="{crumple:g}"/>' if crumple else ""
    markup = (
        '<defs><filter id="noise" x="0" y="0" width="1" height="1" color-interpolation-filters="sRGB">'
        f'<feTurbulence type="fractalNoise" baseFrequency="{grain}" numOctaves="2" seed="{seed}"/>'
        '<feColorMatrix values="1 0 0 0 0 1 0 0 0 0 1 0 0 0 0 0 0 0 0 1"/></filter>'
        '<filter id="lit" x="0" y="0" width="1" height="1" color-interpolation-filters="sRGB">'
        '<feColorMatrix values="0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1 0 0 0 0"/><feGaussianBlur stdDeviation="4"/>'
        '<feDiffuseLighting surfaceScale="26" diffuseConstant="0.61" lighting-color="#fff">'
        '<feDistantLight azimuth="232" elevation="55"/></feDiffuseLighting><feGaussianBlur stdDeviation="3"/>'
        f'</filter></defs><g filter="url(#lit)">{whole}fill="#808080"/>{noise}{marks}</g>'
    )
    return coarse(markup, box).convert("L")


def _toned(grey: Image.Image, cloth: Cloth, strength: float) -> Image.Image:
    """Below the middle the cloth falls to its shade, above it rises to its glow; the middle is clear."""
    dark, bright = cloth.contrast
    alpha = [
        round(min(255.0, strength * (dark * (128 - v) if v < 128 else bright * (v - 128)) * 2))
        for v in range(256)
    ]
    bands = [
        grey.point([low] * 128 + [high] * 128)
        for low, high in zip(channels(cloth.shade), channels(cloth.glow), strict=True)
    ]
    return Image.merge("RGBA", (*bands, grey.point(alpha)))


@lru_cache(maxsize=64)
def _stencil(path: str, box: Box) -> Image.Image:
    """Where a path covers its box."""
    parts = "".join(
        f'<path d="{part}Z"/>' for part in path.split("Z") if part
    )  # overlaps must not cancel out
    svg = document(parts, size=box[2:], view=box)
    return Image.open(
        BytesIO(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True))
    ).getchannel("A")


@cache
def _plain(markup: str, box: Box) -> bytes:
    _, _, width, height = box
    size = (round(width * COARSE), round(height * COARSE))
    svg = document(markup, size=size, view=box)
    return resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True)


def coarse(markup: str, box: Box) -> Image.Image:
    """Markup rendered small, then brought to size."""
    small = Image.open(BytesIO(_plain(markup, box))).convert("RGBa")
    return small.resize(box[2:], Image.Resampling.BICUBIC).convert("RGBA")


def laid(picture: Image.Image, box: Box) -> str:
    stream = BytesIO()
    picture.save(stream, "PNG", compress_level=1)
    link = "data:image/png;base64," + b64encode(stream.getvalue()).decode()
    x, y, width, height = box
    return (
        f'<image x="{x}" y="{y}" width="{width}" height="{height}" image-rendering="optimizeSpeed" '
        f'preserveAspectRatio="none" href="{link}"/>'
    )
