"""Arts: prints for the wall, and the box for two people who mean it."""

from collections.abc import Callable

from store.sandbox.catalogue.drawing import boxed, framed
from store.sandbox.catalogue.drawing.colours import Hue
from store.sandbox.catalogue.drawing.paper import Spot, Thing
from store.sandbox.catalogue.drawing.plate import Plate
from store.sandbox.catalogue.drawing.prints import walls
from store.sandbox.catalogue.making import PRINT_CARE, VENDOR, plain, variants
from store.sandbox.catalogue.pictures import lying, near, one, slug, wall_prints
from store.sandbox.catalogue.records import DemoFile, DemoProduct
from store.sandbox.catalogue.sections.letters import ampersand_pin
from store.sandbox.catalogue.word_square import SQUARE, word_square_pdf

HUE = Hue.VIOLET
_PAPER = plain("Size", "A4", "A3", "A2")
_FRAME = plain("Frame", "Oak frame", "Black frame", "Unframed")


def _sheet_price(values: tuple[str, ...]) -> int:
    sheet = {"A4": 2900, "A3": 3900, "A2": 5500}[values[0]]
    return (
        sheet
        if values[1] == "Unframed"
        else sheet + {"A4": 3600, "A3": 5000, "A2": 7000}[values[0]]
    )


def _sheet_weight(values: tuple[str, ...]) -> int:
    sheet = {"A4": 90, "A3": 140, "A2": 230}[values[0]]
    return (
        sheet if values[1] == "Unframed" else sheet + {"A4": 900, "A3": 1600, "A2": 3100}[values[0]]
    )


def _print(
    handle: str,
    title: str,
    text: str,
    plate: Callable[[], Plate],
    *,
    code: str,
    shown: str,
    tags: tuple[str, ...],
    days_old: int,
    seo: str,
    focus: tuple[float, float] = (360, 420),
    stock: dict[tuple[str, ...], int] | None = None,
) -> DemoProduct:
    """The three wall prints differ in everything but their sizes and frames."""
    return DemoProduct(
        handle=handle,
        title=title,
        body_markdown=text + PRINT_CARE,
        product_type="Print",
        vendor=VENDOR,
        tags=(*tags, "print", "arts"),
        collections=("arts-and-letters",),
        options=(_PAPER, _FRAME),
        variants=variants(
            code,
            (_PAPER, _FRAME),
            _sheet_price,
            weight=_sheet_weight,
            absent=(("A2", "Black frame"),),
            stock=stock,
        ),
        pictures=wall_prints(handle, HUE, plate, shown, focus),
        days_old=days_old,
        seo_title=f"{title}, framed or unframed",
        seo_description=seo,
        status="active",
        print_name=slug(title),
    )


def marriage_notice() -> Thing:
    return boxed.open_box(
        "#4a2457",
        "#e6d7ea",
        (
            Spot(framed.framed(walls.result(), "oak"), (440, 740), -4, 0.60),
            Spot(ampersand_pin(), (838, 500), 4, 0.48),
            Spot(ampersand_pin(), (846, 990), -5, 0.48),
        ),
    )


PRODUCTS = (
    _print(
        "fifty-three-print",
        "Fifty-Three Print",
        """On the night of 24 June 1978 a march that had set out along Oxford Street ended in Kings Cross with fifty-three arrests. Newspapers printed the names, addresses and occupations of those charged; many lost jobs and homes. The first Mardi Gras was theirs.

One line for each person, no two of the same height, in the six colours of the flag that came after. Hang it where somebody will ask.
""",
        walls.fifty_three,
        code="F53",
        shown="fifty-three vertical lines in six colours",
        tags=("mardi gras", "history", "78ers", "sydney", "pride", "protest", "ageing"),
        days_old=170,
        seo="A print of fifty-three lines, one for each person arrested at the first Sydney Mardi Gras in 1978.",
        stock={("A3", "Oak frame"): 3},
    ),
    _print(
        "sixty-one-point-six-print",
        "61.6 Print",
        """On 15 November 2017 the result of the postal survey was read out at 10 am: 61.6 per cent had said yes. The Act followed in December. This is that number as a chart: a hundred squares, each a hundredth of the answers, counted to the decimal.

We drew it the way our graphics desk did on the day, without the shaking hands. A wedding present with a source.
""",
        walls.result,
        code="616",
        shown="a hundred squares of which 61.6 are coloured",
        tags=("marriage equality", "politics", "history", "wedding", "gift"),
        days_old=125,
        seo="The 2017 marriage survey as a hundred squares: a data print, framed or unframed, A4 to A2.",
        focus=(380, 460),
        stock={("A4", "Oak frame"): 2},
    ),
    _print(
        "becoming-fabulous-print",
        "Becoming Fabulous Print",
        """The forecast from our weather page on Fair Day: a high parked over 1978, a low that will not trouble anyone, and a warm front coming up from Oxford Street. *Fine, becoming fabulous.*

The isobars are real in spirit; each is a closed line of equal pressure to come out. A cheerful thing for a hallway, and the only forecast we have never had to correct.
""",
        walls.becoming_fabulous,
        code="BFP",
        shown="a weather map with a warm front and the words Fine, becoming fabulous",
        tags=("pride", "weather", "summer", "coming out", "climate"),
        days_old=30,
        seo="A weather map for better days: Fine, becoming fabulous. Print in A4, A3 and A2.",
        focus=(380, 560),
    ),
    DemoProduct(
        handle="marriage-notice-box",
        title="The Marriage Notice Box",
        body_markdown="""For two people who have put it in the paper, or mean to. The 61.6 print in A4, framed in oak, and two Ampersand pins, one each, so that nobody has to share.

In a violet box with tissue and string, a blank card, and no prices. Choose nothing, write the card, and we will post it to them as plainly as everything else.

- Box 34 × 39 × 12 cm, card, reusable
- Leaves Marrickville within two working days""",
        product_type="Gift set",
        vendor=VENDOR,
        tags=("gift", "wedding", "marriage equality", "love", "politics"),
        collections=("arts-and-letters", "summer-supplement"),
        options=(),
        variants=variants("MNB", (), 9500, weight=1480, stock={(): 9}),
        pictures=(
            one(
                "marriage-notice-box",
                "open",
                "Open violet gift box with an oak-framed print and two ampersand pins in tissue paper",
                lying(HUE, marriage_notice, scale=1.04),
            ),
            one(
                "marriage-notice-box",
                "closed",
                "The Marriage Notice Box closed, with string and a printed paper band",
                lying(
                    HUE,
                    lambda: boxed.closed_box(
                        "#4a2457",
                        "#eee2f0",
                        boxed.band_plate("Marriage Notice", "For two, as printed"),
                    ),
                    scale=1.04,
                ),
            ),
        ),
        days_old=15,
        seo_title="The Marriage Notice gift box",
        seo_description="A wedding gift box: the 61.6 print framed in oak and two ampersand pins. No prices inside.",
        status="active",
        print_name="marriage notice",
    ),
    DemoProduct(
        handle="saturday-square-puzzle",
        title="The Saturday Square",
        body_markdown="""Five words, each written twice: once across and once down. It is the smallest thing that we print and the one that readers write to us about most, usually in capitals.

You buy the file and print it as often as you like: for the breakfast table, for the waiting room, for the hen party that has run out of things to say. The clues are by the desk, and the desk apologises for the fifth.

- PDF, two pages of A4, answers on the second
- Ready on the page of your order as soon as it is paid
- No parcel, no postage, no paper but your own""",
        product_type="Download",
        vendor=VENDOR,
        tags=("crossword", "puzzle", "language", "weekend", "gift"),
        collections=("arts-and-letters",),
        options=(),
        variants=variants("SSQ", (), 500, weight=0, stock={(): 0}),
        pictures=(
            one(
                "saturday-square-puzzle",
                "sheet",
                "The puzzle printed on a sheet that hangs from a bulldog clip",
                lying(HUE, lambda: framed.sheet(walls.word_square(SQUARE))),
            ),
            one(
                "saturday-square-puzzle",
                "detail",
                "The grid of the puzzle seen close, one word filled in",
                near(HUE, lambda: framed.sheet(walls.word_square(SQUARE)), (560, 640)),
            ),
        ),
        days_old=45,
        seo_title="The Saturday Square, a puzzle to print",
        seo_description="A word square as PDF: five words that read across and down, to print at home.",
        status="active",
        print_name="saturday-square",
        file=DemoFile("The Saturday Square.pdf", word_square_pdf),
    ),
)
