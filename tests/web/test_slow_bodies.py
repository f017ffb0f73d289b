"""Promises about those who send slowly: they are waited for, and nobody else waits with them."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from threading import Barrier, Event

import pytest
from flask import request
from werkzeug.test import TestResponse

from store.web.slow_bodies import MOST_OF_ONE_NETWORK, MOST_WAITING, WaitingRoom
from tests.web.conftest import Kiosk, OpenKiosk, a_room

PATIENCE_SECONDS = 10
FORM = b"quantity=1"


class SlowBody:
    """A body of which nothing arrives before the test says so."""

    def __init__(self, waiting: Barrier, arrives: Event) -> None:
        self._waiting, self._arrives, self._left = waiting, arrives, FORM

    def read(self, _size: int = -1, /) -> bytes:
        if self._left:
            self._waiting.wait(PATIENCE_SECONDS)
            self._arrives.wait(PATIENCE_SECONDS)
        told, self._left = self._left, b""
        return told


@pytest.fixture
def kiosk(open_kiosk: OpenKiosk) -> Kiosk:
    return open_kiosk(
        a_room(
            {
                "GET /page": lambda: "a page",
                "POST /form": lambda: request.form["quantity"],
            }
        )
    )


def post(kiosk: Kiosk, peer: str, body: SlowBody | None = None) -> TestResponse:
    sent = {} if body is None else {"wsgi.input": body, "CONTENT_LENGTH": str(len(FORM))}
    return kiosk.browser().post(
        "/form",
        content_type="application/x-www-form-urlencoded",
        data=FORM,
        environ_overrides={"REMOTE_ADDR": peer} | sent,
    )


@contextmanager
def sending_slowly(kiosk: Kiosk, peers: list[str]) -> Iterator[list[Future[TestResponse]]]:
    """Have each of them be waited for; whatever they send arrives when this ends."""
    waiting, arrives = Barrier(len(peers) + 1), Event()
    with ThreadPoolExecutor(len(peers)) as pool:
        try:
            sent = [pool.submit(post, kiosk, peer, SlowBody(waiting, arrives)) for peer in peers]
            waiting.wait(PATIENCE_SECONDS)
            yield sent
        finally:
            arrives.set()


def strangers(number: int) -> list[str]:
    return [f"203.0.113.{last}" for last in range(1, number + 1)]


def test_pages_are_answered_however_many_send_slowly(kiosk: Kiosk) -> None:
    with sending_slowly(kiosk, strangers(MOST_WAITING)) as slow:
        page = kiosk.browser().get("/page")
        refused = post(kiosk, "198.51.100.1")

    assert page.text == "a page"
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "30")
    assert {answer.result().text for answer in slow} == {"1"}


def test_seats_are_free_again_when_bodies_have_arrived(kiosk: Kiosk) -> None:
    with sending_slowly(kiosk, strangers(MOST_WAITING)):
        pass

    assert post(kiosk, "198.51.100.1").text == "1"


def test_body_that_is_there_waits_for_its_turn_in_a_crowd() -> None:
    room = WaitingRoom(PATIENCE_SECONDS)
    with ThreadPoolExecutor(1) as pool, ExitStack() as seats:
        for peer in strangers(MOST_WAITING):
            seats.enter_context(room.seat(peer))
        waiting = pool.submit(_sit_down, room)
        seats.close()
        waiting.result()


def _sit_down(room: WaitingRoom) -> None:
    with room.seat("198.51.100.1"):
        pass


def test_one_network_leaves_seats_for_the_others(kiosk: Kiosk) -> None:
    with sending_slowly(kiosk, ["203.0.113.9"] * MOST_OF_ONE_NETWORK):
        same, another = post(kiosk, "203.0.113.9"), post(kiosk, "198.51.100.1")

    assert (same.status_code, another.status_code) == (503, 200)


def test_proxy_that_nobody_named_is_not_taken_for_one_reader(kiosk: Kiosk) -> None:
    with sending_slowly(kiosk, ["127.0.0.1"] * MOST_OF_ONE_NETWORK):
        assert post(kiosk, "127.0.0.1").status_code == 200
