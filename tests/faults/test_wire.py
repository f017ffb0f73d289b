"""What the way to Stripe and back does to a request is what its name says."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.faults.browser import LOST, Browser
from tests.faults.plan import Plan
from tests.faults.tally import WIRE, Tally
from tests.faults.wire import Delivery, OnTheWay, Roads, ToShop, ToStripe, Way

NEVER_THERE = {
    OnTheWay.SERVER_ERROR: 500,
    OnTheWay.UNAVAILABLE: 503,
    OnTheWay.TOO_MANY: 429,
    OnTheWay.GATEWAY_PAGE: 502,
    OnTheWay.RESET: LOST,
}
THERE = {
    OnTheWay.SERVER_ERROR_AFTER: 500,
    OnTheWay.RESET_AFTER: LOST,
    OnTheWay.BROKEN_JSON: 200,
    OnTheWay.CUT_OFF: LOST,
    OnTheWay.SLOW: 200,
}
EVENTS = {
    Delivery.REFUSED: (500, 0),
    Delivery.LOST: (200, 0),
    Delivery.RESET: (LOST, 0),
    Delivery.DOUBLED: (200, 2),
    Delivery.RESET_AFTER: (LOST, 1),
    Delivery.GARBLED: (200, 1),
}


@contextmanager
def _other_side() -> Iterator[tuple[int, list[bytes]]]:
    taken: list[bytes] = []

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "9")
            self.end_headers()
            self.wfile.write(b'{"id": 1}')

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port, taken
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _asked(kind: type[Way], drawn: OnTheWay | Delivery | None) -> tuple[int, list[bytes], Tally]:
    """Send one request by a way that does just this; return status, what arrived, the count."""
    tally = Tally()
    with _other_side() as (port, taken), Roads().running() as roads:
        chance = Plan(1, 1, 1, 1).chance("requests")
        way = kind(port, tally, chance, share=1.0 if drawn else 0.0)
        if drawn is not None:
            way.odds = {drawn: 1}
        way.port = roads.listen(way.serve)
        status = Browser(way.port, "10.0.0.7").post("/v1/checkout/sessions", order="one").status
        return status, list(taken), tally


@pytest.mark.parametrize("kind", [ToStripe, ToShop])
def test_what_is_not_struck_arrives_and_is_answered(kind: type[Way]) -> None:
    status, taken, tally = _asked(kind, None)

    assert (status, taken, tally.harms) == (200, [b"order=one"], [])


@pytest.mark.parametrize("fault", NEVER_THERE)
def test_fault_before_lets_nothing_arrive(fault: OnTheWay) -> None:
    status, taken, tally = _asked(ToStripe, fault)

    assert (status, taken) == (NEVER_THERE[fault], [])
    assert tally.by_kind() == {(WIRE, fault): 1}


@pytest.mark.parametrize("fault", THERE)
def test_fault_after_loses_the_answer_alone(fault: OnTheWay) -> None:
    status, taken, _ = _asked(ToStripe, fault)

    assert (status, taken) == (THERE[fault], [b"order=one"])


@pytest.mark.parametrize("fault", EVENTS)
def test_event_comes_as_often_as_its_fault_says(fault: Delivery) -> None:
    status, taken, _ = _asked(ToShop, fault)

    assert (status, len(taken)) == EVENTS[fault]
    assert (taken != [b"order=one"] * len(taken)) is (fault is Delivery.GARBLED)
