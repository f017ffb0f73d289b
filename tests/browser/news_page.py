"""A page of a strict news site with the block under its story, and what came of a visit."""

import io
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from store.database import writing
from store.media.images import store_picture
from store.media.renditions import make_renditions
from store.widget.loader import RESERVE
from tests.browser.live import LiveShop
from tests.builders import a_collection, a_product, an_image

FALLBACK = """
  <p><a href="{store}/">Visit the Gay Nation store now</a></p>
  <p>Got tips, or a story that you would like published? <a href="{store}/tips">Tell us</a></p>
"""
STYLES = f"""{RESERVE}
body {{ margin: 1rem }} h1 {{ overflow-wrap: anywhere }} .space-far {{ min-height: 4000px }}"""
WATCH = """
window.violations = []; window.shift = 0; window.errors = [];
addEventListener("securitypolicyviolation", (e) => violations.push(e.violatedDirective));
addEventListener("error", (e) => errors.push(String(e.message)));
addEventListener("unhandledrejection", (e) => errors.push(String(e.reason)));
addEventListener("store-widget-error", (e) => errors.push("event: " + e.detail));
new PerformanceObserver((list) => {
  for (const e of list.getEntries()) if (!e.hadRecentInput) shift += e.value;
}).observe({ type: "layout-shift", buffered: true });
"""
STRICT = (
    "default-src 'none'; script-src 'self' {store}; style-src 'self'; img-src 'self' {store};"
    " connect-src {store}; require-trusted-types-for 'script'; trusted-types 'none'"
)
ROOT = "document.querySelector('store-widget').shadowRoot"
STILL = 0.001
"""As much may the page move, in the measure of Chromium's layout shifts."""


@dataclass
class Host:
    """A page of a news site and what came of it."""

    page: Page
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def cards(self) -> list[str]:
        return [url for url in self.asked if "/card.json" in url]

    def read(self, expression: str) -> Any:
        return self.page.evaluate(expression)

    def until(self, expression: str, *, seconds: float = 5) -> None:
        """Wait for it from outside: the page's own policy lets nobody evaluate text inside."""
        for _try in range(round(seconds * 20)):
            if self.read(expression):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"in vain: {expression}")

    def shown(self) -> None:
        """Wait until the products stand there and nothing is on its way any more."""
        self.page.locator("store-widget .product").first.wait_for()
        self.page.wait_for_timeout(150)


def story(
    store: str, body: str = "", attributes: str = "", space_above: str = "1rem", more: str = ""
) -> str:
    tag = (
        f'<store-widget store="{store}" {attributes}>{FALLBACK.format(store=store)}</store-widget>'
    )
    return f"""<!doctype html><html lang="en-AU"><head><meta charset="utf-8"><title>A story</title>
<meta name="viewport" content="width=device-width">
<link rel="canonical" href="http://localhost/stories/pool">
<meta property="og:title" content="The pool reopens">
<meta property="article:section" content="Sport">
<meta property="article:tag" content="swimming">
<link rel="stylesheet" href="/site.css"><script src="/watch.js"></script>{more}
<script type="module" src="{store}/widget/v1.js"></script></head>
<body><main><h1>The pool reopens</h1><p class="space-{space_above}">Words.</p>
{body or tag}<p id="after">After.</p></main></body></html>"""


@contextmanager
def news_site(
    store: str,
    html: str,
    *,
    styles: str = "",
    files: Mapping[str, str] | None = None,
    policy: str = STRICT,
) -> Iterator[str]:
    """Serve the page under a policy that lets nothing in but the store; yield its address."""
    policy = policy.format(store=store)
    served = {"/site.css": STYLES + styles, "/watch.js": WATCH, **(files or {})}
    kinds = {"css": "text/css", "js": "text/javascript"}

    @Request.application
    def answer(request: Request) -> Response:
        content = served.get(request.path, html)
        kind = kinds.get(request.path.rpartition(".")[2], "text/html")
        return Response(content, mimetype=kind, headers={"Content-Security-Policy": policy})

    server = make_server("localhost", 0, answer, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://localhost:{server.port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def visit(
    chromium: Browser,
    store: str,
    html: str,
    *,
    width: int = 390,
    styles: str = "",
    policy: str = STRICT,
    **options: Any,
) -> Iterator[Host]:
    context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
    host = host_of(context.new_page())
    with news_site(store, html, styles=styles, policy=policy) as address:
        host.page.goto(address)
        yield host
    context.close()


def host_of(page: Page) -> Host:
    """Note from now on what the page asks for and what it says to the console."""
    host = Host(page)
    page.on("request", lambda request: host.asked.append(request.url))
    page.on("console", lambda said: host.said.append(said.text) if said.type == "warning" else None)
    return host


def some_goods(live: LiveShop) -> None:
    """Offer what fits the story: with pictures, a long word, and more words than two lines hold."""
    picture = io.BytesIO()
    Image.new("RGB", (400, 500), "darkslateblue").save(picture, "PNG")
    stored = store_picture(picture.getvalue(), live.services.media)
    make_renditions(stored.content_hash, live.services.media)
    with live.app.app_context(), writing():
        clock = live.services.clock
        goods = [
            a_product(
                clock,
                title=f"A swimming tee of rather incomprehensible words, number {n}",
                tags=["swimming"],
            )
            for n in range(4)
        ]
        for product in goods:
            an_image(product, content_hash=stored.content_hash).has_renditions = True
        a_collection(clock, goods)
