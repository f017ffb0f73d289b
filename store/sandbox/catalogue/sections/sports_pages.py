"""The Sports Pages: for those who play and those who bring the oranges."""

from store.sandbox.catalogue.drawing.colours import Hue
from store.sandbox.catalogue.drawing.prints import carried, chests, nights
from store.sandbox.catalogue.dyes import BOTTLE, ORANGE, RED, WHITE, Dye
from store.sandbox.catalogue.making import (
    CAP_CARE,
    SHOE_SIZES,
    SIZES,
    SOCK_CARE,
    TEE_CARE,
    VENDOR,
    by_size,
    colours,
    plain,
    variants,
)
from store.sandbox.catalogue.records import DemoProduct
from store.sandbox.catalogue.wardrobe import caps, sock_pairs, tees

HUE = Hue.GREEN
_SIZE = plain("Size", *SIZES)
_SHOE = plain("Size", *SHOE_SIZES)
SCORED = (BOTTLE.with_accent("#7fb08f"), WHITE.with_accent("#5f9e74"))
_CAPPED = (BOTTLE, WHITE.with_accent("#1f5b41"))
MEASURED = (
    Dye("White", "#f1ede4", "#1f5b41", "#1f5b41"),
    Dye("Bottle Green", "#1f5b41", "#f3efe6", "#f1d884"),
)
RUNNING = (
    Dye("Orange", "#e07a2a", "#f8ead2", "#7a2f12"),
    Dye("Navy", "#27324f", "#8fb7d8", "#f0b93a"),
)

PRODUCTS = (
    DemoProduct(
        handle="love-all-tee",
        title="Love All Tee",
        body_markdown="""Nobody has scored, everybody is still friends, and the whole afternoon lies ahead. The best result in tennis, set over the court it was made on, with one ball that may or may not have been out.

Cut for moving: set-in sleeves with room in the shoulder. We asked a mixed doubles pair from Alexandria to test it. They lost, well dressed.
"""
        + TEE_CARE,
        product_type="T-shirt",
        vendor=VENDOR,
        tags=("sport", "tennis", "pride", "summer", "inclusion", "t-shirt"),
        collections=("sports-pages",),
        options=(colours(SCORED), _SIZE),
        variants=variants(
            "LVA",
            (colours(SCORED), _SIZE),
            4500,
            weight=by_size(148, 14),
            absent=(("White", "3XL"),),
            stock={("Bottle Green", "S"): 2},
        ),
        pictures=tees(
            "love-all-tee",
            HUE,
            SCORED,
            lambda d: chests.love_all(d.ink, d.accent),
            "the score Love All over the lines of a tennis court",
        ),
        days_old=12,
        seo_title="Love All T-shirt",
        seo_description="The best score in tennis, over the court it was made on. Cotton T-shirt, bottle green or white.",
        status="active",
        print_name="love all",
    ),
    DemoProduct(
        handle="sports-desk-cap",
        title="Sports Desk Cap",
        body_markdown="""Issued to everyone on the sports desk, which at Gay Nation is one person and whoever is watching the netball. The arch is borrowed from old club jerseys, the three lanes underneath from the running track at Erskineville.

Keeps the sun off a scorebook. The white one comes with a green peak, so the grass stains look deliberate.
"""
        + CAP_CARE,
        product_type="Cap",
        vendor=VENDOR,
        tags=("sport", "summer", "netball", "football", "outdoors", "cap"),
        collections=("sports-pages", "summer-supplement"),
        options=(colours(_CAPPED),),
        variants=variants("SDC", (colours(_CAPPED),), 3800, weight=95, stock={("White",): 4}),
        pictures=caps(
            "sports-desk-cap",
            HUE,
            _CAPPED,
            lambda d: nights.sports_desk(d.ink, d.accent),
            "embroidered with an arched Sports Desk",
            brim=BOTTLE,
        ),
        days_old=88,
        seo_title="Sports Desk Cap",
        seo_description="A six-panel cap with an arched Sports Desk over three running lanes. Bottle green or white.",
        status="active",
        print_name="sports desk",
    ),
    DemoProduct(
        handle="column-inches-socks",
        title="Column Inches Socks",
        body_markdown="""A type rule up the side of each leg, so you always know how long you have been running. Space in a newspaper used to be sold and argued over by the column inch; these come to four.

The scale is knitted, not printed, and is accurate on a medium foot at rest. Nobody has yet asked for a correction.
"""
        + SOCK_CARE,
        product_type="Socks",
        vendor=VENDOR,
        tags=("sport", "running", "media", "winter", "gift", "socks"),
        collections=("sports-pages",),
        options=(colours(MEASURED), _SHOE),
        variants=variants(
            "CIS", (colours(MEASURED), _SHOE), 1800, weight=70, stock={("White", "AU 12–14"): 3}
        ),
        pictures=sock_pairs(
            "column-inches-socks",
            HUE,
            ((MEASURED[0], BOTTLE), (MEASURED[1], WHITE)),
            lambda d: carried.column_inches(d.ink, d.accent),
            "with a ruler knitted down the leg",
        ),
        days_old=110,
        seo_title="Column Inches Crew Socks",
        seo_description="Cushioned cotton crew socks with a type rule up the leg. White or bottle green, three sizes.",
        status="active",
        print_name="column inches",
    ),
    DemoProduct(
        handle="running-copy-socks",
        title="Running Copy Socks",
        body_markdown="""Running copy is what a reporter files while the match is still going: line after line, nobody sure how it ends. Here it leans into the wind from cuff to toe.

Long enough for a football boot and loud enough for the commentary. A bestseller with the Sunday league, who say the orange pair is worth a goal a season. We print this as a claim, not as fact.
"""
        + SOCK_CARE,
        product_type="Socks",
        vendor=VENDOR,
        tags=("sport", "running", "football", "pride", "socks"),
        collections=("sports-pages",),
        options=(colours(RUNNING), _SHOE),
        variants=variants(
            "RCS",
            (colours(RUNNING), _SHOE),
            1800,
            weight=72,
            compare=2200,
            absent=(("Navy", "AU 12–14"),),
        ),
        pictures=sock_pairs(
            "running-copy-socks",
            HUE,
            ((RUNNING[0], RED), (RUNNING[1], ORANGE)),
            lambda d: carried.running_copy(d.ink, d.accent),
            "with slanting dashes from cuff to toe",
        ),
        days_old=200,
        seo_title="Running Copy Crew Socks",
        seo_description="Crew socks with lines of copy that cannot stand still. Orange or navy, cushioned sole.",
        status="active",
        print_name="running copy",
    ),
)
