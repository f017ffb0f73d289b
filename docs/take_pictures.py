#!/usr/bin/env python
"""Takes the README's pictures in Chromium, buying for real in a running `bin/demo`."""

import io
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click
from PIL import Image, ImageChops, ImageDraw
from playwright.sync_api import Browser, Locator, Page, ViewportSize, sync_playwright

PICTURES = Path(__file__).parent / "pictures"
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 900}
DENSITY = 2
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run"
    " --disable-background-networking --disable-component-update --disable-sync"
    " --hide-scrollbars"
).split()
MOST_BYTES = 150_000
QUALITIES = (88, 82, 76, 70, 62, 54, 46)
DESK_WIDTH_PX, PHONE_WIDTH_PX, TOGETHER_HEIGHT_PX = 1400, 640, 900
GAP_PX, CORNER_PX = 40, 18
HAIRLINE = (0, 0, 0, 46)
CARD = {
    "Email": "robin@example.org",
    "Card number": "4242 4242 4242 4242",
    "Expiry": "12 / 34",
    "CVC": "123",
    "Name": "Robin Reader",
    "Address line 1": "1 Crown Street",
    "Suburb": "Surry Hills",
    "State": "NSW",
    "Postcode": "2010",
}
TO_TOP = "element => { element.scrollIntoView(); scrollBy(0, -24); }"
# What has loaded and decoded, and every face in place: a picture shows what a reader sees at rest.
AT_REST = """async () => {
  await document.fonts.ready;
  const seen = [...document.images].filter((image) => {
    const { top, bottom, width } = image.getBoundingClientRect();
    return width > 0 && bottom > 0 && top < innerHeight;
  });
  await Promise.all(seen.map((image) => image.decode().catch(() => null)));
}"""


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the pictures show, by address."""

    shown: str
    bought: tuple[str, ...]


@click.command()
@click.argument("shop", default="http://127.0.0.1:5000")
@click.option("--shown", default="", help="Product whose page is shown.  [default: the lead]")
@click.option("--bought", multiple=True, help="Products in the cart.  [default: three of home]")
def main(shop: str, shown: str, bought: tuple[str, ...]) -> None:
    """Take home, product, cart, pay page, thanks and order of the SHOP at this address."""
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or "/usr/bin/chromium", args=FLAGS
        )
        new_page = opener(browser, shop.rstrip("/"))
        shelf = _shelf(new_page(), shown, bought)
        _take_home(new_page)
        _take_purchase(new_page(), shelf)
        browser.close()


def opener(browser: Browser, shop: str) -> Callable[[], Page]:
    def open_page() -> Page:
        context = browser.new_context(
            base_url=shop,
            viewport=DESK,
            device_scale_factor=DENSITY,
            color_scheme="light",
            reduced_motion="reduce",
            locale="en-AU",
        )
        context.set_default_timeout(20_000)
        return context.new_page()

    return open_page


def _shelf(page: Page, shown: str, bought: tuple[str, ...]) -> Shelf:
    """Choose what home leads with, as long as nobody asked for anything else."""
    page.goto("/")
    links = page.locator("main a[href*='/products/']").evaluate_all(
        "links => links.map((link) => new URL(link.href).pathname)"
    )
    paths = list(dict.fromkeys(links))
    if not paths:
        raise click.ClickException("home shows no product: is the demonstration set up?")
    return Shelf(
        f"/products/{shown}" if shown else paths[0],
        tuple(f"/products/{handle}" for handle in bought) or tuple(paths[:3]),
    )


def _take_home(new_page: Callable[[], Page]) -> None:
    page = new_page()
    page.goto("/")
    save("home", _together(shot(page, DESK), shot(page, PHONE)))
    page.emulate_media(color_scheme="dark")
    save("home-night", _together(shot(page, DESK), shot(page, PHONE)))


def _take_purchase(page: Page, shelf: Shelf) -> None:
    page.goto(shelf.shown)
    save("product", framed(shot(page, DESK), DESK_WIDTH_PX))
    for path in shelf.bought:
        _put_in_cart(page, path)
    page.goto("/cart")
    save("cart", framed(shot(page, DESK), DESK_WIDTH_PX))
    page.get_by_role("button", name="Check out").click()
    page.wait_for_url(re.compile("/pay/"))
    for label, words in CARD.items():
        page.get_by_label(label, exact=True).fill(words)
    save("pay", framed(shot(page, PHONE), PHONE_WIDTH_PX))
    page.get_by_role("button", name=re.compile("^Pay ")).click()
    page.get_by_role("heading", name="Thank you").wait_for()
    save("thanks", framed(shot(page, PHONE), PHONE_WIDTH_PX))
    page.get_by_role("link", name="See your order").click()
    page.wait_for_url(re.compile("/orders/"))
    page.emulate_media(color_scheme="dark")
    save("order", framed(shot(page, PHONE), PHONE_WIDTH_PX))


def _put_in_cart(page: Page, path: str) -> None:
    page.goto(path)
    with page.expect_response(lambda answer: answer.url.endswith("/cart/lines")) as posted:
        page.get_by_role("button", name="Add to cart").first.click()
    if posted.value.status >= 400:
        raise click.ClickException(f"{path} cannot be bought: {posted.value.status}")


def shot(
    page: Page, size: ViewportSize, top: Locator | None = None, *, keeps_focus: bool = False
) -> Image.Image:
    """Show the page from its top, or from an element on."""
    page.set_viewport_size(size)
    if not keeps_focus:
        page.evaluate("() => { document.activeElement?.blur(); scrollTo(0, 0); }")
    if top:
        top.evaluate(TO_TOP)
    page.wait_for_load_state("networkidle")
    page.evaluate(AT_REST)
    return Image.open(io.BytesIO(page.screenshot())).convert("RGBA")


def _together(desk: Image.Image, phone: Image.Image) -> Image.Image:
    """Put both side by side, as high as each other."""
    parts = [framed(part, _width_at(part, TOGETHER_HEIGHT_PX)) for part in (desk, phone)]
    width = sum(part.width for part in parts) + GAP_PX
    sheet = Image.new("RGBA", (width, TOGETHER_HEIGHT_PX), (0, 0, 0, 0))
    sheet.paste(parts[0], (0, 0))
    sheet.paste(parts[1], (parts[0].width + GAP_PX, 0))
    return sheet


def _width_at(shot: Image.Image, height: int) -> int:
    return round(shot.width * height / shot.height)


def framed(shot: Image.Image, width: int) -> Image.Image:
    """Scale it, round its corners and draw a hairline, so that it ends on white and on black."""
    size = (width, round(shot.height * width / shot.width))
    scaled = shot.resize(size, Image.Resampling.LANCZOS)
    border = Image.new("RGBA", size, (0, 0, 0, 0))
    box = (0, 0, size[0] - 1, size[1] - 1)
    ImageDraw.Draw(border).rounded_rectangle(box, CORNER_PX, outline=HAIRLINE, width=2)
    scaled.alpha_composite(border)
    scaled.putalpha(ImageChops.multiply(scaled.getchannel("A"), _rounded(size)))
    return scaled


def _rounded(size: tuple[int, int]) -> Image.Image:
    """Return a mask that is drawn larger and scaled down, so that its corners are smooth."""
    large = Image.new("L", (size[0] * DENSITY, size[1] * DENSITY), 0)
    box = (0, 0, large.width - 1, large.height - 1)
    ImageDraw.Draw(large).rounded_rectangle(box, CORNER_PX * DENSITY, fill=255)
    return large.resize(size, Image.Resampling.LANCZOS)


def save(name: str, picture: Image.Image) -> None:
    """Write the best quality that stays light enough for a README."""
    path = PICTURES / f"{name}.webp"
    for quality in QUALITIES:
        picture.save(path, "WEBP", quality=quality, method=6)
        if path.stat().st_size <= MOST_BYTES:
            break
    click.echo(f"{path.name}: {picture.width} × {picture.height}, {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
