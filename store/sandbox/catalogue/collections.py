"""The six sections of the paper, each with its colour and a flat-lay of what is in it."""

from collections.abc import Callable

from store.sandbox.catalogue import flat_lays
from store.sandbox.catalogue.drawing.colours import Hue
from store.sandbox.catalogue.records import DemoCollection, DemoPicture


def _section(
    handle: str,
    title: str,
    hue: Hue,
    handles: tuple[str, ...],
    *,
    standfirst: str,
    body: str,
    alt: str,
    draw: Callable[[], str],
) -> DemoCollection:
    picture = DemoPicture(f"collection-{handle}", alt, None, draw)
    return DemoCollection(handle, title, standfirst, body, hue, handles, picture)


COLLECTIONS = (
    _section(
        "front-page",
        "The Front Page",
        Hue.RED,
        (
            "above-the-fold-tee",
            "off-the-record-tee",
            "corrections-tee",
            "hold-the-front-page-tee",
            "stop-the-presses-sweatshirt",
            "still-in-print-tee",
            "love-is-the-lead-tee",
            "press-cap",
            "gift-card",
            "supporter-sticker",
        ),
        standfirst="What you wear when the headline is you.",
        body="Heavy cotton, short sentences. Everything here can be read from across the street, and some of it should be.",
        alt="Flat-lay of three T-shirts and a sweatshirt in grey, black, white and red",
        draw=flat_lays.front_page,
    ),
    _section(
        "morning-edition",
        "The Morning Edition",
        Hue.ORANGE,
        (
            "first-draft-mug",
            "no-comment-mug",
            "deadline-mug",
            "on-the-record-notebook",
            "cadet-kit",
            "style-guide-notebook",
            "remarks-sticker-sheet",
        ),
        standfirst="For the desk, before anybody speaks to you.",
        body="Mugs, paper and the kit of a first-year reporter. Nothing on this page has an opinion before nine.",
        alt="Flat-lay of two mugs, an ochre notebook and a sheet of stickers",
        draw=flat_lays.morning_edition,
    ),
    _section(
        "summer-supplement",
        "The Summer Supplement",
        Hue.YELLOW,
        (
            "love-is-the-lead-tee",
            "paper-round-tote",
            "press-cap",
            "foreign-correspondent-tote",
            "sports-desk-cap",
            "marriage-notice-box",
        ),
        standfirst="Parade, beach, airport, in that order.",
        body="Things that carry, shade and announce. Tested between Fair Day and the last ferry.",
        alt="Flat-lay of a pink T-shirt, two canvas totes and a sand-coloured cap",
        draw=flat_lays.summer_supplement,
    ),
    _section(
        "sports-pages",
        "The Sports Pages",
        Hue.GREEN,
        ("love-all-tee", "sports-desk-cap", "running-copy-socks", "column-inches-socks"),
        standfirst="For those who play and those who bring the oranges.",
        body="Read from the back, like every good newspaper. All sizes, all codes, no trials.",
        alt="Flat-lay of a green T-shirt, a white and green cap and two pairs of socks",
        draw=flat_lays.sports_pages,
    ),
    _section(
        "night-desk",
        "The Night Desk",
        Hue.BLUE,
        (
            "late-edition-hoodie",
            "night-desk-hoodie",
            "on-background-cap",
            "footnotes-socks",
            "night-shift-box",
            "stop-the-presses-sweatshirt",
            "embargoed-hoodie",
        ),
        standfirst="Warm things for whoever is still up.",
        body="Fleece, wool-free and heavy. Put the hood up and let it go to voicemail.",
        alt="Flat-lay of a black and a grey hoodie, a navy cap and plum socks",
        draw=flat_lays.night_desk,
    ),
    _section(
        "arts-and-letters",
        "Arts & Letters",
        Hue.VIOLET,
        (
            "fifty-three-print",
            "sixty-one-point-six-print",
            "becoming-fabulous-print",
            "style-guide-notebook",
            "byline-pin",
            "ampersand-pin",
            "full-stop-pin",
            "sic-sticker",
            "supporter-sticker",
            "remarks-sticker-sheet",
            "saturday-square-puzzle",
            "marriage-notice-box",
            "off-the-record-tee",
            "first-draft-mug",
            "on-the-record-notebook",
            "cadet-kit",
            "footnotes-socks",
        ),
        standfirst="Paper, ink and small metal things.",
        body="For walls, lapels and margins. Each print says where its numbers come from.",
        alt="Flat-lay of a framed print, a loose print, a violet notebook, two pins and a sticker",
        draw=flat_lays.arts_and_letters,
    ),
)
