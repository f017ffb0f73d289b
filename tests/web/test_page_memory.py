"""Promises about public pages: rendered once, for nobody, and never older than they may be."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier, Event
from time import sleep

import brotli
import pytest
from flask import Blueprint, Response, abort, make_response, request
from flask.testing import FlaskClient
from sqlalchemy import ScalarSelect, literal, select

from store.clock import FixedClock
from store.database import Moment, bump_public_version, writing
from store.web.page_memory import STANDS_IN_SECONDS, page_memory
from store.web.page_policy import cached_for
from tests.web.conftest import Kiosk, OpenKiosk

SYDNEY_MIDNIGHT = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)


class Newsroom:
    """Views that count how often they are rendered."""

    def __init__(self) -> None:
        self.rendered = 0
        self.waiting = Event()
        self.release = Event()
        self.release.set()
        self.is_broken = False
        self.is_gone = False
        self.is_asked_too_often = False
        self.while_rendering: Callable[[], None] = lambda: None
        self.room = Blueprint("newsroom", __name__)
        self.room.get("/front")(self.front)
        self.room.get("/search")(self.search)
        self.room.get("/slow")(self.slow)
        self.room.get("/gone")(self.gone)
        self.room.get("/greeting")(self.greeting)
        self.room.get("/closed")(self.closed)
        self.room.get("/mirror")(self.mirror)
        self.room.get("/cart")(self.cart)

    @cached_for(60, stale=30)
    def front(self) -> str:
        if self.is_broken:
            abort(503)
        return self._render() + " late edition" * 50

    @cached_for(60, parameters=("q", "page"))
    def search(self) -> str:
        return f"{self._render()} {request.args.to_dict(flat=False)}"

    @cached_for(60, stale=60)
    def slow(self) -> str:
        self.waiting.set()
        self.release.wait(5)
        self.waiting.clear()
        if self.is_gone:
            abort(404)
        if self.is_asked_too_often:
            abort(429)
        return self._render()

    @cached_for(60)
    def gone(self) -> str:
        self._render()
        abort(404)

    @cached_for(60)
    def greeting(self) -> Response:
        response = make_response(self._render())
        response.set_cookie("met", "yes")
        return response

    @cached_for(60)
    def closed(self) -> Response:
        response = make_response(self._render())
        response.headers["Cache-Control"] = "no-store"
        return response

    @cached_for(60)
    def mirror(self) -> str:
        return f"{request.url} {dict(request.cookies)} {request.headers.get('Accept-Language')}"

    def cart(self) -> str:
        return self._render()

    def _render(self) -> str:
        self.rendered += 1
        number = self.rendered
        self.while_rendering()
        return f"rendering {number}"


@pytest.fixture
def newsroom() -> Newsroom:
    return Newsroom()


@pytest.fixture
def kiosk(open_kiosk: OpenKiosk, newsroom: Newsroom) -> Iterator[Kiosk]:
    kiosk = open_kiosk(newsroom.room)
    yield kiosk
    newsroom.release.set()


@pytest.fixture
def reader(kiosk: Kiosk) -> FlaskClient:
    return kiosk.browser()


def test_page_is_rendered_once_for_all_readers(kiosk: Kiosk, newsroom: Newsroom) -> None:
    first, second = kiosk.browser().get("/front"), kiosk.browser().get("/front")

    assert first.data == second.data
    assert newsroom.rendered == 1


def test_reader_with_cookies_gets_the_bytes_of_one_without(kiosk: Kiosk) -> None:
    regular = kiosk.browser()
    regular.set_cookie("cart", "a-token")
    headers = {"Accept-Language": "de", "X-Forwarded-Host": "evil.example"}

    with_cookies = regular.get("/mirror", headers=headers)
    page_memory(kiosk.app).clear()
    without = kiosk.browser().get("/mirror")

    assert with_cookies.data == without.data
    assert "Set-Cookie" not in with_cookies.headers
    assert with_cookies.headers["Vary"] == "Accept-Encoding"


def test_page_is_rendered_for_the_public_address(reader: FlaskClient) -> None:
    page = reader.get("/mirror", base_url="https://localhost:8443")

    assert page.text.startswith("http://localhost/mirror ")


def test_twenty_threads_on_a_cold_page_cause_one_rendering(
    kiosk: Kiosk, newsroom: Newsroom
) -> None:
    newsroom.release.clear()
    together = Barrier(21)

    def read() -> bytes:
        together.wait()
        body: bytes = kiosk.browser().get("/slow").data
        return body

    with ThreadPoolExecutor(20) as threads:
        answers = [threads.submit(read) for _ in range(20)]
        together.wait()
        sleep(0.2)
        newsroom.release.set()
        bodies = {answer.result() for answer in answers}

    assert bodies == {b"rendering 1"}


def test_stale_page_stands_in_while_another_renders(kiosk: Kiosk, newsroom: Newsroom) -> None:
    first = kiosk.browser().get("/slow").data
    kiosk.clock.move_to(kiosk.clock.now() + timedelta(seconds=61))
    newsroom.release.clear()

    with ThreadPoolExecutor(1) as threads:
        renewing = threads.submit(lambda: kiosk.browser().get("/slow").data)
        newsroom.waiting.wait(5)
        meanwhile = kiosk.browser().get("/slow").data
        newsroom.release.set()

    assert meanwhile == first
    assert renewing.result() != first


def test_changed_page_is_shown_as_it_was_while_another_reader_renders_it(
    kiosk: Kiosk, newsroom: Newsroom
) -> None:
    first = kiosk.browser().get("/slow").data
    with kiosk.app.app_context(), writing():
        bump_public_version()
    newsroom.release.clear()

    with ThreadPoolExecutor(1) as threads:
        renewing = threads.submit(lambda: kiosk.browser().get("/slow").data)
        newsroom.waiting.wait(5)
        meanwhile = kiosk.browser().get("/slow").data
        newsroom.release.set()

    assert meanwhile == first
    assert renewing.result() != first
    assert kiosk.browser().get("/slow").data == renewing.result()


def test_page_that_is_gone_stands_in_for_nobody_who_comes_later(
    kiosk: Kiosk, newsroom: Newsroom
) -> None:
    kiosk.browser().get("/slow")
    newsroom.is_gone = True
    with kiosk.app.app_context(), writing():
        bump_public_version()
    first = kiosk.browser().get("/slow").status_code
    newsroom.release.clear()

    with ThreadPoolExecutor(2) as threads:
        asking = threads.submit(lambda: kiosk.browser().get("/slow").status_code)
        newsroom.waiting.wait(5)
        beside = threads.submit(lambda: kiosk.browser().get("/slow").status_code)
        sleep(0.1)
        newsroom.release.set()

    assert (first, asking.result(), beside.result()) == (404, 404, 404)


def test_reader_who_asks_too_often_takes_no_page_from_others(
    kiosk: Kiosk, newsroom: Newsroom
) -> None:
    first = kiosk.browser().get("/slow").data
    kiosk.clock.move_to(kiosk.clock.now() + timedelta(seconds=61))
    newsroom.is_asked_too_often = True
    refused = kiosk.browser().get("/slow").status_code
    newsroom.is_asked_too_often = False
    newsroom.release.clear()

    with ThreadPoolExecutor(1) as threads:
        renewing = threads.submit(lambda: kiosk.browser().get("/slow").data)
        newsroom.waiting.wait(5)
        meanwhile = kiosk.browser().get("/slow").data
        newsroom.release.set()

    assert (refused, meanwhile) == (429, first)
    assert renewing.result() != first


def test_slow_rendering_from_before_a_change_replaces_no_newer_page(
    kiosk: Kiosk, newsroom: Newsroom
) -> None:
    begun, may_end = Event(), Event()

    def slowly() -> None:
        begun.set()
        may_end.wait(5)

    newsroom.while_rendering = slowly
    with ThreadPoolExecutor(1) as threads:
        late = threads.submit(lambda: kiosk.browser().get("/slow").data)
        begun.wait(5)
        newsroom.while_rendering = lambda: None
        with kiosk.app.app_context(), writing():
            bump_public_version()
        newest = kiosk.browser().get("/slow").data
        may_end.set()

    assert newest != late.result()
    assert kiosk.browser().get("/slow").data == newest


def test_changed_page_that_renders_slowly_is_waited_for(kiosk: Kiosk, newsroom: Newsroom) -> None:
    first = kiosk.browser().get("/slow").data
    with kiosk.app.app_context(), writing():
        bump_public_version()
    newsroom.release.clear()

    with ThreadPoolExecutor(2) as threads:
        renewing = threads.submit(lambda: kiosk.browser().get("/slow").data)
        newsroom.waiting.wait(5)
        sleep(STANDS_IN_SECONDS)
        waiting = threads.submit(lambda: kiosk.browser().get("/slow").data)
        sleep(0.1)
        newsroom.release.set()

    assert renewing.result() == waiting.result() != first


def test_stale_page_stands_in_while_rendering_fails(kiosk: Kiosk, newsroom: Newsroom) -> None:
    reader = kiosk.browser()
    first = reader.get("/front").data
    kiosk.clock.move_to(kiosk.clock.now() + timedelta(seconds=70))
    newsroom.is_broken = True

    answer = reader.get("/front")

    assert (answer.status_code, answer.data) == (200, first)


def test_page_ends_after_its_seconds(kiosk: Kiosk, reader: FlaskClient) -> None:
    first = reader.get("/front").data
    kiosk.clock.move_to(kiosk.clock.now() + timedelta(seconds=61))

    assert reader.get("/front").data != first


def test_page_ends_when_the_catalogue_changes(kiosk: Kiosk, reader: FlaskClient) -> None:
    first = reader.get("/front").data
    with kiosk.app.app_context(), writing():
        bump_public_version()

    assert reader.get("/front").data != first


def test_stale_page_is_not_shown_after_the_catalogue_changed(
    kiosk: Kiosk, reader: FlaskClient, newsroom: Newsroom
) -> None:
    reader.get("/front")
    with kiosk.app.app_context(), writing():
        bump_public_version()
    newsroom.is_broken = True

    assert reader.get("/front").status_code == 503


def test_page_ends_at_midnight_of_the_shop(kiosk: Kiosk, reader: FlaskClient) -> None:
    kiosk.clock.move_to(SYDNEY_MIDNIGHT - timedelta(seconds=10))
    before = reader.get("/front")
    kiosk.clock.move_to(SYDNEY_MIDNIGHT)

    assert before.headers["Cache-Control"] == "public, max-age=10"
    assert reader.get("/front").data != before.data


def test_page_ends_at_the_next_scheduled_change(
    open_kiosk: OpenKiosk, newsroom: Newsroom, clock: FixedClock
) -> None:
    change = clock.now() + timedelta(seconds=5)

    def next_change(now: datetime) -> ScalarSelect[datetime]:
        moment = literal(change if now < change else None, Moment())
        return select(moment).scalar_subquery()

    reader = open_kiosk(newsroom.room, edge={"next_changes": [next_change]}).browser()
    first = reader.get("/front")
    clock.move_to(change)
    second = reader.get("/front")

    assert first.headers["Cache-Control"] == "public, max-age=5"
    assert second.data != first.data
    assert second.headers["Cache-Control"] == "public, max-age=60, stale-while-revalidate=30"


def test_page_that_was_begun_before_a_change_ends_with_it(
    open_kiosk: OpenKiosk, newsroom: Newsroom, clock: FixedClock
) -> None:
    change = clock.now() + timedelta(seconds=5)

    def next_change(now: datetime) -> ScalarSelect[datetime]:
        moment = literal(change if now < change else None, Moment())
        return select(moment).scalar_subquery()

    newsroom.while_rendering = lambda: clock.move_to(change)
    reader = open_kiosk(newsroom.room, edge={"next_changes": [next_change]}).browser()
    begun_before = reader.get("/front")
    newsroom.while_rendering = lambda: None

    assert reader.get("/front").data != begun_before.data


def test_shared_caches_learn_how_long_a_page_lives(kiosk: Kiosk, reader: FlaskClient) -> None:
    reader.get("/front")
    kiosk.clock.move_to(kiosk.clock.now() + timedelta(seconds=40))
    page = reader.get("/front")

    assert page.headers["Cache-Control"] == "public, max-age=60, stale-while-revalidate=30"
    assert page.headers["Age"] == "40"


@pytest.mark.parametrize("path", ["/gone", "/greeting", "/closed"])
def test_what_is_not_for_everybody_is_not_kept(
    reader: FlaskClient, newsroom: Newsroom, path: str
) -> None:
    answers = [reader.get(path), reader.get(path)]

    assert newsroom.rendered == 2
    assert all("public" not in answer.headers["Cache-Control"] for answer in answers)


def test_view_that_is_not_marked_is_never_kept(reader: FlaskClient) -> None:
    answers = [reader.get("/cart"), reader.get("/cart")]

    assert answers[0].data != answers[1].data
    assert answers[0].headers["Cache-Control"] == "no-store"


def test_unknown_parameters_neither_split_nor_fill_a_page(
    reader: FlaskClient, newsroom: Newsroom
) -> None:
    addresses = ["/front", "/front?utm_source=mail", "/front?fbclid=1&utm_source=x"]

    assert len({reader.get(address).data for address in addresses}) == 1
    assert newsroom.rendered == 1


def test_known_parameters_make_one_page_in_any_order(
    reader: FlaskClient, newsroom: Newsroom
) -> None:
    addresses = ["/search?q=tee&page=2", "/search?page=2&q=tee&utm_id=7", "/search?q=%74ee&page=2"]
    bodies = [reader.get(address).data for address in [addresses[0], *addresses]]

    assert newsroom.rendered == 2
    assert len(set(bodies[1:])) == 1
    assert b"utm_id" not in bodies[-1]


def test_page_with_parameters_is_kept_on_second_sight(
    reader: FlaskClient, newsroom: Newsroom
) -> None:
    for _ in range(4):
        reader.get("/search?q=tee")

    assert newsroom.rendered == 2


def test_very_long_query_is_answered_and_not_kept(reader: FlaskClient, newsroom: Newsroom) -> None:
    address = f"/search?q={'x' * 3000}"

    assert reader.get(address).status_code == reader.get(address).status_code == 200
    assert newsroom.rendered == 2


def test_brotli_reader_gets_the_page_ready_compressed(reader: FlaskClient) -> None:
    plain = reader.get("/front")
    page = reader.get("/front", headers={"Accept-Encoding": "gzip, deflate, br, zstd"})

    assert page.headers["Content-Encoding"] == "br"
    assert brotli.decompress(page.data) == plain.data
    assert int(page.headers["Content-Length"]) == len(page.data) < len(plain.data)


def test_reader_who_has_the_page_is_told_so(reader: FlaskClient) -> None:
    page = reader.get("/front", headers={"Accept-Encoding": "br"})
    tag = page.headers["ETag"]
    again = reader.get("/front", headers={"Accept-Encoding": "br", "If-None-Match": f"W/{tag}"})

    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == tag
    assert "Content-Security-Policy" in again.headers
    assert "Content-Length" not in again.headers


def test_each_encoding_has_a_tag_of_its_own(reader: FlaskClient) -> None:
    tags = {
        reader.get("/front", headers={"Accept-Encoding": coding}).headers["ETag"]
        for coding in ("br", "gzip", "identity")
    }

    assert len(tags) == 3


def test_head_has_the_headers_of_the_page_and_no_body(reader: FlaskClient) -> None:
    page, head = reader.get("/front"), reader.head("/front")

    assert head.data == b""
    assert head.headers["Content-Length"] == str(len(page.data))


def test_head_alone_fills_the_memory(reader: FlaskClient, newsroom: Newsroom) -> None:
    reader.head("/front")
    reader.get("/front")

    assert newsroom.rendered == 1


def test_views_work_the_same_without_memory(open_kiosk: OpenKiosk, newsroom: Newsroom) -> None:
    reader = open_kiosk(newsroom.room, edge={"remembers_pages": False}).browser()

    assert reader.get("/front").data != reader.get("/front").data
