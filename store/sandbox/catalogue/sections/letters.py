"""Letters: notebooks, stickers and pins."""

from functools import partial

from store.sandbox.catalogue.drawing import notebook, pins, stickers
from store.sandbox.catalogue.drawing.colours import INK, NEWSPRINT, STRIPES, Hue
from store.sandbox.catalogue.drawing.paper import Thing
from store.sandbox.catalogue.drawing.prints import desks
from store.sandbox.catalogue.dyes import Dye
from store.sandbox.catalogue.making import VENDOR, colours, plain, variants
from store.sandbox.catalogue.pictures import lying, near, one, slug
from store.sandbox.catalogue.records import DemoPicture, DemoProduct

HUE = Hue.VIOLET
GUIDES = (
    Dye("Violet", "#65307f", NEWSPRINT, "#f3c012"),
    Dye("Black", "#242123", NEWSPRINT, "#e58aa8"),
)
BYLINES = {"they/them": "#1e8f4e", "she/her": "#c2304a", "he/him": "#2459b8"}


def guide(dye: Dye = GUIDES[0]) -> Thing:
    return notebook.book(dye.base, desks.style_guide(dye.ink, dye.accent), dye.accent)


def _guides() -> tuple[DemoPicture, ...]:
    handle = "style-guide-notebook"
    covers = [
        one(
            handle,
            slug(dye.name),
            f"{dye.name} hardback notebook with a dictionary entry for they and an elastic band",
            lying(HUE, partial(guide, dye), scale=1.06),
            dye.name,
        )
        for dye in GUIDES
    ]
    pages = lying(
        HUE,
        lambda: notebook.book_open(GUIDES[0].base, *desks.style_pages(), GUIDES[0].accent),
        scale=1.04,
    )
    return (
        *covers,
        one(
            handle,
            "open",
            "The violet notebook open at two ruled pages with a yellow ribbon",
            pages,
        ),
    )


def byline_pin(words: str = "they/them") -> Thing:
    return pins.on_card(
        desks.DISC,
        ((desks.DISC, BYLINES[words]),),
        "Byline",
        f"by {words}",
        BYLINES[words],
        marks=desks.byline(words, NEWSPRINT),
    )


def _bylines() -> tuple[DemoPicture, ...]:
    cards = [
        one(
            "byline-pin",
            slug(words),
            f"Round enamel pin reading By {words}, on its card",
            lying(HUE, partial(byline_pin, words), scale=1.25),
            words,
        )
        for words in BYLINES
    ]
    alone = lying(
        HUE,
        lambda: pins.alone(
            desks.DISC,
            ((desks.DISC, "#1e8f4e"),),
            marks=desks.byline("they/them", NEWSPRINT),
            scale=2.6,
        ),
    )
    return (
        *cards,
        one(
            "byline-pin",
            "close",
            "The green they/them pin by itself, gold edge and glossy enamel",
            alone,
        ),
    )


def _ampersand() -> str:
    return desks.ampersand(INK).outline()


def ampersand_pin() -> Thing:
    return pins.on_card(
        _ampersand(),
        ((_ampersand(), STRIPES[Hue.VIOLET]),),
        "Ampersand",
        "for two, or more",
        STRIPES[Hue.VIOLET],
    )


def full_stop_pin() -> Thing:
    return pins.on_card(
        desks.DISC,
        ((desks.DISC, "#211e20"),),
        "Full Stop",
        "end of discussion",
        INK,
        metal=pins.STEEL,
    )


PRODUCTS = (
    DemoProduct(
        handle="style-guide-notebook",
        title="The Style Guide Notebook",
        body_markdown="""The cover quotes the entry that settles most arguments: *they*, singular, in English since a romance called William and the Werewolf, about 1375. Older than the singular *you*, and better behaved.

Inside, 192 ruled pages for your own rulings, with a ribbon, an elastic and a pocket in the back for cuttings. Lies flat when open, which is more than can be said for the objections.

- 148 × 210 mm, sewn, cloth-grain cover
- 100 gsm ivory paper""",
        product_type="Notebook",
        vendor=VENDOR,
        tags=("trans", "non-binary", "language", "writing", "books", "students", "notebook"),
        collections=("arts-and-letters", "morning-edition"),
        options=(colours(GUIDES),),
        variants=variants("SGN", (colours(GUIDES),), 2900, weight=340, barcodes=True),
        pictures=_guides(),
        days_old=80,
        seo_title="The Style Guide hardback notebook",
        seo_description="A sewn hardback with the oldest rule in the book: singular they, since about 1375.",
        status="active",
        print_name="style guide",
    ),
    DemoProduct(
        handle="sic-sticker",
        title="[sic] Sticker",
        body_markdown="""*Sic*: thus, as it stands in the original, and do not write in. One word in square brackets for anything that looks like a mistake and is not. Laptops, helmets, cello cases, exes' bumper bars.

Our cheapest item and the one most often photographed in the wild, usually next to a campaign poster.

- 100 × 51 mm, die-cut vinyl
- Outdoor ink, good for about three years of weather
- Peels off clean with a hair dryer""",
        product_type="Sticker",
        vendor=VENDOR,
        tags=("media", "politics", "language", "students", "sticker"),
        collections=("arts-and-letters",),
        options=(),
        variants=variants("SIC", (), 600, weight=5, stock={(): 180}),
        pictures=(
            one(
                "sic-sticker",
                "front",
                "Red pill-shaped vinyl sticker reading sic in square brackets",
                lying(HUE, lambda: stickers.single(desks.sic(), scale=2.5), turn=-5),
            ),
            one(
                "sic-sticker",
                "pad",
                "The red sticker stuck on a page of ruled paper",
                lying(HUE, lambda: stickers.peeled(desks.sic(), scale=2.1), scale=1.12),
            ),
        ),
        days_old=320,
        seo_title="[sic] Vinyl Sticker",
        seo_description="One word in square brackets for anything that looks like a mistake and is not. Die-cut vinyl.",
        status="active",
        print_name="sic",
    ),
    DemoProduct(
        handle="remarks-sticker-sheet",
        title="Remarks for the Margin Sticker Sheet",
        body_markdown="""Nine things a sub-editor writes beside your copy, from *exclusive* to *no further questions*, by way of *citation adored* and *ibid., babe*. Kiss-cut, so each comes off with its white edge and its dignity.

Use them on drafts, lunch boxes, protest signs and the minutes of the body corporate. The paragraph mark in six colours is the one to hide until last.

- A5 sheet, nine vinyl stickers
- Matt, writable with a soft pencil
- Removable from most surfaces within a week""",
        product_type="Sticker",
        vendor=VENDOR,
        tags=("media", "writing", "students", "youth", "teachers", "sticker"),
        collections=("arts-and-letters", "morning-edition"),
        options=(),
        variants=variants("RMS", (), 1400, weight=22, stock={(): 61}, barcodes=True),
        pictures=(
            one(
                "remarks-sticker-sheet",
                "sheet",
                "Sheet of nine colourful stickers with remarks such as Exclusive and Citation adored",
                lying(HUE, lambda: stickers.sheet(desks.subs_sheet(), desks.sheet_title())),
            ),
            one(
                "remarks-sticker-sheet",
                "detail",
                "Three stickers of the sheet, seen close",
                near(
                    HUE,
                    lambda: stickers.sheet(desks.subs_sheet(), desks.sheet_title()),
                    (590, 480),
                    scale=1.9,
                    turn=-4,
                ),
            ),
        ),
        days_old=70,
        seo_title="Remarks for the Margin Sticker Sheet",
        seo_description="Nine vinyl stickers in the voice of a sub-editor with opinions. A5 sheet.",
        status="active",
        print_name="remarks for the margin",
    ),
    DemoProduct(
        handle="byline-pin",
        title="Byline Pin",
        body_markdown="""Every story says who it is by. Three bylines, each in its own enamel: they/them in green, she/her in red, he/him in blue. Wear one, wear two, swap on Thursdays.

Made for lanyards and lapels at work, where saying it once is nicer than saying it daily. On a card that gives nothing away in the post. If your byline is missing, write to us; the next firing is in March.

- 30 mm, hard enamel, gold-coloured edge
- Two posts with rubber clutches""",
        product_type="Pin",
        vendor=VENDOR,
        tags=("trans", "non-binary", "pronouns", "work", "youth", "health", "pin"),
        collections=("arts-and-letters",),
        options=(plain("Byline", *BYLINES),),
        variants=variants(
            "BYL", (plain("Byline", *BYLINES),), 1500, weight=14, stock={("she/her",): 3}
        ),
        pictures=_bylines(),
        days_old=190,
        seo_title="Byline Pronoun Pin",
        seo_description="Hard-enamel pins with a byline: they/them, she/her or he/him. 30 mm, two posts.",
        status="active",
        print_name="byline",
    ),
    DemoProduct(
        handle="ampersand-pin",
        title="Ampersand Pin",
        body_markdown="""The most hopeful character in the case: whatever came before, there is more. Cut along the letter itself, violet enamel in a gold-coloured line.

Given at weddings by people who dislike speeches, and kept by at least one throuple in Newtown as a group purchase. The italic is from the masthead of our weekend pages.

- 32 mm tall, hard enamel, two posts
- Rubber clutches, backing card
- Wipe with a dry cloth""",
        product_type="Pin",
        vendor=VENDOR,
        tags=("marriage equality", "wedding", "love", "polyamory", "gift", "pin"),
        collections=("arts-and-letters",),
        options=(),
        variants=variants("AMP", (), 1500, weight=14, stock={(): 38}),
        pictures=(
            one(
                "ampersand-pin",
                "card",
                "Violet enamel pin in the shape of an ampersand, on its card",
                lying(HUE, ampersand_pin, scale=1.25),
            ),
            one(
                "ampersand-pin",
                "close",
                "The violet ampersand pin by itself, gold edge and glossy enamel",
                lying(
                    HUE,
                    lambda: pins.alone(
                        _ampersand(), ((_ampersand(), STRIPES[Hue.VIOLET]),), scale=3.0
                    ),
                ),
            ),
        ),
        days_old=100,
        seo_title="Ampersand Enamel Pin",
        seo_description="A violet hard-enamel pin cut along the letter: whatever came before, there is more.",
        status="active",
        print_name="ampersand",
    ),
    DemoProduct(
        handle="full-stop-pin",
        title="Full Stop Pin",
        body_markdown="""A black dot in a steel-coloured ring. That is the design, that is the statement, and in our experience that is the end of the conversation.

It sold out on the day a senator asked what it meant. More are being fired; leave your address with the newsletter and you will hear when they land. Until then you may draw one on the back of your hand.

- 30 mm, hard enamel, two posts
- Rubber clutches, backing card""",
        product_type="Pin",
        vendor=VENDOR,
        tags=("politics", "media", "language", "protest", "pin"),
        collections=("arts-and-letters",),
        options=(),
        variants=variants("FSP", (), 1200, weight=14, stock={(): 0}),
        pictures=(
            one(
                "full-stop-pin",
                "card",
                "Round black enamel pin with a steel edge, on its card",
                lying(HUE, full_stop_pin, scale=1.25),
            ),
            one(
                "full-stop-pin",
                "close",
                "The black full-stop pin by itself",
                lying(
                    HUE,
                    lambda: pins.alone(
                        desks.DISC, ((desks.DISC, "#211e20"),), metal=pins.STEEL, scale=2.3
                    ),
                ),
            ),
        ),
        days_old=240,
        seo_title="Full Stop Enamel Pin",
        seo_description="A black hard-enamel dot in a steel-coloured ring. End of discussion.",
        status="active",
        print_name="full stop",
    ),
)
