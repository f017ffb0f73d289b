"""The Summer Supplement: what goes to the beach, the parade and the airport."""

from store.sandbox.catalogue.drawing.colours import Cloth, Hue
from store.sandbox.catalogue.drawing.prints import carried, chests, nights
from store.sandbox.catalogue.dyes import BLACK, BUTTER, NATURAL, NAVY, PINK, RED, SAND, WHITE
from store.sandbox.catalogue.making import (
    CAP_CARE,
    SIZES,
    TEE_CARE,
    VENDOR,
    by_size,
    colours,
    plain,
    variants,
)
from store.sandbox.catalogue.pictures import totes
from store.sandbox.catalogue.records import DemoProduct
from store.sandbox.catalogue.wardrobe import caps, tees

HUE = Hue.YELLOW
_SIZE = plain("Size", *SIZES)
LEADS = (PINK, WHITE, NAVY.with_accent("#f3a9c4"))
PRESSED = (BLACK.with_accent("#d6303b"), RED.with_accent("#f7d774"), SAND)
CARRIED = (NATURAL, BLACK)

PRODUCTS = (
    DemoProduct(
        handle="love-is-the-lead-tee",
        title="Love Is the Lead Tee",
        body_markdown="""The lead is the first sentence of a story and the only one that everybody reads. Ours has held since the first edition: *Love is the lead. The rest is a sidebar.*

Set with a four-line drop cap, because if you are going to be sincere you may as well be typographic. Popular at weddings under the jacket, and at Fair Day without one.
"""
        + TEE_CARE,
        product_type="T-shirt",
        vendor=VENDOR,
        tags=("pride", "mardi gras", "marriage equality", "love", "wedding", "summer", "t-shirt"),
        collections=("summer-supplement", "front-page"),
        options=(colours(LEADS), _SIZE),
        variants=variants(
            "LIL",
            (colours(LEADS), _SIZE),
            4500,
            weight=by_size(150, 14),
            absent=(("Hot Pink", "3XL"),),
            stock={("Hot Pink", "M"): 2, ("Hot Pink", "L"): 3},
        ),
        pictures=tees(
            "love-is-the-lead-tee",
            HUE,
            LEADS,
            lambda d: chests.love_is_the_lead(d.ink, d.accent),
            "a lead paragraph with a large drop cap",
        ),
        days_old=6,
        seo_title="Love Is the Lead T-shirt",
        seo_description="Love is the lead. The rest is a sidebar. A cotton T-shirt in hot pink, white and navy.",
        status="active",
        print_name="love is the lead",
    ),
    DemoProduct(
        handle="press-cap",
        title="Press Cap",
        body_markdown="""The card in the hatband said PRESS and got you past the rope. This one adds, in smaller thread, what you are pressing for.

Useful at parades, on picket lines and at the breakfast buffet. The peak is pre-curved and long enough for an Australian February; the crown is deep enough for hair, wigs and opinions. It gets better with age and zinc.
"""
        + CAP_CARE,
        product_type="Cap",
        vendor=VENDOR,
        tags=("mardi gras", "media", "summer", "festival", "protest", "cap"),
        collections=("summer-supplement", "front-page"),
        options=(colours(PRESSED),),
        variants=variants(
            "PRC", (colours(PRESSED),), 3800, weight=95, barcodes=True, stock={("Sand",): 3}
        ),
        pictures=caps(
            "press-cap",
            HUE,
            PRESSED,
            lambda d: nights.press_cap(d.ink, d.accent),
            "embroidered Press for joy",
        ),
        days_old=52,
        seo_title="Press for Joy Cap",
        seo_description="A six-panel cotton cap embroidered Press, for joy. Black, red and sand, one size.",
        status="active",
        print_name="press for joy",
    ),
    DemoProduct(
        handle="paper-round-tote",
        title="Paper Round Tote",
        body_markdown="""A reel of newsprint seen from its end, six colours deep and about to unroll down Oxford Street. Named for the first job half the newsroom ever had.

Carries a week's shopping or one Saturday paper with all the supplements. The straps are long enough for a shoulder in a puffer jacket; the base is gusseted, so a cake can travel in it with dignity.

- 380 × 420 × 100 mm, straps 680 mm
- 340 gsm unbleached cotton canvas
- Cold wash, dry flat, expect it to soften""",
        product_type="Tote",
        vendor=VENDOR,
        tags=("pride", "shopping", "summer", "market", "sydney", "tote"),
        collections=("summer-supplement",),
        options=(),
        variants=variants("PRT", (), 2800, weight=260, stock={(): 44}, barcodes=True),
        pictures=totes(
            "paper-round-tote",
            HUE,
            (NATURAL.with_accent("#7a5a2a"),),
            lambda d: carried.paper_round(d.ink, d.accent),
            "a reel of paper in six colours",
        ),
        days_old=180,
        seo_title="Paper Round Canvas Tote",
        seo_description="A heavy cotton canvas tote with a six-colour reel of newsprint. 380 × 420 mm.",
        status="active",
        print_name="paper round",
    ),
    DemoProduct(
        handle="foreign-correspondent-tote",
        title="Foreign Correspondent Tote",
        body_markdown="""Datelined from six cities where somebody we know is dancing, and edged like an airmail letter. For the reader whose out-of-office is longer than their inbox.

Slides under an aeroplane seat with a laptop, a book and a change of outfit. There is a zip pocket inside for passports and things you would rather declare in person.

- 380 × 420 × 100 mm, inner zip pocket
- 340 gsm cotton canvas
- Cold wash, dry flat""",
        product_type="Tote",
        vendor=VENDOR,
        tags=("travel", "world", "holiday", "summer", "migration", "tote"),
        collections=("summer-supplement",),
        options=(colours(CARRIED),),
        variants=variants("FCT", (colours(CARRIED),), 3200, weight=290),
        pictures=totes(
            "foreign-correspondent-tote",
            HUE,
            (NATURAL, BLACK),
            lambda d: carried.foreign_correspondent(d.ink, d.accent),
            "airmail stripes and six datelines",
            straps=(Cloth("Navy", "#27324f"), BLACK.cloth),
        ),
        days_old=75,
        seo_title="Foreign Correspondent Tote",
        seo_description="An airmail-edged canvas tote with six datelines and a zip pocket. Natural or black.",
        status="active",
        print_name="foreign correspondent",
    ),
    DemoProduct(
        handle="mardi-gras-supplement-tote",
        title="Mardi Gras Supplement Tote 2026",
        body_markdown="""Six searchlights over a city that is up late: the cover of our 2026 parade supplement, printed on the bag it was handed out in.

This edition has closed. The page stays, as old editions do, so that anyone who finds one at a market knows what they have. The next supplement goes to press in February.

- 380 × 420 mm, no gusset
- 280 gsm cotton canvas
- Printed once, for one night""",
        product_type="Tote",
        vendor=VENDOR,
        tags=("mardi gras", "pride", "sydney", "summer", "history", "tote"),
        collections=("summer-supplement",),
        options=(),
        variants=variants("MGS", (), 2500, weight=220, stock={(): 0}),
        pictures=totes(
            "mardi-gras-supplement-tote",
            HUE,
            (BUTTER,),
            lambda d: carried.supplement(d.ink),
            "six searchlights over the words Mardi Gras Supplement",
        ),
        days_old=290,
        seo_title="Mardi Gras Supplement Tote 2026 (closed)",
        seo_description="The bag of our 2026 Mardi Gras supplement. This edition has closed.",
        status="archived",
        print_name="mardi gras supplement",
    ),
)
