"""While a page is rendered anew the last one stands in for it, as long as it may."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from time import sleep

from store.database import bump_public_version, writing
from store.web.page_memory import STANDS_IN_SECONDS
from tests.web.conftest import Kiosk
from tests.web.page_memory.newsroom import Newsroom


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
