"""Readers who look, fill a cart and go to the pay page, all the while that something happens."""

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

from tests.nodes.browsing import Answer, Browser
from tests.nodes.cluster import Cluster, Goods
from tests.nodes.running import eventually

PAUSE_SECONDS = 0.01
VISITS_A_CHECKOUT = 5
"""One visit in so many goes to the pay page."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one reader was answered; no status means that the connection broke."""

    at: float
    seconds: float
    what: str
    status: int
    error: str = ""

    @property
    def is_failed(self) -> bool:
        return self.status not in {200, 303}


@dataclass
class Crowd:
    cluster: Cluster
    told: list[Told] = field(default_factory=list)
    _visits: Iterator[int] = field(default_factory=count)
    _stop: threading.Event = field(default_factory=threading.Event)

    @property
    def failed(self) -> list[Told]:
        return [one for one in self.told if one.is_failed]

    def wait_for(self, answers: int) -> float:
        """Wait until so many more readers were answered well; return the seconds."""
        wanted = self._well() + answers
        return eventually(lambda: self._well() >= wanted, f"{answers} more answers")

    def _well(self) -> int:
        return sum(not one.is_failed for one in list(self.told))

    def come(self) -> None:
        """Visit until everybody is sent home."""
        while not self._stop.is_set():
            visit = next(self._visits)
            # Nobody is limited by what others of her network do: each is the first of hers.
            # Unpaid orders are counted by network and not by machine.
            network = f"100.{64 + visit // 256 % 64}.{visit % 256}.1"
            reader = self.cluster.at_the_front(network)
            self._visit(reader, self.cluster.goods[visit % len(self.cluster.goods)], visit)

    def leave(self) -> None:
        self._stop.set()

    def _visit(self, reader: Browser, goods: Goods, visit: int) -> None:
        line = {"variant_id": goods.variant, "quantity": 1}
        steps: list[tuple[str, Callable[[], Answer]]] = [
            ("look", lambda: reader.get(goods.path)),
            ("search", lambda: reader.get(f"/products?q=edition+{visit % 50}")),
            ("add", lambda: reader.post("/cart/lines", line)),
            ("cart", lambda: reader.get("/cart")),
        ]
        if visit % VISITS_A_CHECKOUT == 0:
            steps.append(("check out", lambda: reader.post("/checkout")))
        for what, step in steps:
            if self._ask(what, step).is_failed or self._stop.is_set():
                return
            time.sleep(PAUSE_SECONDS)

    def _ask(self, what: str, step: Callable[[], Answer]) -> Told:
        began, at = time.monotonic(), time.time()  # noqa: TID251 - beside what nginx writes down
        try:
            status, error = step().status, ""
        except (OSError, http.client.HTTPException) as broken:
            status, error = 0, type(broken).__name__
        told = Told(at, time.monotonic() - began, what, status, error)
        self.told.append(told)
        return told


@contextmanager
def a_crowd(cluster: Cluster, readers: int) -> Iterator[Crowd]:
    """Let so many readers come at once, until the end of the block."""
    crowd = Crowd(cluster)
    threads = [threading.Thread(target=crowd.come, daemon=True) for _reader in range(readers)]
    for thread in threads:
        thread.start()
    try:
        yield crowd
    finally:
        crowd.leave()
        for thread in threads:
            thread.join(90)
