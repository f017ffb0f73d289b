"""The block for readers who enlarge, respace or use no mouse: all is there, and all is in reach."""

import pytest
from playwright.sync_api import Browser

from tests.browser.live import LiveShop
from tests.browser.news_page import ROOT, STILL, Host, some_goods, story, visit

SMALLEST_TARGET_PX = 24
RING_PX = 5
LARGER_TEXT = "html { font-size: 200% }"
WIDER_TEXT = """() => {
  const wider = new CSSStyleSheet();
  wider.replaceSync(`* {
    line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important;
  } p { margin-block-end: 2em !important; }`);
  const root = document.querySelector("store-widget").shadowRoot;
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, wider];
  document.adoptedStyleSheets = [wider];
}"""
"""The spacing of https://www.w3.org/TR/WCAG22/#text-spacing, as a reader's own style sheet."""

FAULTS = """(smallest) => {
  const root = document.querySelector("store-widget").shadowRoot, found = [];
  const all = (which) => [...root.querySelectorAll(which)];
  const box = (one) => one.getBoundingClientRect();
  const note = (fault, one) => found.push(`${fault}: ${one.localName}.${one.className}`);
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth) found.push(`page scrolls to ${page.scrollWidth}`);
  for (const one of all(":not(.trap, .products, .products *)")) {
    if (box(one).left < 0 || box(one).right > page.clientWidth) note("beyond the edge", one);
    if (one.localName !== "input" && getComputedStyle(one).overflow !== "visible") note("cut", one);
  }
  // Clamped to a few lines: they are whole, and the box is as high as two lines of its own letters.
  for (const one of all(".name, .why")) {
    const range = document.createRange();
    range.selectNodeContents(one);
    const most = Number(getComputedStyle(one).webkitLineClamp);
    const bottoms = new Set([...range.getClientRects()].map((line) => line.bottom));
    const lines = [...bottoms].slice(0, most);
    if (lines.some((bottom) => bottom > box(one).bottom + 1)) note("line cut", one);
    if (box(one).height < 2.5 * parseFloat(getComputedStyle(one).fontSize)) note("too low", one);
    if (one.scrollWidth > one.clientWidth) note("word cut", one);
  }
  for (const one of all("a:not(.name), button, .email, .product")) {
    if (Math.min(box(one).width, box(one).height) < smallest) note("too small a target", one);
    if (!one.checkVisibility({ opacityProperty: true })) note("hidden", one);
  }
  return found;
}"""


@pytest.fixture(autouse=True)
def _goods(live: LiveShop) -> None:
    some_goods(live)


def faults(host: Host) -> list[str]:
    found: list[str] = host.page.evaluate(FAULTS, SMALLEST_TARGET_PX)
    return found


@pytest.mark.parametrize("width", [320, 640, 1280])
def test_block_at_its_usual_size_is_whole(chromium: Browser, live: LiveShop, width: int) -> None:
    with visit(chromium, live.url, story(live.url), width=width) as host:
        host.shown()

        assert faults(host) == []


def test_window_at_twice_the_size_shows_the_whole_block(chromium: Browser, live: LiveShop) -> None:
    # To a page, 1280 pixels at 200 % are 640 that are two device pixels wide.
    with visit(chromium, live.url, story(live.url), width=640, device_scale_factor=2) as host:
        host.shown()

        assert faults(host) == []
        assert host.read("shift") <= STILL


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_letters_of_twice_the_size_have_room(chromium: Browser, live: LiveShop, width: int) -> None:
    with visit(chromium, live.url, story(live.url), width=width, styles=LARGER_TEXT) as host:
        host.shown()

        assert faults(host) == []


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_wider_spacing_of_text_cuts_nothing(chromium: Browser, live: LiveShop, width: int) -> None:
    with visit(chromium, live.url, story(live.url), width=width) as host:
        host.shown()
        host.read(WIDER_TEXT)

        assert faults(host) == []


def test_page_without_a_margin_does_not_scroll_sideways(chromium: Browser, live: LiveShop) -> None:
    edge_to_edge = "body { margin: 0 }"
    with visit(chromium, live.url, story(live.url), width=390, styles=edge_to_edge) as host:
        host.shown()

        assert faults(host) == []


def test_whole_card_of_a_product_is_its_link(chromium: Browser, live: LiveShop) -> None:
    with visit(chromium, live.url, story(live.url)) as host:
        host.shown()
        host.page.locator("store-widget .picture").first.scroll_into_view_if_needed()

        hit = host.read(f"""(() => {{
          const box = {ROOT}.querySelector(".picture").getBoundingClientRect();
          return {ROOT}.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2).className;
        }})()""")
        assert hit == "name"


def test_keyboard_brings_every_stop_into_view_on_a_phone(chromium: Browser, live: LiveShop) -> None:
    with visit(chromium, live.url, story(live.url), width=320) as host:
        host.shown()
        stops = [step(host, "Tab") for _stop in range(8)]
        back = [step(host, "Shift+Tab") for _stop in range(7)]

    assert [name for name, _in_view in stops] == [
        *["store", "name", "name", "name"],
        *["email", "button", "consent", "tips"],
    ]
    assert [name for name, _in_view in back] == [name for name, _ in reversed(stops[:-1])]
    assert [name for name, in_view in stops + back if not in_view] == []


def step(host: Host, key: str) -> tuple[str, bool]:
    """Press it; return where the focus is then, and whether it and its ring are in view."""
    host.page.keyboard.press(key)
    host.page.wait_for_timeout(100)
    found = host.read(f"""(() => {{
      const one = {ROOT}.activeElement, box = one.getBoundingClientRect();
      const row = one.closest(".products")?.getBoundingClientRect();
      const left = Math.max(0, row?.left ?? 0);
      const right = Math.min(innerWidth, row?.right ?? innerWidth);
      const is_within = box.left - {RING_PX} >= left && box.right + {RING_PX} <= right
        && box.top - {RING_PX} >= 0 && box.bottom + {RING_PX} <= innerHeight;
      const is_ringed = getComputedStyle(one).outlineStyle === "solid";
      return [one.className || one.parentElement.className, is_within && is_ringed];
    }})()""")
    return found[0], found[1]


def test_keys_alone_sign_up_and_open_a_product(chromium: Browser, live: LiveShop) -> None:
    with visit(chromium, live.url, story(live.url)) as host:
        host.shown()
        object.__setattr__(live.services.settings, "news_origins", (host.read("location.origin"),))
        host.page.locator("store-widget .email").focus()
        host.page.keyboard.type("river@example.org")
        host.page.keyboard.press("Enter")
        host.until(f"{ROOT}.querySelector('.answer').textContent")
        said = host.read(f"{ROOT}.querySelector('.answer').textContent")
        host.page.keyboard.press("Shift+Tab")
        host.page.keyboard.press("Enter")
        host.page.wait_for_url("**/products/**")

        assert "Look into your mailbox" in said
