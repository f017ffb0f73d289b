"""A page is rendered once, for nobody in particular, and only what is for everybody is kept."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from time import sleep

import pytest
from flask.testing import FlaskClient

from store.web.page_memory import page_memory
from tests.web.conftest import Kiosk, OpenKiosk
from tests.web.page_memory.newsroom import Newsroom


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


def test_views_work_the_same_without_memory(open_kiosk: OpenKiosk, newsroom: Newsroom) -> None:
    reader = open_kiosk(newsroom.room, edge={"remembers_pages": False}).browser()

    assert reader.get("/front").data != reader.get("/front").data
