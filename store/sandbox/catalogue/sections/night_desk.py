"""The Night Desk: warm things for those who are still up."""

from store.sandbox.catalogue.drawing import boxed, cap, mug, socks
from store.sandbox.catalogue.drawing.colours import Hue
from store.sandbox.catalogue.drawing.paper import Spot, Thing
from store.sandbox.catalogue.drawing.plate import Plate
from store.sandbox.catalogue.drawing.prints import carried, nights
from store.sandbox.catalogue.dyes import BLACK, GREY, NAVY, OLIVE, PINK, PLUM, WHITE, Dye
from store.sandbox.catalogue.making import (
    CAP_CARE,
    FLEECE_CARE,
    SHOE_SIZES,
    SIZES,
    SOCK_CARE,
    VENDOR,
    by_size,
    colours,
    plain,
    variants,
)
from store.sandbox.catalogue.pictures import lying, one
from store.sandbox.catalogue.records import DemoProduct
from store.sandbox.catalogue.wardrobe import caps, hoodie_backs, hoodies, sock_pairs

HUE = Hue.BLUE
_SIZE = plain("Size", *SIZES)
_SHOE = plain("Size", *SHOE_SIZES)
LATE = (NAVY, BLACK, GREY)
NIGHT = (BLACK.with_accent("#8fb7d8"), PLUM)
TONAL = (Dye("Navy", "#27324f", "#44527a", "#44527a"), OLIVE)
NOTED = (Dye("Navy", "#27324f", "#dfe6ee", "#f0b93a"), Dye("Plum", "#5b2b58", "#e9d3e4", "#f3a9c4"))
_EMBARGOED = (PINK.with_accent("#ffe08a"), BLACK.with_accent("#f07fae"))


def night_shift_box() -> Thing:
    cup = mug.mug(
        BLACK.base, carried.deadline(BLACK.ink, "#f0b93a"), inside="#d9d3c6", rim="#2c4f9e"
    )
    hat = cap.cap(TONAL[0].cloth, nights.on_background(TONAL[0].ink, TONAL[0].accent))
    pair = socks.socks(NOTED[1].cloth, PINK.cloth, carried.footnotes(NOTED[1].ink, NOTED[1].accent))
    return boxed.open_box(
        "#1f2740",
        "#c9d8e6",
        (
            Spot(pair, (790, 850), 12, 0.62),
            Spot(hat, (470, 530), -10, 0.6),
            Spot(cup, (440, 980), 6, 0.56),
        ),
    )


def _on_heart(dye: Dye) -> Plate:
    """Over the wearer's left breast, clear of the cords."""
    plate = Plate()
    plate.add(nights.night_desk_badge(dye.ink, dye.accent), x=140)
    return plate


PRODUCTS = (
    DemoProduct(
        handle="late-edition-hoodie",
        title="Late Edition Hoodie",
        body_markdown="""The late edition has the results, the reviews and whatever happened after midnight; so, usually, do you. A masthead under a waxing moon, ruled off properly, with nothing on the back to snag in a taxi.

The hood is double-layered and keeps its shape when you put it up to be alone. The pocket takes two hands or one small dog.
"""
        + FLEECE_CARE,
        product_type="Hoodie",
        vendor=VENDOR,
        tags=("winter", "nightlife", "media", "mardi gras", "party", "hoodie"),
        collections=("night-desk",),
        options=(colours(LATE), _SIZE),
        variants=variants(
            "LEH",
            (colours(LATE), _SIZE),
            8900,
            weight=by_size(520, 32),
            absent=(("Grey Marle", "XS"), ("Black", "3XL")),
            stock={("Navy", "M"): 3, ("Grey Marle", "2XL"): 2},
            barcodes=True,
        ),
        pictures=hoodies(
            "late-edition-hoodie",
            HUE,
            LATE,
            lambda d: nights.late_edition(d.ink, d.accent),
            "a moon above the masthead Late Edition",
            top=780,
            scale=0.92,
        ),
        days_old=150,
        seo_title="Late Edition Hoodie",
        seo_description="A heavy cotton-rich hoodie with a masthead under a moon. Navy, black and grey marle.",
        status="active",
        print_name="late edition",
    ),
    DemoProduct(
        handle="night-desk-hoodie",
        title="Night Desk Hoodie",
        body_markdown="""Small and sober at the front, the whole clock at the back: thirteen minutes to three, when the phones stop and the honest work begins. Made for nurses, bakers, drag queens, radio hosts and parents of newborns.

The clock is 38 cm across and will tell the person behind you in the queue that somebody has to be up.
"""
        + FLEECE_CARE,
        product_type="Hoodie",
        vendor=VENDOR,
        tags=("winter", "nightlife", "health", "nurses", "drag", "work", "hoodie"),
        collections=("night-desk",),
        options=(colours(NIGHT), _SIZE),
        variants=variants(
            "NDH",
            (colours(NIGHT), _SIZE),
            9200,
            weight=by_size(520, 32),
            compare=9800,
            absent=(("Plum", "XS"), ("Plum", "3XL")),
            stock={("Plum", "L"): 2, ("Plum", "M"): 3},
        ),
        pictures=(
            hoodie_backs(
                "night-desk-hoodie", HUE, NIGHT[0], lambda d: nights.night_desk(d.ink, d.accent)
            ),
            *hoodies(
                "night-desk-hoodie",
                HUE,
                NIGHT,
                _on_heart,
                "a small Night Desk badge over the heart",
                top=700,
            ),
        ),
        days_old=40,
        seo_title="Night Desk Hoodie",
        seo_description="Sober at the front, a newsroom clock across the back. Black or plum, XS to 3XL.",
        status="active",
        print_name="night desk",
    ),
    DemoProduct(
        handle="embargoed-hoodie",
        title="Embargoed Until Fabulous Hoodie",
        body_markdown="""You have received this page under embargo. The hoodie goes on sale on the first night of the festival season, in pink and in black, stamped across the chest by somebody in a hurry.

Not for publication, broadcast or brunch before that date. Quotes may be prepared. Sequins are at the editor's discretion.
"""
        + FLEECE_CARE,
        product_type="Hoodie",
        vendor=VENDOR,
        tags=("mardi gras", "pride", "party", "festival", "winter", "hoodie"),
        collections=("night-desk",),
        options=(colours(_EMBARGOED), _SIZE),
        variants=variants("EUF", (colours(_EMBARGOED), _SIZE), 9500, weight=by_size(520, 32)),
        pictures=hoodies(
            "embargoed-hoodie",
            HUE,
            _EMBARGOED,
            lambda d: nights.embargoed(d.ink, d.accent),
            "a crooked stamp reading Embargoed until fabulous",
            top=760,
            scale=0.95,
        ),
        days_old=0,
        seo_title="Embargoed Until Fabulous Hoodie",
        seo_description="Under embargo until the first night of the season. Pink or black.",
        status="draft",
        print_name="embargoed",
    ),
    DemoProduct(
        handle="on-background-cap",
        title="On Background Cap",
        body_markdown="""On background: you may use it, but you did not get it from me. Embroidered in thread one shade off the cloth, so it is legible to the person you are talking to and to nobody else in the room.

The most discreet thing we make, and it arrives in a plain parcel like everything else. Recommended for country towns, first dates and off-site meetings.
"""
        + CAP_CARE,
        product_type="Cap",
        vendor=VENDOR,
        tags=("privacy", "media", "regional", "coming out", "winter", "cap"),
        collections=("night-desk",),
        options=(colours(TONAL),),
        variants=variants("OBC", (colours(TONAL),), 3800, weight=95, stock={("Olive",): 2}),
        pictures=caps(
            "on-background-cap",
            HUE,
            TONAL,
            lambda d: nights.on_background(d.ink, d.accent),
            "embroidered tone on tone",
        ),
        days_old=130,
        seo_title="On Background Cap",
        seo_description="A cap embroidered one shade off its own cloth: discreet by design. Navy or olive.",
        status="active",
        print_name="on background",
    ),
    DemoProduct(
        handle="footnotes-socks",
        title="Footnotes Socks",
        body_markdown="""Asterisks, daggers, double daggers, section marks and pilcrows: everything that ever sent a reader to the bottom of the page, gathered where it belongs.

The order of the marks is the traditional one, repeated until you run out of leg. Knitted, so nothing peels. See below.*

*Below: your shoes.
"""
        + SOCK_CARE,
        product_type="Socks",
        vendor=VENDOR,
        tags=("books", "writing", "winter", "academia", "gift", "socks"),
        collections=("night-desk", "arts-and-letters"),
        options=(colours(NOTED), _SHOE),
        variants=variants(
            "FNS", (colours(NOTED), _SHOE), 1800, weight=70, stock={("Navy", "AU 8–11"): 3}
        ),
        pictures=sock_pairs(
            "footnotes-socks",
            HUE,
            ((NOTED[0], WHITE), (NOTED[1], PINK)),
            lambda d: carried.footnotes(d.ink, d.accent),
            "patterned with asterisks and daggers",
        ),
        days_old=230,
        seo_title="Footnotes Crew Socks",
        seo_description="Crew socks knitted with asterisks, daggers and pilcrows. Navy or plum, three sizes.",
        status="active",
        print_name="footnotes",
    ),
    DemoProduct(
        handle="night-shift-box",
        title="The Night Shift Box",
        body_markdown="""For the one who is on while you are off: the On Background cap for the way in, the black Deadline mug for the middle, the plum Footnotes socks for the bus home.

In a navy box with tissue paper, a card you can write on, and no prices. Tell us the sock size; the rest fits everybody. Deliver it to the ward, the studio or the bakery and you will be spoken of.

- Box 34 × 39 × 12 cm, card, reusable
- Leaves Marrickville within two working days""",
        product_type="Gift set",
        vendor=VENDOR,
        tags=("gift", "health", "nurses", "winter", "work", "coffee"),
        collections=("night-desk",),
        options=(plain("Sock size", *SHOE_SIZES),),
        variants=variants(
            "NSB",
            (plain("Sock size", *SHOE_SIZES),),
            7200,
            weight=780,
            compare=8000,
            stock={("AU 12–14",): 2},
        ),
        pictures=(
            one(
                "night-shift-box",
                "open",
                "Open navy gift box with a cap, a black mug and plum socks in tissue paper",
                lying(HUE, night_shift_box, scale=1.04),
            ),
            one(
                "night-shift-box",
                "closed",
                "The Night Shift Box closed, with string and a printed paper band",
                lying(
                    HUE,
                    lambda: boxed.closed_box(
                        "#1f2740",
                        "#dbe5ee",
                        boxed.band_plate("The Night Shift", "For the one who is on"),
                    ),
                    scale=1.04,
                ),
            ),
        ),
        days_old=58,
        seo_title="The Night Shift gift box",
        seo_description="A gift box for night workers: cap, enamel mug and socks in navy tissue, no prices inside.",
        status="active",
        print_name="the night shift",
    ),
)
