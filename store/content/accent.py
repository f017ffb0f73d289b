"""The one colour of the house: where it stands, words and lines can be read by day and by night."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

LEAST = 4.5
"""To one, for words (WCAG 2.2, 1.4.3)."""
DAY_PAPER, NIGHT_PAPER = 0.84124, 0.01461
"""Relative luminance of the darkest paper of the day and of the lightest of the night."""
STEPS = 40
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_NAME = re.compile(r"(?P<day>[0-9a-f]{6})-(?P<night>[0-9a-f]{6})")


@dataclass(frozen=True, slots=True)
class Accent:
    """The colour in both editions; its stylesheet's address says all that is in it."""

    day: str
    night: str

    @classmethod
    def named(cls, name: str) -> Self | None:
        """Return what a stylesheet's name says; None where it says nothing that can be read."""
        found = _NAME.fullmatch(name)
        if found is None:
            return None
        accent = cls(f"#{found['day']}", f"#{found['night']}")
        is_readable = day_contrast(accent.day) >= LEAST and night_contrast(accent.night) >= LEAST
        return accent if is_readable else None

    @property
    def name(self) -> str:
        return f"{self.day[1:]}-{self.night[1:]}"

    @property
    def stylesheet(self) -> str:
        return f":root{{--accent:light-dark({self.day},{self.night})}}\n"


def is_colour(text: str) -> bool:
    return _COLOUR.fullmatch(text) is not None


def day_contrast(colour: str) -> float:
    """Return how a colour stands out from the paper by day, to one."""
    return (DAY_PAPER + 0.05) / (_luminance(colour) + 0.05)


def night_contrast(colour: str) -> float:
    return (_luminance(colour) + 0.05) / (NIGHT_PAPER + 0.05)


def day_match(colour: str) -> str:
    """Return the colour, or the nearest darker one that can be read by day."""
    shades = (_mixed(colour, 0, step) for step in range(STEPS + 1))
    return next(shade for shade in shades if day_contrast(shade) >= LEAST)


def night_match(colour: str) -> str:
    """Return the colour, or the nearest lighter one that can be read by night."""
    tints = (_mixed(colour, 255, step) for step in range(STEPS + 1))
    return next(tint for tint in tints if night_contrast(tint) >= LEAST)


@lru_cache(maxsize=64)
def accent_of(day: str, night: str) -> Accent | None:
    """Return the accent of one colour or both, matched where one is missing or cannot be read."""
    by_day = day if day and day_contrast(day) >= LEAST else ""
    by_night = night if night and night_contrast(night) >= LEAST else ""
    if not by_day and not by_night:
        return None
    return Accent(
        (by_day or day_match(by_night)).lower(), (by_night or night_match(by_day)).lower()
    )


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: int) -> float:
    part = channel / 255
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _mixed(colour: str, towards: int, step: int) -> str:
    mixed = (round(part + (towards - part) * step / STEPS) for part in _channels(colour))
    return "#" + "".join(f"{part:02x}" for part in mixed)


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))
