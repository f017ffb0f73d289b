"""A group of goods from each section, laid out on its paper."""

from store.sandbox.catalogue.drawing import (
    cap,
    framed,
    hoodie,
    mug,
    pins,
    socks,
    stickers,
    tee,
    tote,
)
from store.sandbox.catalogue.drawing.colours import STRIPES, Hue
from store.sandbox.catalogue.drawing.paper import Spot, lay
from store.sandbox.catalogue.drawing.prints import carried, chests, desks, nights, walls
from store.sandbox.catalogue.dyes import (
    BLACK,
    BOTTLE,
    GREY,
    NATURAL,
    NAVY,
    PINK,
    PLUM,
    RED,
    SAND,
    WHITE,
)
from store.sandbox.catalogue.sections import letters
from store.sandbox.catalogue.sections import morning_edition as morning
from store.sandbox.catalogue.sections import night_desk as nightly
from store.sandbox.catalogue.sections import sports_pages as sports
from store.sandbox.catalogue.sections import summer_supplement as summer


def front_page() -> str:
    red = RED.with_accent("#f7d774")
    return lay(
        Hue.RED,
        (
            Spot(
                hoodie.sweatshirt(
                    GREY.cloth, chests.stop_the_presses(GREY.ink, GREY.accent), top=750
                ),
                (320, 440),
                -12,
                0.68,
            ),
            Spot(
                tee.tee(BLACK.cloth, chests.off_the_record(BLACK.ink, BLACK.accent), top=640),
                (880, 430),
                9,
                0.68,
            ),
            Spot(
                tee.tee(WHITE.cloth, chests.above_the_fold(WHITE.ink, WHITE.accent), top=640),
                (370, 1090),
                5,
                0.70,
            ),
            Spot(
                tee.tee(RED.cloth, chests.hold_the_front_page(red.ink, red.accent), top=640),
                (910, 1120),
                -8,
                0.64,
            ),
        ),
    )


def morning_edition() -> str:
    return lay(
        Hue.ORANGE,
        (
            Spot(morning.pad(morning.PADS[2]), (830, 470), 9, 0.62),
            Spot(stickers.sheet(desks.subs_sheet(), desks.sheet_title()), (330, 430), -8, 0.56),
            Spot(
                mug.mug(BLACK.base, carried.no_comment(BLACK.ink, BLACK.base), inside="#d6c7ab"),
                (860, 1060),
                0,
                0.66,
            ),
            Spot(
                mug.mug("#f4ead2", carried.first_draft("#1d1a18", "#c22f38"), inside="#efe0bb"),
                (380, 1090),
                0,
                0.74,
            ),
        ),
    )


def summer_supplement() -> str:
    lead = summer.LEADS[0]
    return lay(
        Hue.YELLOW,
        (
            Spot(
                tote.tote(NATURAL.cloth, carried.paper_round(NATURAL.ink, "#7a5a2a")),
                (850, 520),
                8,
                0.68,
            ),
            Spot(
                tee.tee(PINK.cloth, chests.love_is_the_lead(lead.ink, lead.accent), top=640),
                (370, 560),
                -10,
                0.72,
            ),
            Spot(
                tote.tote(BLACK.cloth, carried.foreign_correspondent(BLACK.ink, BLACK.accent)),
                (330, 1150),
                -6,
                0.52,
            ),
            Spot(
                cap.cap(SAND.cloth, nights.press_cap(SAND.ink, SAND.accent)), (810, 1170), 7, 0.72
            ),
        ),
    )


def sports_pages() -> str:
    score, (first, _) = sports.SCORED[0], sports.MEASURED
    return lay(
        Hue.GREEN,
        (
            Spot(
                tee.tee(BOTTLE.cloth, chests.love_all(score.ink, score.accent), top=640),
                (430, 480),
                -8,
                0.76,
            ),
            Spot(
                socks.socks(
                    first.cloth, BOTTLE.cloth, carried.column_inches(first.ink, first.accent)
                ),
                (900, 580),
                10,
                0.56,
            ),
            Spot(
                socks.socks(
                    sports.RUNNING[0].cloth,
                    RED.cloth,
                    carried.running_copy("#f8ead2", "#7a2f12"),
                ),
                (330, 1110),
                -12,
                0.56,
            ),
            Spot(
                cap.cap(WHITE.cloth, nights.sports_desk(WHITE.ink, "#1f5b41"), brim=BOTTLE.cloth),
                (830, 1160),
                6,
                0.74,
            ),
        ),
    )


def night_desk() -> str:
    tone, note = nightly.TONAL[0], nightly.NOTED[1]
    return lay(
        Hue.BLUE,
        (
            Spot(
                hoodie.hoodie_back(BLACK.cloth, nights.night_desk(BLACK.ink, "#8fb7d8"), top=790),
                (360, 470),
                -9,
                0.72,
            ),
            Spot(
                hoodie.hoodie(
                    GREY.cloth,
                    nights.late_edition(GREY.ink, GREY.accent),
                    top=780,
                    scale=0.92,
                    cord="#e2dccf",
                ),
                (850, 590),
                9,
                0.70,
            ),
            Spot(
                socks.socks(PLUM.cloth, PINK.cloth, carried.footnotes(note.ink, note.accent)),
                (870, 1190),
                16,
                0.46,
            ),
            Spot(
                cap.cap(NAVY.cloth, nights.on_background(tone.ink, tone.accent)),
                (370, 1180),
                -6,
                0.72,
            ),
        ),
    )


def arts_and_letters() -> str:
    letter = desks.ampersand("#000000").outline()
    return lay(
        Hue.VIOLET,
        (
            Spot(framed.framed(walls.fifty_three(), "oak"), (370, 500), -4, 0.66),
            Spot(framed.sheet(walls.becoming_fabulous()), (880, 480), 6, 0.58),
            Spot(letters.guide(), (330, 1170), -8, 0.44),
            Spot(letters.byline_pin(), (690, 1160), 5, 0.48),
            Spot(
                pins.alone(letter, ((letter, STRIPES[Hue.VIOLET]),), scale=0.8), (960, 1020), 8, 1.0
            ),
            Spot(stickers.single(desks.sic(), scale=1.0), (970, 1290), -10, 0.9),
        ),
    )
