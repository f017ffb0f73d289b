"""The Morning Edition: the desk before nine."""

from functools import partial

from store.sandbox.catalogue.drawing import boxed, mug, notebook, pins, stickers
from store.sandbox.catalogue.drawing.colours import INK, NEWSPRINT, Hue
from store.sandbox.catalogue.drawing.paper import Spot, Thing
from store.sandbox.catalogue.drawing.prints import carried, desks
from store.sandbox.catalogue.dyes import BLACK, ORANGE, WHITE, Dye
from store.sandbox.catalogue.making import MUG_CARE, VENDOR, colours, plain, variants
from store.sandbox.catalogue.pictures import lying, mugs, one
from store.sandbox.catalogue.records import DemoPicture, DemoProduct

HUE = Hue.ORANGE
CREAM = Dye("Cream", "#f4ead2", INK, "#c22f38")
_QUIET = (WHITE.with_accent("#f3efe7"), BLACK.with_accent("#242123"), ORANGE.with_accent("#e07a2a"))
_TIMED = (WHITE.with_accent("#2459b8"), BLACK.with_accent("#f0b93a"))
PADS = (
    Dye("Navy", "#27324f", NEWSPRINT, "#e0a63a"),
    Dye("Red", "#b83434", NEWSPRINT, "#2a1413"),
    Dye("Ochre", "#d79a36", INK, "#fff3dc"),
)


def pad(dye: Dye = PADS[0]) -> Thing:
    return notebook.pad(dye.base, desks.on_the_record(dye.ink, dye.accent))


def _open_pad() -> Thing:
    notes = (
        "says it is a phase",
        "phase began 1994",
        "asked for comment",
        "comment: fabulous",
        "check: one L or two?",
        "mum rang. call mum",
        "file by six",
    )
    return notebook.pad_open(PADS[0].base, notes, "Source near glitter")


def _pads() -> tuple[DemoPicture, ...]:
    handle = "on-the-record-notebook"
    covers = [
        one(
            handle,
            dye.name.lower(),
            f"{dye.name} reporter’s notebook, wire-bound at the top, with large quotation marks",
            lying(HUE, partial(pad, dye), scale=1.05),
            dye.name,
        )
        for dye in PADS
    ]
    return (
        *covers,
        one(
            handle,
            "open",
            "The reporter’s notebook open at a page of handwriting, a pencil across it",
            lying(HUE, _open_pad, scale=1.05),
        ),
    )


def cadet_kit() -> Thing:
    byline = pins.on_card(
        desks.DISC,
        ((desks.DISC, "#1e8f4e"),),
        "Byline",
        "they/them",
        "#1e8f4e",
        marks=desks.byline("they/them", NEWSPRINT),
    )
    cup = mug.mug(CREAM.base, carried.first_draft(CREAM.ink, CREAM.accent), inside="#e7d5ac")
    return boxed.open_box(
        "#3b2a20",
        "#f0d3a6",
        (
            Spot(stickers.sheet(desks.subs_sheet(), desks.sheet_title()), (800, 520), 7, 0.5),
            Spot(pad(PADS[1]), (430, 600), -6, 0.58),
            Spot(byline, (790, 900), -4, 0.46),
            Spot(cup, (440, 1010), 4, 0.52),
        ),
    )


PRODUCTS = (
    DemoProduct(
        handle="no-comment-mug",
        title="No Comment Mug",
        body_markdown="""A speech bubble with nothing in it but three dots, for the hour in which you decline to be quoted. Hold it in front of your face and the meeting will understand.

No words at all, which makes it the only thing in this shop that needs no sub-editor. The handle takes four fingers, the base is wide enough to survive a crowded desk.
"""
        + MUG_CARE,
        product_type="Mug",
        vendor=VENDOR,
        tags=("coffee", "media", "privacy", "work", "mug"),
        collections=("morning-edition",),
        options=(colours(_QUIET),),
        variants=variants(
            "NCM", (colours(_QUIET),), 2600, weight=410, barcodes=True, stock={("Orange",): 2}
        ),
        pictures=mugs(
            "no-comment-mug",
            HUE,
            _QUIET,
            lambda d: carried.no_comment(d.ink, d.accent),
            "a speech bubble with three dots",
            insides=("#e07a2a", "#d6c7ab", "#fff0da"),
        ),
        days_old=300,
        seo_title="No Comment Mug",
        seo_description="A stoneware mug with a speech bubble and nothing to add. White, black and orange, 350 ml.",
        status="active",
        print_name="no comment",
    ),
    DemoProduct(
        handle="deadline-mug",
        title="Deadline Enamel Mug",
        body_markdown="""The clock says one minute to six and will go on saying it, so there is always time for another. Enamel on steel, with a rolled rim in a second colour; light enough for a tent at a festival, tough enough for the sink at work.

It will chip one day. That is not a fault, that is a byline.

- Holds 400 ml
- Enamelled steel, fired twice
- Campfire yes, microwave never; wash by hand""",
        product_type="Mug",
        vendor=VENDOR,
        tags=("coffee", "camping", "work", "travel", "festival", "mug"),
        collections=("morning-edition",),
        options=(colours(_TIMED),),
        variants=variants("DLM", (colours(_TIMED),), 2400, weight=190, compare=2900),
        pictures=mugs(
            "deadline-mug",
            HUE,
            _TIMED,
            lambda d: carried.deadline(d.ink, d.accent),
            "a clock at one minute to six",
            insides=("#fbf8f1", "#d9d3c6"),
            rim="#2c4f9e",
        ),
        days_old=140,
        seo_title="Deadline Enamel Mug",
        seo_description="An enamel mug that is always one minute to six. White or black with a blue rim, 400 ml.",
        status="active",
        print_name="deadline",
    ),
    DemoProduct(
        handle="first-draft-mug",
        title="First Draft Mug",
        body_markdown="""“I am a morning person”, as filed. What ran had one word changed, in red, by somebody who knows you. The mark beside it says *ok — ed.* and is as close to praise as the desk gets.

The lettering is printed under the glaze, so the correction is permanent. Cream inside and out, one size, no further versions.
"""
        + MUG_CARE,
        product_type="Mug",
        vendor=VENDOR,
        tags=("coffee", "media", "writing", "work", "mug"),
        collections=("morning-edition", "arts-and-letters"),
        options=(),
        variants=variants("FDM", (), 2600, weight=410, stock={(): 27}),
        pictures=mugs(
            "first-draft-mug",
            HUE,
            (CREAM,),
            lambda d: carried.first_draft(d.ink, d.accent),
            "a sentence corrected in red ink",
            insides=("#efe0bb",),
        ),
        days_old=18,
        seo_title="First Draft Mug",
        seo_description="A cream stoneware mug with one word corrected in red. Coffee, obviously. 350 ml.",
        status="active",
        print_name="first draft",
    ),
    DemoProduct(
        handle="on-the-record-notebook",
        title="On the Record Notebook",
        body_markdown="""A reporter's pad, bound at the top so that it works left-handed, right-handed and against a wall. The cover states the terms before you ask the first question.

Eighty leaves ruled at 7 mm with a margin for doubts. The back is stiff board, because nobody has ever been offered a desk at a protest. Fits a coat pocket, if the coat is on our side.

- 127 × 203 mm, twin wire
- 160 pages, 80 gsm, takes fountain pen
- Cover board printed in one pass""",
        product_type="Notebook",
        vendor=VENDOR,
        tags=("media", "writing", "students", "youth", "stationery", "notebook"),
        collections=("morning-edition", "arts-and-letters"),
        options=(colours(PADS),),
        variants=variants(
            "OTN", (colours(PADS),), 1600, weight=210, barcodes=True, stock={("Ochre",): 3}
        ),
        pictures=_pads(),
        days_old=260,
        seo_title="On the Record Reporter’s Notebook",
        seo_description="A top-bound reporter’s pad of 160 ruled pages. Navy, red and ochre.",
        status="active",
        print_name="on the record",
    ),
    DemoProduct(
        handle="cadet-kit",
        title="The Cadet Kit",
        body_markdown="""Everything a first-year reporter needs except the deadline: an On the Record notebook in red, the First Draft mug, a Byline pin and the nine stickers of Remarks for the Margin.

Packed in tissue and tied with string, no prices in the box. Choose the pin's byline below; we do not ask whose it is. Bought one by one the four would cost you more, and you would have to find your own string.

- Box 34 × 39 × 12 cm, card, reusable
- Leaves Marrickville within two working days""",
        product_type="Gift set",
        vendor=VENDOR,
        tags=("gift", "students", "youth", "media", "coffee", "graduation"),
        collections=("morning-edition", "arts-and-letters"),
        options=(plain("Byline", "they/them", "she/her", "he/him"),),
        variants=variants(
            "CDK",
            (plain("Byline", "they/them", "she/her", "he/him"),),
            6400,
            weight=940,
            compare=7100,
        ),
        pictures=(
            one(
                "cadet-kit",
                "open",
                "Open gift box with a red notebook, a mug, a pin and a sheet of stickers in tissue paper",
                lying(HUE, cadet_kit, scale=1.04),
            ),
            one(
                "cadet-kit",
                "closed",
                "The Cadet Kit closed, with string and a printed paper band",
                lying(
                    HUE,
                    lambda: boxed.closed_box(
                        "#3b2a20",
                        "#f3e7cf",
                        boxed.band_plate("The Cadet Kit", "Everything but the deadline"),
                    ),
                    scale=1.04,
                ),
            ),
        ),
        days_old=45,
        seo_title="The Cadet Kit gift box",
        seo_description="A gift box for new reporters: notebook, mug, pin and stickers, tied with string.",
        status="active",
        print_name="the cadet kit",
    ),
)
