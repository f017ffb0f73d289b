"""Who races: readers with carts of their own, and pairs of bytes that arrive at one moment."""

import html
import http.client
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

from store.sandbox.stripe import Sandbox, SessionClosedError

PATIENCE_SECONDS = 180
GETTING_READY = 16
"""Readers who fill their carts at once, before the race."""
HIDDEN = re.compile(r'name="(shown|discounts|on_cards)"\s+value="([^"]*)"')
NOTE = re.compile(
    r'class="(?:stock_note stock_note--blocking|basket_code__more)">(.*?)</', re.DOTALL
)
NOTICE = "Something changed since you looked"
T = TypeVar("T")


@dataclass
class Reader:
    """One reader's network, cookies, and the web process that she happens to reach."""

    port: int
    number: int
    cookies: SimpleCookie = field(default_factory=SimpleCookie)
    waited_ms: float = 0.0
    said: str = ""

    def put_into_cart(self, variant_id: int, code: str = "") -> dict[str, str]:
        """Fill the cart, maybe with a code; return what its page says that was seen."""
        self.ask("POST", "/cart/lines", variant_id=str(variant_id), quantity="1")
        if code:
            self.ask("POST", "/cart/discount", code=code)
        _, _, page = self.ask("GET", "/cart")
        return {name: html.unescape(value) for name, value in HIDDEN.findall(page)}

    def check_out(self, seen: dict[str, str], sandbox: Sandbox) -> str:
        """Press the button, pay where that is asked; return how it ended, in a word."""
        began = time.perf_counter()
        status, location, _ = self.ask("POST", "/checkout", **seen)
        self.waited_ms = (time.perf_counter() - began) * 1_000
        if status != 303:
            return f"answered {status}"
        if "/pay/" not in location:
            return self._read_why(location)
        session_id = urlsplit(location).path.rsplit("/", 1)[-1]
        try:
            sandbox.pay(session_id)
        except SessionClosedError:
            return "too late to pay"
        status, _, page = self.ask("GET", f"/checkout/thanks?session_id={session_id}")
        return "paid" if status == 200 and "Thank you" in page else f"thanks answered {status}"

    def _read_why(self, location: str) -> str:
        status, _, page = self.ask("GET", location)
        notes = [" ".join(re.sub(r"<[^>]*>", " ", note).split()) for note in NOTE.findall(page)]
        self.said = html.unescape(" ".join(note for note in notes if note)) or NOTICE
        return "told" if status == 200 and NOTICE in page else f"not told ({status})"

    def ask(self, method: str, path: str, **fields: str) -> tuple[int, str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        cookies = "; ".join(f"{one.key}={one.value}" for one in self.cookies.values())
        headers = {
            "Cookie": cookies,
            "Sec-Fetch-Site": "same-origin",
            "X-Forwarded-For": f"203.{self.number // 200}.{self.number % 200}.7",
        }
        if fields or method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, urlencode(fields) or None, headers)
            answer = connection.getresponse()
            page = answer.read().decode(errors="replace")
            for header in answer.headers.get_all("Set-Cookie", []):
                self.cookies.load(header)
            return answer.status, answer.headers.get("Location", ""), page
        finally:
            connection.close()


@dataclass(frozen=True, slots=True)
class Ended:
    endings: Counter[str]
    seconds: float
    answers_ms: list[float]
    said: Counter[str]


def race(ports: Sequence[int], number: int, variant_id: int, sandbox: Sandbox, code: str) -> Ended:
    """Let so many readers, whose carts are full, press the button at one moment."""
    readers = [Reader(ports[one % len(ports)], one) for one in range(number)]
    with ThreadPoolExecutor(GETTING_READY) as pool:
        seen = list(pool.map(lambda reader: reader.put_into_cart(variant_id, code), readers))
    verbs = [
        lambda reader=reader, shown=shown: reader.check_out(shown, sandbox)
        for reader, shown in zip(readers, seen, strict=True)
    ]
    endings, seconds = at_once(verbs)
    return Ended(
        Counter(endings),
        seconds,
        [reader.waited_ms for reader in readers],
        Counter(reader.said for reader in readers if reader.said),
    )


def at_once(verbs: Sequence[Callable[[], T]]) -> tuple[list[T | str], float]:
    """Run all of them from one moment on; return what each came to, and the seconds."""
    came_to: list[T | str] = ["never ended"] * len(verbs)
    start = threading.Barrier(len(verbs) + 1)

    def run(place: int) -> None:
        start.wait()
        try:
            came_to[place] = verbs[place]()
        except (OSError, http.client.HTTPException) as error:
            came_to[place] = type(error).__name__

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(verbs))]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return came_to, time.perf_counter() - began


@dataclass(slots=True)
class Twins:
    """Brings each event to two processes: all of it but a byte, and then both last bytes."""

    ports: tuple[int, int]
    apart_ms: list[float] = field(default_factory=list)
    answers_ms: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)

    def bring(self, body: bytes, signature: str) -> int:
        """Return what the first of them answered."""
        lines = [socket.create_connection(("127.0.0.1", port), 60) for port in self.ports]
        try:
            for line in lines:
                line.settimeout(60)
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                line.sendall(_head(line, body, signature) + body[:-1])
            # Both processes have read it and wait for its end.
            time.sleep(0.005)
            first = time.perf_counter()
            lines[0].sendall(body[-1:])
            lines[1].sendall(body[-1:])
            self.apart_ms.append((time.perf_counter() - first) * 1_000)
            found = [_status(line) for line in lines]
            self.answers_ms.append((time.perf_counter() - first) * 1_000)
        finally:
            for line in lines:
                line.close()
        self.statuses.update(f"answered {status}" for status in found)
        return found[0]


def _head(line: socket.socket, body: bytes, signature: str) -> bytes:
    port = line.getpeername()[1]
    return (
        f"POST /webhooks/stripe HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        f"Stripe-Signature: {signature}\r\n\r\n"
    ).encode()


def _status(line: socket.socket) -> int:
    answer = b""
    while part := line.recv(65_536):
        answer += part
    return int(answer.split(b" ", 2)[1])
