"""The tag when the store is slow or the reader's machine is: nothing moves, nobody is held up."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from store.widget.loader import FLOATING, loader
from tests.browser.live import LiveShop
from tests.browser.news_page import STILL, Host, host_of, news_site, some_goods, story, visit

LONG_TASK_MS = 50
SLOWER = 4
TRIES = 3
FRAMES = """
window.frames_seen = [];
new PerformanceObserver((list) => {
  for (const frame of list.getEntries()) {
    frames_seen.push(frame.scripts.map(({ sourceURL, duration }) => [sourceURL, duration]));
  }
}).observe({ type: "long-animation-frame", buffered: true });
"""
BUSY_MS = 120
BUSY = f"""addEventListener("load", () => setTimeout(() => {{
  const end = performance.now() + {BUSY_MS};
  while (performance.now() < end);
}}));"""
STORE_LINE = "Visit the Gay Nation store now"


@pytest.fixture(autouse=True)
def _goods(live: LiveShop) -> None:
    some_goods(live)


@contextmanager
def hesitant_store(
    live: LiveShop, *, begins: bool = False
) -> Iterator[tuple[str, threading.Event]]:
    """Serve the shop's own tag and cards, each card when the event is set or half of it before."""
    may_answer = threading.Event()

    @Request.application
    def answer(request: Request) -> Response:
        if request.path == FLOATING:
            response = Response(loader().content, mimetype="text/javascript")
        else:
            with urlopen(live.url + request.full_path, timeout=30) as from_the_shop:
                card = from_the_shop.read()
            response = Response(pieces(card), mimetype="application/json")
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    def pieces(card: bytes) -> Iterator[bytes]:
        if begins:
            yield card[:200]
        may_answer.wait(30)
        yield card[200:] if begins else card

    server = make_server("127.0.0.1", 0, answer, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}", may_answer
    finally:
        may_answer.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("begins", [False, True], ids=["silent", "breaks off"])
def test_answer_after_the_time_is_not_waited_for(
    chromium: Browser, live: LiveShop, *, begins: bool
) -> None:
    with (
        hesitant_store(live, begins=begins) as (store, may_answer),
        visit(chromium, store, story(store)) as host,
    ):
        host.page.wait_for_timeout(3000)
        said_early = list(host.said)
        host.until("errors.length > 0", seconds=10)
        may_answer.set()
        host.page.wait_for_timeout(500)

        assert host.page.get_by_role("link", name=STORE_LINE).is_visible()
        assert host.page.locator("store-widget .product").count() == 0
        assert said_early == []
        assert host.read("errors.length") == 1
        assert len(host.said) == 1
        assert "is it up" in host.said[0]
        assert host.read("shift") <= STILL
        assert host.read("violations") == []


def test_slow_answer_still_becomes_the_block(chromium: Browser, live: LiveShop) -> None:
    with hesitant_store(live) as (store, may_answer), visit(chromium, store, story(store)) as host:
        host.page.wait_for_timeout(2000)
        waited = host.page.get_by_role("link", name=STORE_LINE).is_visible()
        may_answer.set()
        host.shown()
        # Past the time after which the tag would have given up.
        host.page.wait_for_timeout(2500)

        assert waited
        assert host.page.locator("store-widget .product").count() == 3
        assert host.read("shift") <= STILL
        assert host.read("errors") == []
        assert host.said == []


@pytest.mark.slow
def test_slow_machine_is_not_held_up(chromium: Browser, live: LiveShop) -> None:
    longest = []
    for _try in range(TRIES):
        with slow_machine(chromium, live) as host:
            host.shown()
            host.page.wait_for_timeout(500)
            seen = host.read("frames_seen")
        # Without this the promise below would hold for a browser that notices nothing.
        assert longest_run(seen, "/busy.js") >= BUSY_MS
        longest.append(longest_run(seen, FLOATING))

    # The machine of the tests is shared: what others take of it is in no more than some tries.
    assert min(longest) <= LONG_TASK_MS


@contextmanager
def slow_machine(chromium: Browser, live: LiveShop) -> Iterator[Host]:
    """Visit the story with a fourth of the machine, beside a script that really is in the way."""
    context = chromium.new_context(viewport={"width": 390, "height": 900})
    host = host_of(context.new_page())
    context.new_cdp_session(host.page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    host.page.add_init_script(FRAMES)
    html = story(live.url, more='<script src="/busy.js"></script>')
    with news_site(live.url, html, files={"/busy.js": BUSY}) as address:
        host.page.goto(address)
        yield host
    context.close()


def longest_run(frames: list[list[tuple[str, float]]], script: str) -> float:
    """Return for how many milliseconds at most this script ran within one frame."""
    return max(
        (sum(ms for url, ms in frame if url.endswith(script)) for frame in frames), default=0.0
    )
