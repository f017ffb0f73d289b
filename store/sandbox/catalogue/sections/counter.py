"""The counter: gift cards, and a sticker that costs what its reader would like to give."""

from store.sandbox.catalogue.drawing import stickers, voucher
from store.sandbox.catalogue.drawing.colours import Hue
from store.sandbox.catalogue.drawing.prints import counter
from store.sandbox.catalogue.making import VENDOR
from store.sandbox.catalogue.pictures import lying, one
from store.sandbox.catalogue.records import ChosenPrice, DemoProduct, DemoVariant

HUE = Hue.RED

PRODUCTS = (
    DemoProduct(
        handle="gift-card",
        title="Gift Card",
        body_markdown="""For the friend whose size you do not know and whose taste you do not question. You choose the value; we mail a code, to you or to them, today or on the morning of the birthday, with your words above it.

The code works on everything in the shop but other gift cards. It may be spent bit by bit, nothing is lost of what is left, and anybody who has it can see what is still on it. It is good for three years, which is longer than most campaigns.

- Comes by mail, as a code: nothing to post, nothing to sign for
- Several cards may pay one order, and one card several orders
- The subject of the mail says no more than it must""",
        product_type="Gift card",
        vendor=VENDOR,
        tags=("gift", "birthday", "wedding", "christmas", "love", "gift card"),
        collections=("front-page",),
        options=(),
        variants=(
            DemoVariant(
                option_values=(),
                sku="GN-GIFT",
                price_minor=1000,
                compare_at_minor=None,
                weight_grams=0,
                stock=0,
                barcode=None,
                is_gift_card=True,
                chosen=ChosenPrice(50_000, (2500, 5000, 10_000, 20_000)),
            ),
        ),
        pictures=(
            one(
                "gift-card",
                "front",
                "Black gift card with six stripes down its left edge and the words Choose your own story",
                lying(HUE, lambda: voucher.alone(counter.gift_card()), scale=1.12, turn=-6),
            ),
            one(
                "gift-card",
                "sleeve",
                "The gift card half out of a paper sleeve that reads Stop press",
                lying(HUE, lambda: voucher.sleeved(counter.gift_card(), counter.sleeve())),
            ),
        ),
        days_old=60,
        seo_title="Gift Card, mailed as a code",
        seo_description="A gift card of any value from ten dollars, mailed as a code with your words, on the day you choose.",
        status="active",
        print_name="choose your own story",
    ),
    DemoProduct(
        handle="supporter-sticker",
        title="Supporter Sticker",
        body_markdown="""News about us used to be written by people who had never met one of us. Keeping it otherwise costs money: a reporter in court, a lawyer on the phone, a photographer who is paid on time.

So here is a sticker, and you say what it costs. Five dollars cover the vinyl, the stamp and a coffee; everything above pays for reporting. It says *Paid for by readers*, which is true, and more than most papers can print on anything.

- 80 mm round, die-cut vinyl with outdoor ink
- Peels off clean with a hair dryer
- No tax receipt: it is a purchase, however generous""",
        product_type="Sticker",
        vendor=VENDOR,
        tags=("media", "journalism", "donation", "supporters", "community", "sticker"),
        collections=("front-page", "arts-and-letters"),
        options=(),
        variants=(
            DemoVariant(
                option_values=(),
                sku="GN-SUPP",
                price_minor=500,
                compare_at_minor=None,
                weight_grams=5,
                stock=240,
                barcode=None,
                chosen=ChosenPrice(20_000, (500, 1000, 2500, 5000)),
            ),
        ),
        pictures=(
            one(
                "supporter-sticker",
                "front",
                "Round vinyl sticker with six stripes around a black disc reading Paid for by readers",
                lying(HUE, lambda: stickers.single(counter.supporter(), scale=2.7), turn=-4),
            ),
            one(
                "supporter-sticker",
                "pad",
                "The round sticker stuck on a page of ruled paper, seen from above",
                lying(HUE, lambda: stickers.peeled(counter.supporter(), scale=2.3), scale=1.1),
            ),
        ),
        days_old=45,
        seo_title="Supporter Sticker, pay what you like",
        seo_description="A round vinyl sticker that costs what you would like to give, from five dollars. It pays for reporting.",
        status="active",
        print_name="paid for by readers",
    ),
)
