"""Plates for notebooks, stickers and pins."""

from store.sandbox.catalogue.drawing.colours import INK, NEWSPRINT, STRIPES, Hue
from store.sandbox.catalogue.drawing.lettering import Face, set_line
from store.sandbox.catalogue.drawing.plate import Plate
from store.sandbox.catalogue.drawing.stickers import Sticker, pill

FLAG = tuple(STRIPES.values())
DISC = "M140 0C140 77 77 140 0 140C-77 140 -140 77 -140 0C-140 -77 -77 -140 0 -140C77 -140 140 -77 140 0Z"


def on_the_record(ink: str, accent: str) -> Plate:
    """A pair of quotation marks and a label for a name."""
    plate = Plate()
    plate.type("“", Face.SERIF_BLACK, (-132, 120), ink=accent, size=520)
    plate.type("”", Face.SERIF_BLACK, (132, 120), ink=accent, size=520)
    plate.type("On the Record", Face.SERIF_BLACK, (0, 60), ink=ink, width=470)
    plate.rule(-235, 86, 470, 4, ink)
    for row, text in enumerate(("NAME", "DESK", "DEADLINE")):
        plate.type(
            text, Face.SANS_BOLD, (-235, 254 + row * 62), ink=ink, size=22, anchor=0, tracking=120
        )
        plate.rule(-95, 256 + row * 62, 330, 2.5, ink)
    return plate


def style_guide(ink: str, accent: str) -> Plate:
    """An entry from a dictionary, large."""
    plate = Plate()
    plate.type("THE STYLE GUIDE", Face.SANS_BOLD, (-200, -380), ink=accent, width=310, anchor=0)
    plate.rule(-200, -362, 400, 4, accent)
    plate.type("they", Face.SERIF_BLACK, (-204, -156), ink=ink, width=404, anchor=0)
    plate.type("pron., singular,", Face.SERIF_ITALIC, (-200, -66), ink=ink, size=50, anchor=0)
    plate.type("since 1375.", Face.SERIF_ITALIC, (-200, -6), ink=ink, size=50, anchor=0)
    plate.type("See also: us.", Face.SERIF_SEMIBOLD, (-200, 82), ink=accent, size=50, anchor=0)
    plate.rule(-200, 380, 400, 4, accent)
    plate.type("Gay Nation", Face.SERIF_BLACK, (-200, 424), ink=ink, size=38, anchor=0)
    return plate


def style_pages() -> tuple[Plate, Plate]:
    """Two pages of the book."""
    left, right = Plate(), Plate()
    left.type("they", Face.SERIF_BLACK, (-196, -196), ink=INK, size=74, anchor=0)
    for row, text in enumerate(
        ("Use it. It has been good English", "since William and the Werewolf.")
    ):
        left.type(text, Face.BOOK, (-196, -140 + row * 44), ink=INK, size=27, anchor=0)
    right.type("queer", Face.SERIF_BLACK, (-190, -196), ink=INK, size=74, anchor=0)
    for row, text in enumerate(("Ours. Ask before you apply it", "to anybody else.")):
        right.type(text, Face.BOOK, (-190, -140 + row * 44), ink=INK, size=27, anchor=0)
    right.type("check with Priya", Face.HAND, (-120, 60), ink="#b3262f", size=62, anchor=0)
    return left, right


def sic() -> Sticker:
    plate = Plate()
    plate.type("[sic]", Face.SERIF_BLACK, (0, 32), ink=NEWSPRINT, size=108)
    return Sticker(pill(330, 168), STRIPES[Hue.RED], plate)


def subs_sheet() -> tuple[tuple[Sticker, float, float, float], ...]:
    """Nine remarks for the margin."""
    stripes = Plate()
    for row, colour in enumerate(FLAG):
        stripes.rule(-95, -95 + row * 31.7, 190, 32, colour)
    stripes.type("¶", Face.SERIF_BLACK, (0, 62), ink=NEWSPRINT, size=176)
    white, flag = NEWSPRINT, {hue.value: colour for hue, colour in STRIPES.items()}
    return (
        (_said("EXCLUSIVE", Face.POSTER, (flag["red"], white), (300, 120, 70)), 400, 340, -4),
        (Sticker(pill(190, 190, 95), "#ffffff", stripes), 780, 370, 5),
        (
            _said(
                "Citation adored", Face.SERIF_BLACK_ITALIC, (flag["yellow"], INK), (340, 100, 46)
            ),
            420,
            520,
            3,
        ),
        (_said("stet", Face.HAND, (flag["blue"], white), (190, 150, 110)), 790, 560, -6),
        (
            _said("ibid., babe", Face.BOOK_ITALIC, (flag["green"], white), (280, 110, 52)),
            370,
            690,
            -5,
        ),
        (_said("TK TK TK", Face.SANS_BOLD, (INK, flag["yellow"]), (270, 100, 50)), 770, 740, 4),
        (_said("Make it longer", Face.ROUND, (flag["orange"], INK), (330, 120, 44)), 410, 880, 4),
        (
            _said("& then?", Face.SERIF_BLACK, (flag["violet"], white), (220, 220, 50), corner=110),
            800,
            915,
            -5,
        ),
        (_said("NO FURTHER QUESTIONS", Face.POSTER, (white, INK), (520, 116, 58)), 580, 1130, -3),
    )


def _said(
    text: str,
    face: Face,
    colours: tuple[str, str],
    size: tuple[float, float, float],
    *,
    corner: float = 22,
) -> Sticker:
    """A remark: vinyl and ink, then width, height and letter size, which gives way if the words run long."""
    width, height, letters = size
    room = width - 2 * min(corner, 26)
    letters = min(letters, letters * room / set_line(text, face, letters).width)
    plate = Plate()
    plate.type(text, face, (0, letters * 0.34), ink=colours[1], size=letters)
    return Sticker(pill(width, height, corner), colours[0], plate)


def sheet_title() -> Plate:
    plate = Plate()
    plate.rule(-330, -52, 660, 3, INK)
    plate.type("Remarks for the Margin", Face.SERIF_BLACK, (-330, 0), ink=INK, size=42, anchor=0)
    plate.type("Gay Nation", Face.BOOK_ITALIC, (330, 0), ink=INK, size=30, anchor=1)
    return plate


def byline(words: str, ink: str) -> Plate:
    """The name of the author, as a pronoun."""
    plate = Plate()
    plate.type("BY", Face.SANS_BOLD, (0, -26), ink=ink, size=30, tracking=200)
    plate.type(words, Face.SERIF_BLACK, (0, 32), ink=ink, width=210)
    return plate


def ampersand(ink: str) -> Plate:
    plate = Plate()
    plate.type("&", Face.SERIF_BLACK_ITALIC, (0, 92), ink=ink, size=300)
    return plate
