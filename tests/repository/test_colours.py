"""Every pair of colours that meets on a page can be read, by day and by night (WCAG 2.2)."""

import math
import re

import pytest

from store.catalog.models import Hue
from store.content.accent import DAY_PAPER, NIGHT_PAPER
from store.paths import STATIC

Colour = tuple[float, float, float]
OKLCH = r"oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)"
TOKEN = re.compile(rf"--([\w-]+): light-dark\({OKLCH}, {OKLCH}\);")
TEXT, CONTROL = 4.5, 3.0

HUES = [hue.value for hue in Hue]
PAPERS = ("paper", "paper-raised", "paper-sunk")
PAIRS = [
    *[(ink, paper, TEXT) for ink in ("ink", "ink-soft") for paper in PAPERS],
    *[(f"{hue}-ink", paper, TEXT) for hue in HUES for paper in PAPERS],
    *[("ink", f"{hue}-tint", TEXT) for hue in HUES],
    *[("ink-soft", f"{hue}-tint", TEXT) for hue in HUES],
    *[("control-line", paper, CONTROL) for paper in PAPERS],
]


def tokens() -> dict[str, tuple[Colour, Colour]]:
    found = TOKEN.findall((STATIC / "css/tokens.css").read_text())
    return {name: (as_colour(parts[:3]), as_colour(parts[3:])) for name, *parts in found}


def as_colour(parts: list[str]) -> Colour:
    lightness, chroma, hue = (float(part) for part in parts)
    return lightness / 100, chroma, hue


def luminance(colour: Colour) -> float:
    """Relative luminance of an OKLCH colour, clipped to sRGB as browsers show it."""
    lightness, chroma, hue = colour
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    red, green, blue = (min(max(part, 0), 1) for part in (red, green, blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_is_twenty_one_to_one() -> None:
    assert contrast((0, 0, 0), (1, 0, 0)) == pytest.approx(21, abs=0.01)


@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
@pytest.mark.parametrize("edition", [0, 1], ids=["day", "night"])
def test_pair_can_be_read(front: str, back: str, least: float, edition: int) -> None:
    known = tokens()

    assert contrast(known[front][edition], known[back][edition]) >= least


def test_accents_are_measured_against_the_paper_that_is_hardest_to_read_on() -> None:
    papers = [tokens()[name] for name in PAPERS]

    assert pytest.approx(min(luminance(day) for day, _ in papers), abs=1e-4) == DAY_PAPER
    assert pytest.approx(max(luminance(night) for _, night in papers), abs=1e-4) == NIGHT_PAPER
