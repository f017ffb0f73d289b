"""What a product page weighs on the wire before its pictures."""

from pathlib import Path

import brotli
from flask.testing import FlaskClient

from store.database import writing
from store.web.assets import ensure_built
from store.web.typeface import headline_face
from tests.builders import a_product
from tests.shop import Shop

PAGE_BYTES = 60_000
FACE_BYTES = 25_000


def test_product_page_with_its_styles_and_scripts_is_light(
    shop: Shop, reader: FlaskClient, tmp_path: Path
) -> None:
    with shop.app.app_context(), writing():
        sizes, colours = ["XS", "S", "M", "L", "XL", "2XL", "3XL"], ["Ink", "Paper", "Plum", "Sage"]
        a_product(shop.clock, handle="tee", options={"Colour": colours, "Size": sizes})
    assets = ensure_built(build=tmp_path)
    built = assets.build / assets.version

    page = len(brotli.compress(reader.get("/products/tee").data))
    styles = (built / "css/main.css.br").stat().st_size
    scripts = sum(path.stat().st_size for path in (built / "js").rglob("*.js.br"))

    assert page + styles + scripts <= PAGE_BYTES, (page, styles, scripts)


def test_headline_face_is_light() -> None:
    face = headline_face()

    assert face is None or len(face) <= FACE_BYTES
