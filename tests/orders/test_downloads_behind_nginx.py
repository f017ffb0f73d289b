"""Files for sale behind a real nginx, as the paper for operators and deploy/ set it up."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path

import pytest

from store.clock import FixedClock
from store.database import db
from store.media.private_files import name_of_hash
from store.paths import ROOT
from tests.integrations.fronts import needs, nginx, open_storefront
from tests.orders.after_buying import Reader
from tests.ports import free_port
from tests.selling_files import PDF, a_download_for_sale, bought, hash_of, press
from tests.shop import Shop, open_shop, some_settings

pytestmark = [pytest.mark.slow, needs("nginx")]
BELOW, UPSTREAM, FOLDER = "/_files/", "http://127.0.0.1:5000", "/srv/store/var/files/"
SIDEWAYS = (
    "/_files/{name}",
    "//_files/{name}",
    "/_files//{name}",
    "/%5ffiles/{name}",
    "/_files%2f{name}",
    "/downloads/../_files/{name}",
    "/downloads/%2e%2e/_files/{name}",
    "/_files/../store.sqlite",
    "/_files/..%2fstore.sqlite",
    "/_files../store.sqlite",
    "/_files",
    "/_files/",
    "/_FILES/{name}",
)
"""Ways in that are none."""
PAPER = re.compile(r"^```nginx\n(location / .*?)^```", re.DOTALL | re.MULTILINE)
"""What docs/operations.md has operators paste."""
SITE = ROOT / "deploy" / "nginx" / "store.conf"
ORIGIN = f"set $store_origin {UPSTREAM};"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Front:
    """A shop behind nginx, and somebody in it who has bought a crossword."""

    shop: Shop
    reader: Reader
    port: int

    def link(self) -> str:
        """Press the button of the order; return the path that it leads to."""
        location = press(self.reader).headers["Location"]
        return location.removeprefix("http://localhost")

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Ask nginx for a path exactly as it is written."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.putrequest(method, path, skip_host=True)
            for name, value in ({"Host": "localhost"} | given).items():
                connection.putheader(name, value)
            connection.endheaders()
            answer = connection.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, told, answer.read())
        finally:
            connection.close()


@pytest.fixture(params=["paper", "site"])
def front(
    request: pytest.FixtureRequest, tmp_path: Path, database_url: str, clock: FixedClock
) -> Iterator[Front]:
    told = _paper() if request.param == "paper" else f"{ORIGIN}\n{SITE.read_text()}"
    shop = open_shop(some_settings(tmp_path / "shop", database_url, files_accel=BELOW), clock)
    with shop.app.app_context():
        reader = bought(shop, a_download_for_sale(shop))
        with open_storefront(shop.app) as store, _nginx(tmp_path, shop, store.port, told) as port:
            yield Front(shop, reader, port)
        db.session.remove()
        db.engine.dispose()


@contextmanager
def _nginx(folder: Path, shop: Shop, store_port: int, told: str) -> Iterator[int]:
    files = shop.services.settings.files_url.removeprefix("file://").rstrip("/") + "/"
    assert UPSTREAM in told
    assert FOLDER in told
    locations = told.replace(UPSTREAM, f"http://127.0.0.1:{store_port}").replace(FOLDER, files)
    port = free_port()
    server = f"server {{ listen 127.0.0.1:{port}; {locations} }}"
    with nginx(folder / "nginx", server, store_port=store_port, port=port):
        yield port


def _paper() -> str:
    found = PAPER.search((ROOT / "docs" / "operations.md").read_text())
    assert found, "the paper shows no configuration"
    return found[1]


def test_nginx_gives_the_file_with_all_that_the_shop_says_of_it(front: Front) -> None:
    answer = front.ask(front.link())

    assert (answer.status, answer.body) == (200, PDF)
    assert answer.headers["server"].startswith("nginx")
    assert answer.headers["content-disposition"] == 'attachment; filename="Crossword.pdf"'
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-robots-tag"] == "noindex"
    assert "x-accel-redirect" not in answer.headers
    assert "set-cookie" not in answer.headers


def test_a_download_that_broke_off_goes_on(front: Front) -> None:
    link = front.link()
    first = front.ask(link, Range="bytes=0-999")

    rest = front.ask(link, Range="bytes=1000-", If_Range=first.headers["etag"])
    other = front.ask(link, Range="bytes=1000-", If_Range='"another"')
    beyond = front.ask(link, Range="bytes=999999-")

    assert (first.status, rest.status) == (206, 206)
    assert first.body + rest.body == PDF
    assert rest.headers["content-range"] == f"bytes 1000-{len(PDF) - 1}/{len(PDF)}"
    assert (other.status, other.body) == (200, PDF)
    assert (beyond.status, beyond.headers["content-range"]) == (416, f"bytes */{len(PDF)}")
    assert "4 downloads left" in front.reader.get().text


def test_asking_how_large_it_is_sends_nothing(front: Front) -> None:
    answer = front.ask(front.link(), "HEAD")

    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["content-length"] == str(len(PDF))


def test_a_link_that_is_over_gives_the_page_that_says_so(front: Front) -> None:
    link = front.link()
    front.shop.clock.move_to(front.shop.clock.now() + timedelta(hours=2))

    answer = front.ask(link)

    assert answer.status == 410
    assert "good for two hours" in answer.body.decode()


def test_a_link_that_nobody_gave_opens_nothing(front: Front) -> None:
    front.link()

    for link in ("/downloads/1-1-AAAA", "/downloads/..%2f..%2fstore.sqlite"):
        assert front.ask(link).status in {400, 404}, link


def test_nobody_reaches_the_folder_past_the_shop(front: Front) -> None:
    front.link()
    name = name_of_hash(hash_of(PDF))

    for path in SIDEWAYS:
        answer = front.ask(path.format(name=name), X_Accel_Redirect=f"{BELOW}{name}")

        assert answer.status in {400, 404}, path
        assert PDF not in answer.body
        assert b"SQLite format" not in answer.body


def test_a_file_that_is_gone_from_the_folder_is_told_by_the_shop(front: Front) -> None:
    link = front.link()
    front.shop.services.files.remove(name_of_hash(hash_of(PDF)))

    answer = front.ask(link)

    assert answer.status == 503
    assert b"nginx" not in answer.body
