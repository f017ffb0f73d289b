"""Embedded as WordPress embeds whom it does not know: sanitised, sandboxed, told by message."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import nh3
import pytest
from playwright.sync_api import Browser
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from store.database import writing
from tests.browser.live import LiveShop
from tests.builders import a_collection, a_product, an_image

KEPT = {
    "a": {"href"},
    "blockquote": set(),
    "iframe": {
        "src",
        "width",
        "height",
        "frameborder",
        "marginwidth",
        "marginheight",
        "scrolling",
        "title",
    },
}
# pragma: allowlist nextline secret - made up for these frames
SECRET = "a1B2c3D4e5"
HOST_SCRIPT = """
window.heard = [];
addEventListener("message", (event) => {
  const { message, value, secret } = event.data ?? {};
  if (!message || !value || !secret || /[^a-zA-Z0-9]/.test(secret)) return;
  const frame = document.querySelector(`iframe[data-secret="${secret}"]`);
  if (!frame || event.source !== frame.contentWindow) return;
  heard.push({ message, value, origin: event.origin });
  if (message === "height") frame.height = Math.min(1000, Math.max(200, parseInt(value, 10)));
});
"""


def sanitised(html: str) -> str:
    """Return what WordPress leaves of a stranger's answer, in the frame that it puts around it."""
    clean = nh3.clean(html, tags=set(KEPT), attributes=KEPT, link_rel=None)
    found = re.search(r"(<blockquote>.*?</blockquote>)?.*(<iframe.*?></iframe>)", clean, re.DOTALL)
    assert found is not None, "WordPress refuses an answer without a frame"
    frame = re.sub(r' src="(.*?)"', rf' src="\1#?secret={SECRET}" data-secret="{SECRET}"', found[2])
    return (found[1] or "") + frame.replace("<iframe", '<iframe sandbox="allow-scripts"', 1)


@contextmanager
def blog(body: str) -> Iterator[str]:
    """Serve a page of another site with this in its post."""
    page = f"<!doctype html><title>A blog</title>{body}<script>{HOST_SCRIPT}</script>"

    @Request.application
    def answer(_request: Request) -> Response:
        return Response(page, mimetype="text/html")

    server = make_server("localhost", 0, answer, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://localhost:{server.port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_product_stands_in_a_wordpress_post(live: LiveShop, chromium: Browser) -> None:
    with live.app.app_context(), writing():
        a_product(live.services.clock, title="Late Edition tee", handle="late-edition")
    answer = live.app.test_client().get(
        "/oembed",
        query_string={"url": f"{live.url}/products/late-edition"},
        headers={"Host": live.url.removeprefix("http://")},
    )
    context = chromium.new_context(viewport={"width": 700, "height": 900})
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)

    with blog(sanitised(json.loads(answer.data)["html"])) as address:
        page.goto(address)
        page.wait_for_function("heard.some(({ message }) => message === 'height')")
        frame = page.frame_locator("iframe")
        assert frame.get_by_role("heading", name="Late Edition tee").is_visible()
        inner = frame.locator("body").evaluate("body => body.getBoundingClientRect().height")
        page.wait_for_function("document.querySelector('iframe').height >= 200")
        height = int(page.locator("iframe").get_attribute("height") or 0)
        frame.get_by_role("link", name="Late Edition tee").click()
        page.wait_for_function("heard.some(({ message }) => message === 'link')")
        heard = page.evaluate("heard")

    context.close()
    assert abs(height - max(200, inner)) <= 1
    assert {
        "message": "link",
        "value": f"{live.url}/products/late-edition",
        "origin": "null",
    } in heard
    assert faults == []


@pytest.mark.parametrize("width", [320, 479, 600])
@pytest.mark.parametrize("path", ["/products/tee-0", "/collections/front-page"])
def test_frame_of_a_host_that_does_not_listen_cuts_nothing_off(
    live: LiveShop, chromium: Browser, path: str, width: int
) -> None:
    with live.app.app_context(), writing():
        goods = [
            a_product(
                live.services.clock, title=f"A tee of rather many words, {n}", handle=f"tee-{n}"
            )
            for n in range(4)
        ]
        for number, tee in enumerate(goods):
            an_image(tee, content_hash=str(number) * 64).has_renditions = True
        a_collection(live.services.clock, goods)
    answer = live.app.test_client().get(
        "/oembed",
        query_string={"url": live.url + path, "maxwidth": width},
        headers={"Host": live.url.removeprefix("http://")},
    )
    page = chromium.new_page(viewport={"width": width, "height": 200})
    page.goto(f"{live.url}/embed{path}")
    needed = page.evaluate("document.body.getBoundingClientRect().height")
    page.close()

    assert answer.json is not None
    assert needed <= answer.json["height"] <= needed + 120
