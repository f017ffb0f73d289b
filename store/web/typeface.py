"""Makes the headline face: Source Serif Pro Black, cut to the letters of western Europe.

It is never kept in the sources: the build takes it from the font-source-serif-pro package
(SIL Open Font License 1.1, © Adobe) where that is installed; elsewhere system faces stand in.
"""

import io
from functools import cache
from importlib.util import find_spec
from pathlib import Path

PACKAGE = "font_source_serif_pro"
FILE = "SourceSerifPro-Black.ttf"
NAME = "fonts/headline.woff2"
LETTERS = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *(0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2026, 0x20AC, 0x2190, 0x2192),
)
FEATURES = ("kern", "liga", "lnum", "tnum", "mark", "ccmp")

# What stands in until the face is there is scaled to its widths, so that no line breaks anew.
STAND_INS = (
    ("Charter", "Charter Bold", "Charter-Bold", 98),
    ("Cambria", "Cambria Bold", "Cambria-Bold", 102),
    ("Georgia", "Georgia Bold", "Georgia-Bold", 91),
    ("DejaVu", "DejaVu Serif Bold", "DejaVuSerif-Bold", 82),
)
ASCENT, DESCENT = 103.6, 33.5
"""Of the face, in percent of its size."""


@cache
def headline_face() -> bytes | None:
    """Return the face as WOFF2, under 25 kB; nothing where its package is not installed."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None or find_spec("fontTools") is None:
        return None
    from fontTools.subset import Options, Subsetter, load_font, save_font

    options = Options()
    options.flavor = "woff2"
    options.layout_features = list(FEATURES)
    options.hinting = False
    options.name_IDs = [0, 1, 2, 13, 14]
    font = load_font(str(Path(spec.origin).parent / "files" / FILE), options)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=LETTERS)
    subsetter.subset(font)
    packed = io.BytesIO()
    save_font(font, packed, options)
    font.close()
    return packed.getvalue()


def headline_rules() -> str:
    """Return the rules that bring the face in, and size what stands in for it."""
    face = f'font-weight:900;font-display:swap;src:url("../{NAME}") format("woff2")'
    rules = [f'@font-face{{font-family:"Store Headline";{face}}}']
    for family, name, postscript_name, percent in STAND_INS:
        scale = percent / 100
        rules.append(
            f'@font-face{{font-family:"Stand-in {family}";font-weight:900;'
            f'src:local("{name}"),local("{postscript_name}");size-adjust:{percent}%;'
            f"ascent-override:{ASCENT / scale:.1f}%;descent-override:{DESCENT / scale:.1f}%;"
            "line-gap-override:0%}"
        )
    return "\n".join(rules)
