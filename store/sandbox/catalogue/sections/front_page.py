"""The Front Page: what is worn on the chest and read across the street."""

from store.sandbox.catalogue.drawing.colours import Hue
from store.sandbox.catalogue.drawing.plate import Plate
from store.sandbox.catalogue.drawing.prints import chests
from store.sandbox.catalogue.dyes import BLACK, BUTTER, GREY, NAVY, RED, SAGE, WHITE, Dye
from store.sandbox.catalogue.making import (
    FLEECE_CARE,
    SIZES,
    TEE_CARE,
    VENDOR,
    by_size,
    colours,
    plain,
    variants,
)
from store.sandbox.catalogue.records import DemoProduct
from store.sandbox.catalogue.wardrobe import sweatshirts, tees

HUE = Hue.RED
_SIZE = plain("Size", *SIZES)
_ABOVE = (WHITE, BLACK, RED)
_CORRECTED = (SAGE, WHITE, BLACK)
_HELD = (BLACK, RED.with_accent("#f7d774"), BUTTER)
_RECORD = (BLACK, WHITE)
_STILL = (NAVY, GREY.with_accent("#b8541e"))
_STOPPED = (GREY, RED.with_accent("#f7d774"))


def _correction(dye: Dye) -> Plate:
    return chests.corrections(dye.ink, dye.accent, dye.base)


PRODUCTS = (
    DemoProduct(
        handle="above-the-fold-tee",
        title="Above the Fold Tee",
        body_markdown="""The half of the page that sells the paper. Everything important sits above the dashed line; the small type below it says nothing at all, in three columns, as tradition requires.

The print stops where a broadsheet would be folded on the stand, so it works sitting down, leaning on a bar, or behind a banner. Unisex, in seven sizes; if you are between two, take the larger for a looser read.
"""
        + TEE_CARE,
        product_type="T-shirt",
        vendor=VENDOR,
        tags=("media", "pride", "politics", "journalism", "t-shirt"),
        collections=("front-page",),
        options=(colours(_ABOVE), _SIZE),
        variants=variants(
            "ATF",
            (colours(_ABOVE), _SIZE),
            4500,
            weight=by_size(150, 14),
            absent=(("Red", "XS"), ("Red", "3XL")),
            stock={("White", "L"): 3, ("Black", "XS"): 0},
            barcodes=True,
        ),
        pictures=tees(
            "above-the-fold-tee",
            HUE,
            _ABOVE,
            lambda d: chests.above_the_fold(d.ink, d.accent),
            "printed like the top half of a front page",
        ),
        days_old=210,
        seo_title="Above the Fold T-shirt",
        seo_description="A cotton T-shirt printed like the top half of a front page. Three colours, XS to 3XL.",
        status="active",
        print_name="above the fold",
    ),
    DemoProduct(
        handle="corrections-tee",
        title="Corrections & Clarifications Tee",
        body_markdown="""“An earlier edition described this as a phase. It is, in fact, the whole story. We regret nothing.” Boxed and ruled as corrections are, and printed where nobody can bury it on page two.

Wear it to the family lunch at which the earlier edition is likely to be quoted. The box is 24 cm wide on every size, so an XS gets more correction for the money.
"""
        + TEE_CARE,
        product_type="T-shirt",
        vendor=VENDOR,
        tags=("pride", "coming out", "family", "media", "bisexual", "youth", "t-shirt"),
        collections=("front-page",),
        options=(colours(_CORRECTED), _SIZE),
        variants=variants(
            "COR",
            (colours(_CORRECTED), _SIZE),
            4500,
            weight=by_size(150, 14),
            stock={("Sage", "M"): 2, ("White", "2XL"): 3},
        ),
        pictures=tees(
            "corrections-tee",
            HUE,
            _CORRECTED,
            _correction,
            "a boxed newspaper correction on the chest",
        ),
        days_old=64,
        seo_title="Corrections & Clarifications T-shirt",
        seo_description="We regret nothing: a boxed newspaper correction on a cotton T-shirt, in sage, white and black.",
        status="active",
        print_name="corrections",
    ),
    DemoProduct(
        handle="hold-the-front-page-tee",
        title="Hold the Front Page Tee",
        body_markdown="""Set like wood type: four words, one measure, no room for a subheading. For the moment when something finally happens and somebody has to run down the corridor shouting.

The letters are 31 cm tall as a block and can be read from the far side of a police line. We have checked. The butter one is the yellow of a Saturday colour supplement from about 1983.
"""
        + TEE_CARE,
        product_type="T-shirt",
        vendor=VENDOR,
        tags=("politics", "protest", "media", "breaking news", "equality", "t-shirt"),
        collections=("front-page",),
        options=(colours(_HELD), _SIZE),
        variants=variants(
            "HFP",
            (colours(_HELD), _SIZE),
            4500,
            weight=by_size(150, 14),
            compare=5200,
            absent=(("Butter", "3XL"),),
            stock={("Black", "M"): 31},
        ),
        pictures=tees(
            "hold-the-front-page-tee",
            HUE,
            _HELD,
            lambda d: chests.hold_the_front_page(d.ink, d.accent),
            "four lines of wood type reading Hold the Front Page",
        ),
        days_old=120,
        seo_title="Hold the Front Page T-shirt",
        seo_description="Four words of wood type on a heavy cotton T-shirt. Black, red and butter, XS to 3XL.",
        status="active",
        print_name="hold the front page",
    ),
    DemoProduct(
        handle="off-the-record-tee",
        title="Off the Record Tee",
        body_markdown="""A statement, heavily redacted. Four words got past the lawyers, and they are the only ones that mattered: *we were always here*.

Made after a reader wrote in about a great-aunt, her lifelong “companion”, and a box of letters. From two metres it looks like a bar code; from one it is a family history. One of our quietest prints and the one people cross the street to ask about.
"""
        + TEE_CARE,
        product_type="T-shirt",
        vendor=VENDOR,
        tags=("history", "ageing", "lesbian", "trans", "politics", "privacy", "t-shirt"),
        collections=("front-page", "arts-and-letters"),
        options=(colours(_RECORD), _SIZE),
        variants=variants(
            "OTR",
            (colours(_RECORD), _SIZE),
            4500,
            weight=by_size(150, 14),
            absent=(("White", "XS"),),
            stock={("Black", "S"): 3, ("Black", "XL"): 2},
        ),
        pictures=tees(
            "off-the-record-tee",
            HUE,
            _RECORD,
            lambda d: chests.off_the_record(d.ink, d.accent),
            "a redacted statement with four words left to read",
        ),
        days_old=33,
        seo_title="Off the Record T-shirt",
        seo_description="A redacted statement that still says it: we were always here. Cotton T-shirt in black and white.",
        status="active",
        print_name="off the record",
    ),
    DemoProduct(
        handle="still-in-print-tee",
        title="Still in Print Tee",
        body_markdown="""First published some time ago; never out of stock since. For readers who remember paste-up, phone trees and the first dance floor that let them in, and for anybody who hopes to.

The sun is made of 300-odd halftone dots that swell towards the horizon, the way newspapers printed light before they could print colour. Cut a little longer in the body, because comfort is also a human right.
"""
        + TEE_CARE,
        product_type="T-shirt",
        vendor=VENDOR,
        tags=("ageing", "health", "history", "seniors", "community", "t-shirt"),
        collections=("front-page",),
        options=(colours(_STILL), _SIZE),
        variants=variants(
            "SIP", (colours(_STILL), _SIZE), 4500, weight=by_size(156, 14), stock={("Navy", "L"): 4}
        ),
        pictures=tees(
            "still-in-print-tee",
            HUE,
            _STILL,
            lambda d: chests.still_in_print(d.ink, d.accent),
            "a halftone sun over the words Still in Print",
        ),
        days_old=95,
        seo_title="Still in Print T-shirt",
        seo_description="A halftone sun and an honest boast, on a cotton T-shirt cut a little longer. Navy and grey marle.",
        status="active",
        print_name="still in print",
    ),
    DemoProduct(
        handle="stop-the-presses-sweatshirt",
        title="Stop the Presses Sweatshirt",
        body_markdown="""Three cylinders, one web of paper, and the order that every editor wants to give once. We have given it twice: for the survey result in 2017, and for a cat on the roof of Parliament House.

A proper crew neck with a stitched gusset, heavy enough for a Canberra morning and plain enough at the back for a rucksack. The ink is soft; nothing cracks but the voice.
"""
        + FLEECE_CARE,
        product_type="Sweatshirt",
        vendor=VENDOR,
        tags=("media", "politics", "winter", "marriage equality", "canberra", "sweatshirt"),
        collections=("front-page", "night-desk"),
        options=(colours(_STOPPED), _SIZE),
        variants=variants(
            "STP",
            (colours(_STOPPED), _SIZE),
            7500,
            weight=by_size(430, 28),
            compare=8500,
            absent=(("Red", "XS"), ("Red", "3XL")),
            stock={("Grey Marle", "M"): 3},
        ),
        pictures=sweatshirts(
            "stop-the-presses-sweatshirt",
            HUE,
            _STOPPED,
            lambda d: chests.stop_the_presses(d.ink, d.accent),
            "press cylinders above the words Stop the Presses",
        ),
        days_old=160,
        seo_title="Stop the Presses Sweatshirt",
        seo_description="A heavy crew-neck sweatshirt with three press cylinders on the chest. Grey marle and red.",
        status="active",
        print_name="stop the presses",
    ),
)
