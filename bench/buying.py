"""Buyers who go the whole way over HTTP: cart, checkout, pay page, and perhaps the thanks page."""

import http.client
import json
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from itertools import count
from time import perf_counter
from urllib.parse import urlencode, urlsplit

from bench.whole_shop import WholeShop
from store.clock import SystemClock

PATIENCE_SECONDS = 60
STEPS = ("add to cart", "check out", "thanks")
ADDED, CHECKED_OUT, THANKED = STEPS
LINES = 2


class WentWrongError(Exception):
    """A step answered something else than it has to."""


@dataclass
class Takings:
    """What all buyers together came to; threads add to it."""

    took_seconds: dict[str, list[float]] = field(
        default_factory=lambda: {step: [] for step in STEPS}
    )
    paid_at: dict[str, float] = field(default_factory=dict)
    """When each pay page was paid, by the clock of the machine."""
    unseen: set[str] = field(default_factory=set)
    """Pay pages whose buyers did not come back: the webhook alone tells of them."""
    errors: Counter[str] = field(default_factory=Counter)


class Buyer:
    """One reader with her own cookies, from a network of her own, over connections that last."""

    def __init__(self, shop: WholeShop, number: int, takings: Takings) -> None:
        ports = shop.web_ports
        self._port, self._payments = ports[number % len(ports)], shop.payments_port
        self._key, self._takings = shop.payments_key, takings
        self._address = f"{20 + number // 62_500 % 200}.{number // 250 % 250}.{number % 250}.7"
        self._cookies: SimpleCookie = SimpleCookie()

    def buy(self, variant_ids: Sequence[int], *, comes_back: bool) -> None:
        with_shop = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_SECONDS)
        try:
            for variant_id in variant_ids:
                form = {"variant_id": str(variant_id), "quantity": "1"}
                self._post(with_shop, ADDED, "/cart/lines", form)
            location = self._post(with_shop, CHECKED_OUT, "/checkout", {})
            if "/pay/" not in location:
                raise WentWrongError(f"{CHECKED_OUT} led to {urlsplit(location).path}")
            session_id = urlsplit(location).path.rsplit("/", 1)[-1]
            self._pay(session_id)
            if comes_back:
                self._thank(with_shop, session_id)
            else:
                self._takings.unseen.add(session_id)
        finally:
            with_shop.close()

    def _post(
        self, line: http.client.HTTPConnection, step: str, path: str, form: dict[str, str]
    ) -> str:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        status, location, _body = self._ask(line, step, ("POST", path, urlencode(form)), headers)
        if status != 303:
            raise WentWrongError(f"{step} answered {status}")
        return location

    def _thank(self, line: http.client.HTTPConnection, session_id: str) -> None:
        path = f"/checkout/thanks?session_id={session_id}"
        status, _location, body = self._ask(line, THANKED, ("GET", path, None), {})
        if status != 200 or b"Thank you" not in body:
            raise WentWrongError(f"{THANKED} answered {status}")

    def _ask(
        self,
        line: http.client.HTTPConnection,
        step: str,
        asked: tuple[str, str, str | None],
        headers: dict[str, str],
    ) -> tuple[int, str, bytes]:
        cookies = "; ".join(f"{one.key}={one.value}" for one in self._cookies.values())
        sent = {
            "X-Forwarded-For": self._address,
            "Sec-Fetch-Site": "same-origin",
            "Cookie": cookies,
            **headers,
        }
        began = perf_counter()
        method, path, body = asked
        line.request(method, path, body, sent)
        answer = line.getresponse()
        read = answer.read()
        self._takings.took_seconds[step].append(perf_counter() - began)
        for header in answer.headers.get_all("Set-Cookie", []):
            self._cookies.load(header)
        return answer.status, answer.headers.get("Location", ""), read

    def _pay(self, session_id: str) -> None:
        """Pay in the sandbox, whose time is none of the shop's."""
        line = http.client.HTTPConnection("localhost", self._payments, timeout=PATIENCE_SECONDS)
        try:
            # Before the webhook can know of it.
            self._takings.paid_at[session_id] = SystemClock().now().timestamp()
            told = json.dumps({"session": session_id})
            headers = {
                "Content-Type": "application/json",
                "Authorization": f"Bearer {self._key}",
            }
            line.request("POST", "/_sandbox/pay", told, headers)
            answer = line.getresponse()
            answer.read()
        finally:
            line.close()
        if answer.status != 200:
            raise WentWrongError(f"the pay page answered {answer.status}")


class Crowd:
    """So many threads that each buy, one buyer after the other, until all have or time is over."""

    def __init__(self, shop: WholeShop, takings: Takings) -> None:
        self._shop, self._takings = shop, takings
        self._numbers = count()
        self._turn = threading.Lock()

    def buy(self, buyers: int, at_once: int, until: float, *, rest_seconds: float = 0.0) -> None:
        stop = threading.Event()
        threads = [
            threading.Thread(target=self._go_on, args=(buyers, until, stop, rest_seconds))
            for _thread in range(at_once)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _go_on(self, buyers: int, until: float, stop: threading.Event, rest_seconds: float) -> None:
        while perf_counter() < until:
            with self._turn:
                number = next(self._numbers)
            if number >= buyers:
                return
            self._buy(number)
            stop.wait(rest_seconds)

    def _buy(self, number: int) -> None:
        known = self._shop.filled.variant_ids
        # Primes: lines of one cart lie far apart, and buyers at once want different things.
        wanted = [known[(number * 7 + line * 101) % len(known)] for line in range(LINES)]
        buyer = Buyer(self._shop, number, self._takings)
        try:
            buyer.buy(wanted, comes_back=number % 2 == 0)
        except (OSError, http.client.HTTPException, WentWrongError) as error:
            words = str(error) if isinstance(error, WentWrongError) else type(error).__name__
            self._takings.errors[words] += 1
