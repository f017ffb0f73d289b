"""Turns a drawing into pixels, the same on every machine.

Letters are outlines by then (`drawing/lettering.py` takes them from named font files), so no font of the
system's, nor any other, is looked up here.
"""

import resvg_py


def raster(svg: str, width_px: int) -> bytes:
    """The drawing as PNG bytes, `width_px` wide; its height follows from the view box."""
    return resvg_py.svg_to_bytes(svg_string=svg, width=width_px, skip_system_fonts=True)
