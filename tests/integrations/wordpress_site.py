"""A WordPress site that carries the plugin, one PHP process a visit, and a store made to order."""

import json
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from store.paths import ROOT

PLUGIN = ROOT / "integrations" / "wordpress" / "store-widget"
VISIT = Path(__file__).parent / "wordpress" / "visit.php"
LINK = "https://news.example/2026/11/pool-reopens/"
EDITOR, ADMINISTRATOR = ("edit_post",), ("edit_post", "manage_options")
PHP = shutil.which("php")
SHOP = "https://shop.example"
VISIT_LINE = "Visit the Gay Nation store now"
ATTACKS = ('"><script>alert(1)</script>', "' onmouseover='alert(1)", '" onmouseover="alert(1)')
OPTIONS = (
    *("store", "store_name", "tips", "footer", "mode", "count"),
    *("newsletter", "theme", "cache_seconds", "script", "integrity"),
)
FAR_LATER = 2 * 86_400
ASKED = {
    "url": LINK,
    "title": "The pool reopens — at last & in time",
    "section": "Sport & Pride",
    "tags": "R&B,swimming",
    "locale": "en-AU",
}

WANTS_PHP = pytest.mark.skipif(PHP is None, reason="php is not installed (Debian: php-cli)")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a visit brought: markup, what the footer printed, what is kept after it."""

    html: str = ""
    footer: str = ""
    styles: Sequence[str] = ()
    once: Mapping[str, Any] = field(default_factory=dict)
    saved: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    meta: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Site:
    """A site with one story; what it keeps between two visits lies in a file."""

    php: str
    memory: Path

    def set_up(self, **settings: object) -> None:
        """Write settings past the page that would check them, as a console does."""
        self.memory.write_text(json.dumps({"options": {"store_widget": settings}}))

    def read(self, **about: Any) -> Shown:
        """Read the story; say what kind of page it is, how much later, what the story is."""
        return self._visit("read_story", **about)

    def do(self, what: str, **about: Any) -> Shown:
        return self._visit(what, **about)

    def begin_reading(self, **about: Any) -> subprocess.Popen[str]:
        """Begin a visit that is under way while another one comes."""
        process = subprocess.Popen(
            [self.php, VISIT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert process.stdin is not None
        process.stdin.write(self._given("read_story", about))
        process.stdin.close()
        return process

    def _visit(self, what: str, **about: Any) -> Shown:
        done = subprocess.run(
            [self.php, VISIT],
            input=self._given(what, about),
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return Shown(**json.loads(done.stdout))

    def _given(self, what: str, about: Mapping[str, Any]) -> str:
        story = {
            "ID": 12,
            "link": LINK,
            "post_title": "The pool reopens &#8212; at last &amp; in time",
            "post_content": "<p>Words of the story.</p>",
            "categories": ["Sport &amp; Pride", "News"],
            "tags": ["R&amp;B", "swimming"],
        }
        given = {**about, "story": story | about.get("story", {})}
        return json.dumps({"do": what, "memory": str(self.memory)} | given)


@dataclass(slots=True)
class MadeStore:
    """A store on a socket that answers as it is told, and remembers what it was asked."""

    url: str = ""
    asked: list[str] = field(default_factory=list)
    body: str | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0

    def card(self, words: str = "Late Edition tee", more: str = "") -> str:
        """Return the outline of a card, with words of its own."""
        return (
            f'<link rel="stylesheet" href="{self.url}/widget/v1.css">\n'
            f'<aside class="store-widget" aria-label="Shop">\n<p>{words}</p>{more}\n</aside>'
        )

    def answer(self, request: Request) -> Response:
        self.asked.append(request.query_string.decode())
        time.sleep(self.seconds)
        body = self.card() if self.body is None else self.body
        kind = self.headers.get("Content-Type", "text/html; charset=utf-8")
        answer = Response(body, status=self.status, content_type=kind)
        answer.headers.update(self.headers)
        return answer


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's word
        """Say nothing: the test's own output is what counts."""


@contextmanager
def made_store() -> Iterator[MadeStore]:
    made = MadeStore()
    server = make_server(
        "127.0.0.1", 0, Request.application(made.answer), threaded=True, request_handler=_Quiet
    )
    made.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
