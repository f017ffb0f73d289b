"""The demonstration's pictures are whole, self-contained, and the same on every machine."""

import re
import subprocess
import sys
from hashlib import sha256
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from store.sandbox.catalogue import DemoPicture, catalogue
from store.sandbox.catalogue.drawing import brand
from store.sandbox.catalogue.drawing.lettering import Face, set_line
from store.sandbox.catalogue.drawing.light import fold
from store.sandbox.catalogue.drawing.plate import Plate, around, chest
from store.sandbox.catalogue.raster import raster

pytestmark = pytest.mark.slow

GOODS = catalogue()
# One product of each kind: the others differ in colour and print alone.
KINDS = list({product.product_type: product for product in GOODS.products}.values())
SEEN = [
    *(product.pictures[0] for product in KINDS),
    *(product.pictures[-1] for product in KINDS),
    GOODS.collections[-1].picture,
]
STICKER = GOODS.product("sic-sticker").pictures[0]


@pytest.mark.parametrize("picture", SEEN, ids=lambda picture: picture.key)
def test_drawings_are_whole_and_self_contained(picture: DemoPicture) -> None:
    svg = picture.svg()

    root = ET.fromstring(svg)
    links = [value for node in root.iter() for name, value in node.items() if "href" in name]
    assert root.get("viewBox") == "0 0 1200 1500"
    assert not [node for node in root.iter() if node.tag.endswith(("script", "text", "style"))]
    assert all(link.startswith("data:image/png;base64,") for link in links)


@pytest.mark.parametrize("picture", SEEN[:3], ids=lambda picture: picture.key)
def test_every_definition_that_is_named_is_there(picture: DemoPicture) -> None:
    svg = picture.svg()

    assert set(re.findall(r"url\(#(\w+)\)", svg)) <= set(re.findall(r'id="(\w+)"', svg))


@pytest.mark.parametrize("width", [160, 480])
def test_rasters_are_as_wide_as_asked_and_four_to_five(width: int) -> None:
    picture = Image.open(BytesIO(raster(STICKER.svg(), width)))

    assert picture.size == (width, width * 5 // 4)
    assert picture.format == "PNG"


def test_another_interpreter_draws_the_same_bytes() -> None:
    code = (
        "import sys, hashlib\n"
        "from store.sandbox.catalogue import catalogue\n"
        "from store.sandbox.catalogue.raster import raster\n"
        "svg = catalogue().product('press-cap').pictures[0].svg()\n"
        "print(hashlib.sha256(raster(svg, 300)).hexdigest())\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()

    here = raster(GOODS.product("press-cap").pictures[0].svg(), 300)
    assert sha256(here).hexdigest() == told


def test_colours_can_be_told_apart_at_card_size() -> None:
    for handle in ("above-the-fold-tee", "late-edition-hoodie", "press-cap"):
        product = GOODS.product(handle)
        fronts = [p for p in product.pictures if p.variant_option_value]
        middles = {_body_colour(raster(front.svg(), 160)) for front in fronts}
        assert len(middles) == len(fronts)


def _body_colour(png: bytes) -> object:
    """The commonest colour of the middle, coarsely."""
    middle = Image.open(BytesIO(png)).convert("RGB").crop((55, 70, 105, 130)).resize((25, 30))
    counted = middle.point(lambda value: value // 40 * 40).getcolors(750)
    assert counted is not None
    return max(counted)[1]


def test_the_mark_has_no_words_and_is_square() -> None:
    root = ET.fromstring(brand.mark())
    icon = Image.open(BytesIO(raster(brand.mark(), 16)))

    assert root.get("viewBox") == "0 0 64 64"
    assert icon.size == (16, 16)
    assert len(icon.convert("RGB").getcolors(256) or []) >= 8


def test_the_social_picture_has_the_size_that_networks_ask_for() -> None:
    picture = Image.open(BytesIO(raster(brand.social(), 1200)))

    assert picture.size == (1200, 630)


def test_kerning_brings_letters_together() -> None:
    apart = set_line("A", Face.SERIF_BLACK, 100).width + set_line("V", Face.SERIF_BLACK, 100).width

    assert set_line("AV", Face.SERIF_BLACK, 100).width < apart


@pytest.mark.parametrize("face", Face)
def test_every_fount_sets_a_headline(face: Face) -> None:
    line = set_line("Hold the front page", face, 40)

    assert line.width > 100
    assert {command for command, _ in line.figure} <= set("MLQCZ")


def test_a_line_fills_the_measure_it_is_given() -> None:
    plate = Plate()
    plate.type("EXTRA", Face.POSTER, (0, 0), ink="#000000", width=400)

    xs = [x for _, figure in plate.inked for _, points in figure for x, _ in points]
    assert max(xs) - min(xs) == pytest.approx(400, abs=24)


def test_print_narrows_towards_the_side_of_a_mug() -> None:
    press = around(0, 0, 250)

    assert press(100, 0)[0] - press(0, 0)[0] > press(300, 0)[0] - press(200, 0)[0]


def test_print_on_a_chest_sags_in_the_middle() -> None:
    press = chest(600, 600)

    assert press(0, 0)[1] > press(-200, 0)[1]


def test_a_fold_is_widest_in_its_middle() -> None:
    assert fold((0, 0), (50, 0), (100, 0), 10) == "M0 0Q50 10 100 0Q50 -10 0 0Z"
