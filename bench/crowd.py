"""Readers who ask for one page again and again over connections of their own, and read it."""

import asyncio
import gzip
import re
from array import array
from collections.abc import Callable, Sequence
from time import perf_counter

from bench.wave_figures import Change, Wave, oldest_seconds

PATIENCE_SECONDS = 10
BODIES_KNOWN = 64
PRICE = re.compile(rb'data-shown="price">\$([\d,]+)\.(\d\d)')
CARD_PRICE = re.compile(rb'"price_minor": ?(\d+)')
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class UnreadableAnswerError(Exception):
    """What came is no page with a price."""


class Crowd:
    """An asyncio client of our own: load tools count answers, and nobody reads the price."""

    def __init__(self, port: int, path: str, price_on: Callable[[bytes], int], what: str) -> None:
        self._port, self._price_on, self._what = port, price_on, what
        self._request = (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: gzip\r\n\r\n"
        ).encode()
        self._prices: dict[bytes, int] = {}
        self._last_seen: dict[int, float] = {}
        self._took_seconds = array("d")
        self._errors: dict[str, int] = {}

    async def read(self, connections: int, seconds: float) -> None:
        until = perf_counter() + seconds
        await asyncio.gather(*(self._keep_reading(until) for _ in range(connections)))

    def figures(self, changes: Sequence[Change], connections: int, seconds: float) -> Wave:
        took = sorted(self._took_seconds) or [0.0]
        return Wave(
            what=self._what,
            seconds=seconds,
            connections=connections,
            answers=len(self._took_seconds),
            errors=self._errors,
            per_second=len(self._took_seconds) / seconds,
            p50_ms=took[len(took) // 2] * 1e3,
            p99_ms=took[len(took) * 99 // 100] * 1e3,
            worst_ms=took[-1] * 1e3,
            changes=len(changes),
            prices_seen=len(self._last_seen),
            oldest_seconds=oldest_seconds(changes, self._last_seen),
        )

    async def _keep_reading(self, until: float) -> None:
        while perf_counter() < until:
            try:
                await self._read_over_one_connection(until)
            except (OSError, EOFError, TimeoutError, UnreadableAnswerError) as error:
                name = type(error).__name__
                self._errors[name] = self._errors.get(name, 0) + 1

    async def _read_over_one_connection(self, until: float) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            while (asked_at := perf_counter()) < until:
                writer.write(self._request)
                async with asyncio.timeout(PATIENCE_SECONDS):
                    head = await reader.readuntil(b"\r\n\r\n")
                    body = await reader.readexactly(_length(head))
                self._note(body, asked_at, perf_counter())
        finally:
            writer.close()

    def _note(self, body: bytes, asked_at: float, answered_at: float) -> None:
        self._last_seen[self._price(body)] = answered_at
        self._took_seconds.append(answered_at - asked_at)

    def _price(self, body: bytes) -> int:
        minor = self._prices.get(body)
        if minor is None:
            if len(self._prices) >= BODIES_KNOWN:
                self._prices.clear()
            minor = self._prices[body] = self._price_on(gzip.decompress(body))
        return minor


def _length(head: bytes) -> int:
    length = LENGTH.search(head)
    if not head.startswith(b"HTTP/1.1 200 ") or length is None:
        raise UnreadableAnswerError(head[:200])
    return int(length[1])


def price_on_card(card: bytes) -> int:
    """Return what the first product costs, which the editor chose."""
    price = CARD_PRICE.search(card)
    if price is None:
        raise UnreadableAnswerError("no price on the card")
    return int(price[1])


def price_on_page(page: bytes) -> int:
    price = PRICE.search(page)
    if price is None:
        raise UnreadableAnswerError("no price on the page")
    return int(price[1].replace(b",", b"") + price[2])
