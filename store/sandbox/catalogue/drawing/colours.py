"""Inks, cloths and papers, and the arithmetic of mixing them."""

from dataclasses import dataclass
from enum import StrEnum


class Hue(StrEnum):
    """The section colours of the paper: the six stripes of the flag."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    GREEN = "green"
    BLUE = "blue"
    VIOLET = "violet"


PAPER = {
    Hue.RED: "#ecd2c9",
    Hue.ORANGE: "#f1dcc0",
    Hue.YELLOW: "#f3e7bb",
    Hue.GREEN: "#d5e1ca",
    Hue.BLUE: "#cddce5",
    Hue.VIOLET: "#ded2e4",
}

STRIPES = {
    Hue.RED: "#d6303b",
    Hue.ORANGE: "#ee7d1f",
    Hue.YELLOW: "#f3c012",
    Hue.GREEN: "#1e8f4e",
    Hue.BLUE: "#2459b8",
    Hue.VIOLET: "#75308f",
}

INK = "#1d1a18"
NEWSPRINT = "#f3efe6"


@dataclass(frozen=True, slots=True)
class Cloth:
    """A dyed fabric as it looks in even light."""

    name: str
    base: str

    @property
    def is_dark(self) -> bool:
        return luminance(self.base) < 0.32

    @property
    def shade(self) -> str:
        """What the cloth falls to away from the light."""
        return mix(scaled(self.base, 0.34), "#120b1c", 0.25)

    @property
    def glow(self) -> str:
        """What the cloth rises to towards the light."""
        return mix(self.base, "#fff6e8", 0.5 if self.is_dark else 0.85)

    @property
    def contrast(self) -> tuple[float, float]:
        """How strongly shade and glow show."""
        if self.is_dark:
            return 0.62, 0.55
        return (0.50, 0.7) if luminance(self.base) > 0.8 else (0.62, 0.5)

    @property
    def edge(self) -> str:
        """Seams and hems: the cloth in its own shadow."""
        return mix(self.base, self.shade, 0.55)


def channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """How light a colour looks, 0 to 1."""
    red, green, blue = channels(colour)
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255


def mix(one: str, other: str, share: float) -> str:
    """`share` of the other colour in the first."""
    pairs = zip(channels(one), channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def scaled(colour: str, factor: float) -> str:
    return "#" + "".join(f"{round(value * factor):02x}" for value in channels(colour))
