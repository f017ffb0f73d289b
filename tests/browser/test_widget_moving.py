"""The block is placed, moved and changed while it asks; nothing throws and nobody is blamed."""

import time

import pytest
from playwright.sync_api import Browser, Route

from tests.browser.live import LiveShop
from tests.browser.news_page import story, visit
from tests.browser.test_widget import _goods as goods

__all__ = ["goods"]

MADE = "const tag = document.createElement('store-widget'); tag.setAttribute('store', '%s');"
SHOWN = """() => {
  const root = document.querySelector("store-widget").shadowRoot;
  return [".product", ".signup"].map((part) => root.querySelectorAll(part).length);
}"""
INTO_A_FRAME = """
  const frame = document.createElement("iframe");
  document.body.append(frame);
  frame.contentDocument.body.append(tag);
  document.body.append(tag);
"""


def answer_late(route: Route) -> None:
    time.sleep(0.5)
    route.continue_()


@pytest.mark.parametrize(
    ("later", "after_ms", "shown"),
    [
        ("document.querySelector('main').append(tag)", 150, [3, 1]),
        ("tag.setAttribute('title', 'Another headline')", 150, [3, 1]),
        ("tag.setAttribute('quiet', '')", 1200, [0, 0]),
        ("tag.setAttribute('newsletter', 'off')", 1200, [3, 0]),
        (INTO_A_FRAME, 1200, [3, 1]),
    ],
    ids=["moved", "retitled", "quieted", "without newsletter", "through a frame"],
)
@pytest.mark.usefixtures("goods")
def test_what_happens_to_the_tag_is_followed_without_a_word(
    chromium: Browser, live: LiveShop, later: str, after_ms: int, shown: list[int]
) -> None:
    script = f"document.body.append(tag); setTimeout(() => {{ {later} }}, {after_ms})"
    with visit(chromium, live.url, story(live.url, body="<p>x</p>")) as host:
        host.page.route("**/card.json*", answer_late)
        host.page.evaluate(f"() => {{ {MADE % live.url} {script} }}")
        host.page.wait_for_timeout(after_ms + 2000)

        assert host.page.evaluate(SHOWN) == shown
        assert host.page.evaluate("errors") == []
        assert host.said == []
