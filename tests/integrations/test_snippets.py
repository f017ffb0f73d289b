"""Promises that what the paper prints for servers and site builders works as it is pasted."""

import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.request import Request as Question
from urllib.request import urlopen

import pytest
from flask import Flask
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from store.clock import FixedClock
from store.database import db, writing
from store.widget.rules import silence
from tests.builders import a_product
from tests.integrations.fronts import (
    STORE_NAME,
    Storefront,
    a_certificate,
    needs,
    nginx,
    open_storefront,
    varnish,
)
from tests.integrations.paper import snippets
from tests.ports import free_port
from tests.shop import open_shop, some_settings

STORE_LINE = ">Visit the Gay Nation store now</a>"
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
BRIDGE = "8081"
ADDRESS = "stories%2Fa"
OF_A_READER = {
    "Accept-Encoding": "gzip",
    "Authorization": "Basic cml2ZXI6c2VjcmV0",
    "Cookie": "subscriber=river",
    "Referer": "https://search.example/?q=secret",
    "User-Agent": "A browser that few have",
}
LONGEST_WAIT_SECONDS = 2.5
"""One second for the store, and what a busy machine adds."""


@pytest.fixture
def app(tmp_path: Path, database_url: str, clock: FixedClock) -> Iterator[Flask]:
    """A shop under the name that the paper gives it, with one tee."""
    names = {"public_url": f"https://{STORE_NAME}", "news_origins": "https://news.example"}
    shop = open_shop(some_settings(tmp_path / "var", database_url, **names), clock)
    with shop.app.app_context():
        with writing():
            a_product(clock, title="Late Edition tee")
        db.session.remove()
    yield shop.app
    with shop.app.app_context():
        db.engine.dispose()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return a_certificate(tmp_path)


@dataclass(frozen=True, slots=True)
class Answer:
    text: str
    seconds: float

    @property
    def is_whole(self) -> bool:
        return "<p>Before.</p>" in self.text and self.text.rstrip().endswith("<p>After.</p></main>")


def read(url: str) -> Answer:
    """Read a story as a reader does who is signed in at the news site."""
    question = Question(url, headers=OF_A_READER)
    start = time.monotonic()
    with urlopen(question, timeout=30) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Encoding"] is None
        return Answer(answer.read().decode(), time.monotonic() - start)


def story(end: str) -> str:
    return f"<!doctype html><title>A story</title><main><p>Before.</p>\n{end}\n<p>After.</p></main>"


@contextmanager
def nginx_site(folder: Path, certificate: Path, store_port: int, end: str = "") -> Iterator[str]:
    """Serve a story that ends as the paper says, or otherwise; yield where the site is."""
    server, include = snippets("nginx")
    stories = folder / "site" / "stories"
    stories.mkdir(parents=True)
    (stories / "a.html").write_text(story(end or include))
    port = free_port()
    servers = f"server {{ listen 127.0.0.1:{port}; root {folder}/site; {server} }}"
    pasted = servers.replace(CERTIFICATES, str(certificate))
    with nginx(folder / "nginx", pasted, store_port=store_port, port=port):
        yield f"http://127.0.0.1:{port}"


def assert_nothing_of_the_reader(store: Storefront) -> None:
    for asked in store.asked:
        told = " ".join(str(value) for name, value in asked.items() if name.startswith("HTTP_"))
        assert asked["HTTP_HOST"] == STORE_NAME
        assert asked["QUERY_STRING"].startswith("url=https%3A%2F%2Fnews.example%2Fstories%2F")
        assert asked["QUERY_STRING"].endswith("&section=Sport")
        assert "HTTP_X_FORWARDED_FOR" not in asked
        for name in set(OF_A_READER) - {"Accept-Encoding"}:
            assert OF_A_READER[name] not in told


@needs("nginx", "openssl")
def test_nginx_puts_the_card_into_the_story(app: Flask, certificate: Path, tmp_path: Path) -> None:
    with (
        open_storefront(app, certificate) as store,
        nginx_site(tmp_path, certificate, store.port) as site,
    ):
        answer = read(f"{site}/stories/a.html")

    assert answer.is_whole
    assert "Late Edition tee" in answer.text
    assert f'href="https://{STORE_NAME}/from?story=https%3A%2F%2Fnews.example' in answer.text
    assert f"<p><a{STORE_LINE}" not in answer.text
    assert len(store.asked) == 1
    assert_nothing_of_the_reader(store)


@needs("nginx", "openssl")
@pytest.mark.parametrize(
    "ails", [pytest.param("silent", marks=pytest.mark.slow), "failing", "moved", "away"]
)
def test_nginx_prints_the_line_where_no_card_comes(
    app: Flask, certificate: Path, tmp_path: Path, ails: str
) -> None:
    with open_storefront(app, certificate) as store:
        store.ails = ails
        port = free_port() if ails == "away" else store.port
        with nginx_site(tmp_path, certificate, port) as site:
            answer = read(f"{site}/stories/a.html")

    assert answer.is_whole
    assert answer.text.count(STORE_LINE) == 1
    assert "store-widget" not in answer.text
    assert "Bad Gateway" not in answer.text
    assert answer.seconds < LONGEST_WAIT_SECONDS


@needs("nginx", "openssl")
def test_nginx_takes_a_story_of_a_long_address(
    app: Flask, certificate: Path, tmp_path: Path
) -> None:
    _server, include = snippets("nginx")
    long = include.replace(ADDRESS, "stories%2F" + "%D0%B1" * 150)
    with (
        open_storefront(app, certificate) as store,
        nginx_site(tmp_path, certificate, store.port, long) as site,
    ):
        answer = read(f"{site}/stories/a.html")

    assert "Late Edition tee" in answer.text
    assert_nothing_of_the_reader(store)


@needs("nginx", "openssl")
def test_nginx_asks_the_store_for_no_stranger(
    app: Flask, certificate: Path, tmp_path: Path
) -> None:
    with (
        open_storefront(app, certificate) as store,
        nginx_site(tmp_path, certificate, store.port) as site,
        urlopen(f"{site}/store-card?url=https%3A%2F%2Fnews.example%2Fstories%2Fa") as answer,
    ):
        assert answer.status == 204

    assert store.asked == []


@needs("nginx", "openssl")
def test_nginx_trusts_no_other_machine_with_the_store_s_name(
    app: Flask, certificate: Path, tmp_path: Path
) -> None:
    (tmp_path / "another").mkdir()
    with (
        open_storefront(app, a_certificate(tmp_path / "another")) as store,
        nginx_site(tmp_path, certificate, store.port) as site,
    ):
        answer = read(f"{site}/stories/a.html")

    assert answer.is_whole
    assert store.asked == []


@contextmanager
def varnish_site(folder: Path, origin: int, bridge: int) -> Iterator[str]:
    vcl, _include, _bridge = snippets("Varnish")
    own = f'vcl 4.1;\nbackend default {{ .host = "127.0.0.1"; .port = "{origin}"; }}\n'
    port = free_port()
    pasted = vcl.replace(f'"{BRIDGE}"', f'"{bridge}"')
    with varnish(folder / "varnish", own + pasted, port=port):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def bridge_to(store: Storefront, folder: Path, certificate: Path, port: int) -> Iterator[None]:
    """Run what the paper puts between Varnish and a store that is reached by TLS only."""
    _vcl, _include, bridge = snippets("Varnish")
    pasted = bridge.replace(BRIDGE, str(port)).replace(CERTIFICATES, str(certificate))
    with nginx(folder / "bridge", pasted, store_port=store.port, port=port):
        yield


@contextmanager
def origin_of_stories() -> Iterator[int]:
    """Serve stories that end as the paper says, each with its own address."""
    _vcl, include, _bridge = snippets("Varnish")

    @Request.application
    def answer(request: Request) -> Response:
        own = include.replace(ADDRESS, request.path.strip("/").replace("/", "%2F"))
        return Response(story(own), mimetype="text/html")

    server = make_server("127.0.0.1", 0, answer, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.slow
@needs("varnishd", "nginx", "openssl", "cc")
def test_varnish_puts_the_card_into_the_story_or_the_line(
    app: Flask, certificate: Path, tmp_path: Path
) -> None:
    port, answers = free_port(), {}
    with ExitStack() as stack:
        store = stack.enter_context(open_storefront(app, certificate))
        origin = stack.enter_context(origin_of_stories())
        site = stack.enter_context(varnish_site(tmp_path, origin, port))
        with bridge_to(store, tmp_path, certificate, port):
            shown = read(f"{site}/stories/shown")
            for store.ails in ("silent", "failing", "moved"):
                answers[store.ails] = read(f"{site}/stories/{store.ails}")
        answers["away"] = read(f"{site}/stories/away")

    assert shown.is_whole
    assert "Late Edition tee" in shown.text
    assert_nothing_of_the_reader(store)
    for ails, answer in answers.items():
        assert answer.is_whole, ails
        assert answer.text.count(STORE_LINE) == 1, ails
        assert "store-widget" not in answer.text, ails
        assert answer.seconds < LONGEST_WAIT_SECONDS, ails


@pytest.mark.slow
@needs("varnishd", "nginx", "openssl", "cc")
def test_varnish_shows_no_card_that_the_store_lets_nobody_keep(
    app: Flask, certificate: Path, tmp_path: Path, clock: FixedClock
) -> None:
    # Every card ends at midnight in Sydney, and that is a second away.
    clock.move_to(datetime(2026, 11, 22, 12, 59, 59, tzinfo=UTC))
    port = free_port()
    with ExitStack() as stack:
        store = stack.enter_context(open_storefront(app, certificate))
        origin = stack.enter_context(origin_of_stories())
        site = stack.enter_context(varnish_site(tmp_path, origin, port))
        stack.enter_context(bridge_to(store, tmp_path, certificate, port))
        before = read(f"{site}/stories/a")
        with app.app_context(), writing():
            silence("Sam", clock)
        time.sleep(1.5)
        after = read(f"{site}/stories/a")

    assert "Late Edition tee" in before.text
    assert "Late Edition tee" not in after.text
    assert after.is_whole


class Tag(HTMLParser):
    """The attributes of the tag on a page that was built, as a browser reads them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.attributes: dict[str, str | None] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "store-widget":
            self.attributes = dict(attrs)


@needs("hugo")
@pytest.mark.parametrize(
    ("front_matter", "tags"),
    [
        ('tags: ["swimming", "R&B \\"live\\""]', 'swimming,R&B "live",'),
        ("tags: swimming", "swimming,"),
        ("tags: []", ""),
        ("weight: 1", ""),
    ],
)
def test_hugo_prints_the_story_s_own_words(tmp_path: Path, front_matter: str, tags: str) -> None:
    (template,) = snippets("Hugo")
    (tmp_path / "layouts/_default").mkdir(parents=True)
    (tmp_path / "layouts/_default/single.html").write_text(template)
    (tmp_path / "content/sport").mkdir(parents=True)
    (tmp_path / "hugo.toml").write_text('baseURL = "https://news.example/"')
    words = f"""---\ntitle: 'The "pool" & it''s <b>open</b>'\n{front_matter}\n---\nBody."""
    (tmp_path / "content/sport/pool.md").write_text(words)

    config = ("--config", "hugo.toml", "--source", str(tmp_path))
    subprocess.run(["hugo", "--quiet", *config], check=True, capture_output=True)

    page = (tmp_path / "public/sport/pool/index.html").read_text()
    assert STORE_LINE in page
    assert Tag(page).attributes == {
        "store": "https://shop.example",
        "url": "https://news.example/sport/pool/",
        "title": """The "pool" & it's <b>open</b>""",
        "section": "sport",
        "tags": tags,
    }
