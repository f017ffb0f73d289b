"""Turns a drawing into pixels, the same on every machine.

Letters are outlines by then (`drawing/lettering.py` takes them from named font files), so no font of the
system's, nor any other, is looked up here.
"""

from io import BytesIO

import resvg_py
from PIL import Image


def raster(svg: str, width_px: int) -> bytes:
    """The drawing as PNG bytes, `width_px` wide; its height follows from the view box."""
    return resvg_py.svg_to_bytes(svg_string=svg, width=width_px, skip_system_fonts=True)


def raster_jpeg(svg: str, width_px: int, *, quality: int = 86) -> bytes:
    """The drawing as JPEG bytes on white."""
    picture = Image.open(BytesIO(raster(svg, width_px))).convert("RGB")
    stream = BytesIO()
    picture.save(stream, "JPEG", quality=quality, optimize=True)
    return stream.getvalue()
