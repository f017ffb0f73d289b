"""The mark of Gay Nation and the picture that stands for the shop when somebody shares it."""

from store.sandbox.catalogue.drawing import cap, mug, tee, tote
from store.sandbox.catalogue.drawing.colours import INK, NEWSPRINT, STRIPES, Hue
from store.sandbox.catalogue.drawing.lettering import Face
from store.sandbox.catalogue.drawing.paper import Spot, lay
from store.sandbox.catalogue.drawing.plate import Plate, at
from store.sandbox.catalogue.drawing.prints import carried, chests, nights
from store.sandbox.catalogue.dyes import BOTTLE, NATURAL, PINK, WHITE

SOCIAL_SIZE = (1200, 630)


def mark() -> str:
    """A folded front page: masthead, six columns for the stripes, one corner turned. Readable at 16 px."""
    columns = "".join(
        f'<rect x="{8 + 8 * n}" y="24" width="8" height="{32 if n < 4 else 24}" fill="{colour}"/>'
        for n, colour in enumerate(STRIPES.values())
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="0 0 64 64">'
        f'<path d="M4 0H60V48L44 64H4Z" fill="{INK}"/>'
        f'<path d="M8 8H56V16H8Z" fill="{NEWSPRINT}"/>{columns}'
        f'<path d="M60 48H44V64Z" fill="{NEWSPRINT}"/></svg>'
    )


def social() -> str:
    """1200 × 630: the name at the left between rules, goods at the right."""
    goods = lay(
        Hue.RED,
        (
            Spot(
                tote.tote(NATURAL.cloth, carried.paper_round(NATURAL.ink, "#7a5a2a")),
                (1046, 262),
                9,
                0.40,
            ),
            Spot(
                tee.tee(WHITE.cloth, chests.above_the_fold(WHITE.ink, WHITE.accent), top=640),
                (836, 312),
                -7,
                0.44,
            ),
            Spot(
                cap.cap(BOTTLE.cloth, nights.sports_desk(BOTTLE.ink, BOTTLE.accent)),
                (1044, 480),
                6,
                0.33,
            ),
            Spot(
                mug.mug(PINK.base, carried.no_comment(NEWSPRINT, PINK.base), inside="#f6dbe4"),
                (792, 492),
                0,
                0.25,
            ),
        ),
        size=SOCIAL_SIZE,
    )
    return goods.replace("</svg>", _words().pressed(at(0, 0)) + "</svg>")


def _words() -> Plate:
    words = Plate()
    words.rule(64, 118, 470, 3, INK)
    words.type("Gay Nation", Face.SERIF_BLACK, (64, 244), ink=INK, width=470, anchor=0)
    words.rule(64, 274, 470, 10, INK)
    for stripe, colour in enumerate(STRIPES.values()):
        words.rule(64 + stripe * 470 / 6, 290, 470 / 6, 5, colour)
    words.type("The front page", Face.SERIF_BOLD, (64, 388), ink=INK, size=66, anchor=0)
    words.type("you can wear.", Face.SERIF_BOLD, (64, 460), ink=INK, size=66, anchor=0)
    words.type("THE STORE", Face.SANS_BOLD, (64, 522), ink=INK, size=24, anchor=0, tracking=240)
    return words
