"""Pictures that staff send in."""

import io

from PIL import Image


def a_picture(colour: str = "red", kind: str = "PNG") -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (40, 50), colour).save(target, kind)
    return target.getvalue()
