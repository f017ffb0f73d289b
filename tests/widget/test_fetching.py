"""Promises about asking our news sites for a page: nowhere else, not for long, and not for much."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from socket import socket

import pytest

from store.settings import Settings
from store.widget.reading.fetching import FetchedPage, fetch_page
from store.widget.reading.unread import (
    LedAwayError,
    LedInCirclesError,
    NotHTMLError,
    NotOurPageError,
    PageAwayError,
    PageSlowError,
    PageStatusError,
    PageTooLargeError,
    UnreadPageError,
)
from tests.shop import some_settings
from tests.widget.paper import Paper, a_page, a_paper, a_redirect, an_answer, dripping, endless

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
Fetch = Callable[[str], FetchedPage]


@pytest.fixture
def paper() -> Iterator[Paper]:
    with a_paper() as paper:
        yield paper


@pytest.fixture
def settings(paper: Paper, tmp_path: Path) -> Settings:
    return some_settings(tmp_path, "sqlite://", news_origins=paper.url, brand_name="Gay Nation ✨")


@pytest.fixture
def fetch(paper: Paper, settings: Settings) -> Fetch:
    return lambda path: fetch_page(paper.url + path, settings, seconds=1.0)


def test_page_comes_with_its_address_and_charset(paper: Paper, fetch: Fetch) -> None:
    paper.pages["/a?p=1"] = a_page("<title>Café</title>", charset="iso-8859-1")

    page = fetch("/a?p=1#comments")

    assert page.url == f"{paper.url}/a?p=1"
    assert page.charset == "iso-8859-1"
    assert "Café".encode("latin-1") in page.body


def test_request_says_who_asks_and_nothing_of_anybody(paper: Paper, fetch: Fetch) -> None:
    paper.pages["/a"] = a_page()

    fetch("/a")

    (head,) = paper.asked
    named = dict(line.split(": ", 1) for line in head.strip().split("\r\n")[1:])
    assert named == {
        "Host": f"127.0.0.1:{paper.port}",
        "User-Agent": "Gay Nation  store (+http://localhost)",
        "Accept": "text/html",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }


def test_site_known_by_name_is_found_at_any_of_its_addresses(
    paper: Paper, settings: Settings
) -> None:
    paper.pages["/a"] = a_page("<title>A</title>")
    origin = f"http://localhost:{paper.port}"
    named = settings.model_copy(update={"news_origins": (origin,)})

    assert b"<title>A</title>" in fetch_page(f"{origin}/a", named).body
    assert f"Host: localhost:{paper.port}" in paper.asked[0]


@pytest.mark.parametrize(
    "spelling",
    [
        "http://elsewhere.example/a",
        "https://{host}/a",
        "http://{host}.elsewhere.example/a",
        "http://{host}@elsewhere.example/a",
        "http://elsewhere.example\\@{host}/a",
        "http://user:secret@{host}/a",
        "ftp://{host}/a",
        "file:///etc/passwd",
        "//{host}/a",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]:{port}/a",
        "http://0x7f000001:{port}/a",
        "http://{host}\r\nHost: elsewhere.example/a",
        "http://[",
        "",
    ],
)
def test_nobody_is_asked_for_what_is_not_ours(
    paper: Paper, settings: Settings, spelling: str
) -> None:
    url = spelling.format(host=f"127.0.0.1:{paper.port}", port=paper.port)

    with pytest.raises(NotOurPageError):
        fetch_page(url, settings)

    assert paper.asked == []


@pytest.mark.parametrize("status", ["301 M", "302 F", "303 S", "307 T", "308 P"])
def test_redirects_within_our_sites_are_followed(paper: Paper, fetch: Fetch, status: str) -> None:
    paper.pages["/old"] = a_redirect("/older", status)
    paper.pages["/older"] = a_redirect(f"{paper.url}/new/", status)
    paper.pages["/new/"] = a_page("<title>New</title>")

    assert fetch("/old").url == f"{paper.url}/new/"


def test_three_redirects_are_enough(paper: Paper, fetch: Fetch) -> None:
    for number in range(9):
        paper.pages[f"/{number}"] = a_redirect(f"/{number + 1}")

    with pytest.raises(LedInCirclesError):
        fetch("/0")

    assert paper.paths == ["/0", "/1", "/2", "/3"]


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://localhost:{other}/secret",
        "//127.0.0.1:{other}/secret",
        "https://127.0.0.1:{port}/a",
        "http://127.0.0.1:{port}@127.0.0.1:{other}/secret",
        "file:///etc/passwd",
        "gopher://127.0.0.1:{other}/",
        "javascript:alert(1)",
        "http://[",
        "http://wörld.example/",
    ],
)
def test_redirects_lead_nowhere_else(paper: Paper, fetch: Fetch, location: str) -> None:
    with a_paper() as other:
        target = location.format(other=other.port, port=paper.port)
        paper.pages["/a"] = a_redirect(target)
        other.pages["/secret"] = a_page("<title>Secret</title>")

        with pytest.raises(LedAwayError):
            fetch("/a")

        assert other.asked == []
    assert paper.paths == ["/a"]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (an_answer(b"", status="404 Not Found"), PageStatusError),
        (an_answer(b"", status="500 Oh"), PageStatusError),
        (an_answer(b"", status="204 No Content"), PageStatusError),
        (an_answer(b"", status="302 Found"), LedInCirclesError),
        (an_answer(b"{}", kind="application/json"), NotHTMLError),
        (an_answer(b"x", kind=""), NotHTMLError),
        (an_answer(b"x", kind="text/html", Content_Encoding="gzip"), NotHTMLError),
        (an_answer(b"x", Content_Length="999"), PageAwayError),
        (an_answer(b"x" * 600_000), PageTooLargeError),
        (b"SSH-2.0-OpenSSH_9.6\r\n", PageAwayError),
        (b"", PageAwayError),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500, PageAwayError),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000, PageAwayError),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", PageAwayError),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nfff\r\nshort", PageAwayError),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 50_000, PageTooLargeError),
    ],
)
def test_what_is_no_page_is_called_by_its_name(
    paper: Paper, fetch: Fetch, answer: bytes, error: type[UnreadPageError]
) -> None:
    paper.pages["/a"] = answer

    with pytest.raises(error):
        fetch("/a")


@pytest.mark.parametrize(
    "start",
    [
        HEAD + b"\r\n",
        HEAD + b"Content-Length: 999999999999\r\n\r\n",
        HEAD + b"X: ",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nffffffff\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n",
    ],
    ids=["body", "length", "head", "chunk", "chunk size"],
)
def test_answer_without_an_end_is_cut_off(paper: Paper, fetch: Fetch, start: bytes) -> None:
    paper.pages["/a"] = endless(start)

    with pytest.raises((PageTooLargeError, PageAwayError)):
        fetch("/a")


@pytest.mark.parametrize(
    "answer",
    [
        dripping(HEAD + b"\r\n"),
        dripping(HEAD + b"Content-Length: 4000\r\n\r\n"),
        dripping(HEAD + b"X: ", b"y"),
        dripping(b"", b"H"),
        dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        dripping(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["body", "length", "head", "first line", "chunks", "continue"],
)
def test_time_is_over_for_who_drips(
    paper: Paper, settings: Settings, answer: Callable[[socket], None]
) -> None:
    paper.pages["/a"] = answer

    with pytest.raises(PageSlowError):
        fetch_page(f"{paper.url}/a", settings, seconds=0.3)


def test_redirects_share_one_time(paper: Paper, settings: Settings) -> None:
    def slowly(line: socket) -> None:
        time.sleep(0.5)
        line.sendall(a_redirect("/a"))

    paper.pages["/a"] = slowly

    with pytest.raises(PageSlowError):
        fetch_page(f"{paper.url}/a", settings, seconds=0.9)

    # Each of them alone would have been in time, and four are one redirect too many.
    assert len(paper.asked) < 4


def test_site_that_is_down_is_away(settings: Settings) -> None:
    with socket() as unused:
        unused.bind(("127.0.0.1", 0))
        origin = f"http://127.0.0.1:{unused.getsockname()[1]}"
    down = settings.model_copy(update={"news_origins": (origin,)})

    with pytest.raises(PageAwayError):
        fetch_page(f"{origin}/a", down)


def test_site_that_speaks_no_tls_is_away(paper: Paper, settings: Settings) -> None:
    origin = f"https://127.0.0.1:{paper.port}"
    secure = settings.model_copy(update={"news_origins": (origin,)})

    with pytest.raises((PageAwayError, PageSlowError)):
        fetch_page(f"{origin}/a", secure, seconds=0.5)

    assert paper.asked == []


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a..b"])
def test_host_that_nobody_knows_is_away(settings: Settings, host: str) -> None:
    lost = settings.model_copy(update={"news_origins": (f"http://{host}",)})

    with pytest.raises(UnreadPageError):
        fetch_page(f"http://{host}/a", lost, seconds=0.5)


def test_what_may_be_different_in_a_while_says_so() -> None:
    passing = [
        status for status in (401, 404, 408, 410, 429, 500, 503) if PageStatusError(status).may_pass
    ]

    assert passing == [408, 429, 500, 503]
    assert PageSlowError.may_pass
    assert PageAwayError.may_pass
    assert not PageTooLargeError.may_pass
