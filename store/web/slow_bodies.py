"""Few threads wait for bodies that arrive slowly, so that the others go on answering."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition
from typing import Protocol
from wsgiref.types import WSGIEnvironment

import structlog
from werkzeug.exceptions import ServiceUnavailable

from store.web.proxies import is_loopback, network_of

MOST_WAITING = 6
"""Half of the threads of a web process: what is only read goes on, however many send slowly."""
MOST_OF_ONE_NETWORK = 3
PATIENCE_SECONDS = 0.5
"""How long a body waits for a seat: one that is there already holds it for a moment only."""
RETRY_AFTER_SECONDS = 30

log = structlog.get_logger(__name__)


class InputStream(Protocol):
    """What a server gives of a body: reading waits until it is there."""

    def read(self, size: int = ..., /) -> bytes: ...

    def readline(self, size: int = ..., /) -> bytes: ...


class TooManySlowError(ServiceUnavailable):
    """As many threads as may wait for bodies wait already."""

    def __init__(self) -> None:
        super().__init__(retry_after=RETRY_AFTER_SECONDS)


class WaitingRoom:
    """Counts the threads of this process that wait for bytes of a body at this moment."""

    def __init__(self, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._patience = patience_seconds
        self._free = Condition()
        self._waiting: Counter[str] = Counter()

    @contextmanager
    def seat(self, network: str) -> Iterator[None]:
        """Hold one of the seats; TooManySlowError where none becomes free in time."""
        with self._free:
            if not self._free.wait_for(lambda: self._has_seat(network), self._patience):
                log.warning("slow_bodies", waiting=self._waiting.total())
                raise TooManySlowError
            self._waiting[network] += 1
        try:
            yield
        finally:
            with self._free:
                self._waiting[network] -= 1
                if not self._waiting[network]:
                    del self._waiting[network]
                self._free.notify_all()

    def _has_seat(self, network: str) -> bool:
        is_full = self._waiting.total() >= MOST_WAITING
        return not is_full and not (network and self._waiting[network] >= MOST_OF_ONE_NETWORK)


class SeatedBody:
    """A body for whose bytes nobody waits without a seat."""

    def __init__(self, body: InputStream, room: WaitingRoom, network: str) -> None:
        self._body, self._room, self._network = body, room, network

    def read(self, size: int = -1, /) -> bytes:
        return self._seated(self._body.read, size)

    def readline(self, size: int = -1, /) -> bytes:
        return self._seated(self._body.readline, size)

    def readlines(self, _hint: int = -1, /) -> list[bytes]:
        return list(self)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")

    def _seated(self, reading: Callable[[int], bytes], size: int) -> bytes:
        with self._room.seat(self._network):
            return reading(size)


def seat_body(environ: WSGIEnvironment, room: WaitingRoom) -> None:
    """Have whoever reads the body of this request take a seat while it arrives."""
    if environ.get("CONTENT_LENGTH", "") in {"", "0"}:
        return
    peer = environ.get("REMOTE_ADDR", "")
    # Behind a proxy that nobody named every reader would be one network.
    network = "" if is_loopback(peer) else network_of(peer)
    environ["wsgi.input"] = SeatedBody(environ["wsgi.input"], room, network)
