"""Turns our drawings into pixels, the same on every machine: fonts are named files, never the system's."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import resvg_py

# package → the files of it that the prints use
FONT_FILES = {
    "font_source_serif_pro": (
        "SourceSerifPro-Regular.otf",
        "SourceSerifPro-It.otf",
        "SourceSerifPro-Semibold.otf",
        "SourceSerifPro-Bold.otf",
        "SourceSerifPro-Black.otf",
        "SourceSerifPro-BlackIt.otf",
    ),
    "font_caladea": ("Caladea-Regular.ttf", "Caladea-Italic.ttf"),
    "font_fjallaone": ("FjallaOne-Regular.ttf",),
    "font_hanken_grotesk": ("HankenGrotesk-Medium.otf", "HankenGrotesk-Bold.otf"),
    "font_fredoka_one": ("FredokaOne-Regular.ttf",),
    "font_amatic_sc": ("AmaticSC-Bold.ttf",),
}


@cache
def font_paths() -> tuple[str, ...]:
    """The files of every font that a drawing may use, in a fixed order."""
    paths: list[str] = []
    for package, names in FONT_FILES.items():
        spec = find_spec(package)
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError(f"{package} is missing: install the demo extra", name=package)
        paths += [str(Path(spec.origin).parent / "files" / name) for name in names]
    return tuple(paths)


def raster(svg: str, width_px: int) -> bytes:
    """The drawing as PNG bytes, `width_px` wide; its height follows from the view box."""
    return resvg_py.svg_to_bytes(
        svg_string=svg, width=width_px, skip_system_fonts=True, font_files=list(font_paths())
    )
