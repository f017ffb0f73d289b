"""The way between the shop and Stripe, both directions: a proxy of ours that loses and garbles."""

import asyncio
import random
import re
import socket
import struct
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, TypeVar

from tests.faults.tally import WIRE, Tally

SILENCE_SECONDS = 8.0
"""Longer than the shop waits for Stripe; whoever hangs up before ends it."""
UPSTREAM_SECONDS = 30.0
LATE_SECONDS = (0.2, 12.0)
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
SESSION = re.compile(rb"cs_test_\w+")
NUMBER = re.compile(rb"client_reference_id=([\w-]+)")
SAID = b'{"error": {"type": "api_error", "message": "This is a fault on purpose."}}'


class OnTheWay(StrEnum):
    """What becomes of a request; `before` means that it never arrives, `after` that it did."""

    SERVER_ERROR = "500 before"
    SERVER_ERROR_AFTER = "500 after"
    UNAVAILABLE = "503 before"
    TOO_MANY = "429 before"
    GATEWAY_PAGE = "502 with HTML"
    SILENT = "time-out before"
    SILENT_AFTER = "time-out after"
    RESET = "reset before"
    RESET_AFTER = "reset after"
    BROKEN_JSON = "broken JSON"
    CUT_OFF = "answer cut off"
    SLOW = "late answer"


class Delivery(StrEnum):
    """What becomes of an event on its way to the shop."""

    REFUSED = "event refused, comes again"
    LOST = "event lost, Stripe thinks it arrived"
    LATE = "event late, overtaken by others"
    DOUBLED = "event twice at once"
    LATE_DOUBLE = "event again later"
    RESET = "event cut before"
    RESET_AFTER = "event cut after"
    GARBLED = "event garbled"


API_ODDS: dict[OnTheWay, int] = {
    OnTheWay.SERVER_ERROR: 10,
    OnTheWay.SERVER_ERROR_AFTER: 12,
    OnTheWay.UNAVAILABLE: 8,
    OnTheWay.TOO_MANY: 10,
    OnTheWay.GATEWAY_PAGE: 8,
    # Each costs a thread of the shop seconds.
    OnTheWay.SILENT: 1,
    OnTheWay.SILENT_AFTER: 2,
    OnTheWay.RESET: 12,
    OnTheWay.RESET_AFTER: 16,
    OnTheWay.BROKEN_JSON: 10,
    OnTheWay.CUT_OFF: 10,
    OnTheWay.SLOW: 6,
}
EVENT_ODDS: dict[Delivery, int] = {
    Delivery.REFUSED: 10,
    Delivery.LOST: 10,
    Delivery.LATE: 20,
    Delivery.DOUBLED: 20,
    Delivery.LATE_DOUBLE: 10,
    Delivery.RESET: 10,
    Delivery.RESET_AFTER: 15,
    Delivery.GARBLED: 5,
}


@dataclass(frozen=True, slots=True)
class Request:
    head: bytes
    body: bytes
    line: asyncio.StreamReader

    @property
    def about(self) -> str:
        """The pay page or the order that it speaks of."""
        first_line = self.head.partition(b"\r\n")[0]
        found = SESSION.search(first_line) or SESSION.search(self.body)
        number = NUMBER.search(self.body)
        return (number[1] if number else found[0] if found else b"").decode()

    @property
    def sent(self) -> bytes:
        """What is sent on: one request a connection, so that the end of the answer is plain."""
        lines = [
            line
            for line in self.head.removesuffix(b"\r\n\r\n").split(b"\r\n")
            if not line.lower().startswith(b"connection:")
        ]
        return b"\r\n".join([*lines, b"Connection: close", b"", b""]) + self.body


@dataclass
class Way:
    """One direction: what arrives at `port` goes on to `target`, or does not."""

    target: int
    tally: Tally
    chance: random.Random
    share: float = 0.0
    """Of requests that are struck; may change at any moment."""
    port: int = 0
    late: set[asyncio.Task[bytes]] = field(default_factory=set)
    odds: Mapping[Any, int] = field(default_factory=dict)
    """How often each fault is drawn, where it is not as usual."""

    async def take(self, request: Request, client: asyncio.StreamWriter) -> None:
        raise NotImplementedError

    def is_struck(self) -> bool:
        return self.chance.random() < self.share

    async def ask(self, request: Request) -> bytes:
        """Return the whole answer of the other side; nothing where nobody answered."""
        try:
            async with asyncio.timeout(UPSTREAM_SECONDS):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.target)
                try:
                    writer.write(request.sent)
                    return await reader.read()
                finally:
                    writer.close()
        except (OSError, TimeoutError):
            return b""

    async def serve(self, reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = LENGTH.search(head)
            body = await reader.readexactly(int(length[1])) if length else b""
            await self.take(Request(head, body, reader), client)
        except (OSError, asyncio.IncompleteReadError):
            # Whoever asked was killed, or waits no longer.
            return
        finally:
            client.close()


class ToStripe(Way):
    async def take(self, request: Request, client: asyncio.StreamWriter) -> None:
        if not self.is_struck():
            await _pass_on(await self.ask(request), client)
            return
        kind = _drawn(self.chance, self.odds or API_ODDS)
        self.tally.harm(WIRE, kind, request.about)
        await _FAILING[kind](self, request, client)


class ToShop(Way):
    """Stripe gives up on nothing that was refused, and never repeats what was taken."""

    async def take(self, request: Request, client: asyncio.StreamWriter) -> None:
        if not self.is_struck():
            await _pass_on(await self.ask(request), client)
            return
        kind = _drawn(self.chance, self.odds or EVENT_ODDS)
        self.tally.harm(WIRE, kind, request.about)
        match kind:
            case Delivery.REFUSED:
                await _pass_on(_answer(500, SAID), client)
            case Delivery.RESET:
                cut(client)
            case Delivery.LOST:
                await _pass_on(_answer(200, b"taken"), client)
            case Delivery.LATE:
                self._later(request)
                await _pass_on(_answer(200, b"taken"), client)
            case Delivery.DOUBLED:
                first, _ = await asyncio.gather(self.ask(request), self.ask(request))
                await _pass_on(first, client)
            case Delivery.LATE_DOUBLE:
                self._later(request)
                await _pass_on(await self.ask(request), client)
            case Delivery.RESET_AFTER:
                await self.ask(request)
                cut(client)
            case Delivery.GARBLED:
                await _pass_on(await self.ask(_garbled(request)), client)

    def _later(self, request: Request) -> None:
        wait = self.chance.uniform(*LATE_SECONDS)

        async def bring() -> bytes:
            await asyncio.sleep(wait)
            return await self.ask(request)

        task = asyncio.get_running_loop().create_task(bring())
        self.late.add(task)
        task.add_done_callback(self.late.discard)


def _garbled(request: Request) -> Request:
    """Return it with half of its body: as long as it was announced, and another one."""
    half = request.body[: len(request.body) // 2]
    return replace(request, body=half.ljust(len(request.body)))


Failing = Callable[[Way, Request, asyncio.StreamWriter], Awaitable[None]]


def _refusing(status: int, body: bytes = SAID, kind: str = "application/json") -> Failing:
    async def refuse(_way: Way, _request: Request, client: asyncio.StreamWriter) -> None:
        await _pass_on(_answer(status, body, kind), client)

    return refuse


async def _error_after(way: Way, request: Request, client: asyncio.StreamWriter) -> None:
    await way.ask(request)
    await _pass_on(_answer(500, SAID), client)


async def _silent(_way: Way, request: Request, client: asyncio.StreamWriter) -> None:
    await _until_gone(request, client)


async def _silent_after(way: Way, request: Request, client: asyncio.StreamWriter) -> None:
    await way.ask(request)
    await _until_gone(request, client)


async def _reset_before(_way: Way, _request: Request, client: asyncio.StreamWriter) -> None:
    cut(client)


async def _reset_after(way: Way, request: Request, client: asyncio.StreamWriter) -> None:
    await way.ask(request)
    cut(client)


async def _broken_json(way: Way, request: Request, client: asyncio.StreamWriter) -> None:
    await way.ask(request)
    await _pass_on(_answer(200, b'{"id": "cs_test_broken", "object": "checkout.'), client)


async def _cut_off(way: Way, request: Request, client: asyncio.StreamWriter) -> None:
    answer = await way.ask(request)
    client.write(answer[: len(answer) * 2 // 3])
    await client.drain()
    cut(client)


async def _slow(way: Way, request: Request, client: asyncio.StreamWriter) -> None:
    answer = await way.ask(request)
    await asyncio.sleep(way.chance.uniform(0.3, 1.5))
    await _pass_on(answer, client)


PAGE = b"<html><body><h1>502 Bad Gateway</h1></body></html>"
_FAILING: dict[OnTheWay, Failing] = {
    OnTheWay.SERVER_ERROR: _refusing(500),
    OnTheWay.SERVER_ERROR_AFTER: _error_after,
    OnTheWay.UNAVAILABLE: _refusing(503),
    OnTheWay.TOO_MANY: _refusing(429),
    OnTheWay.GATEWAY_PAGE: _refusing(502, PAGE, "text/html"),
    OnTheWay.SILENT: _silent,
    OnTheWay.SILENT_AFTER: _silent_after,
    OnTheWay.RESET: _reset_before,
    OnTheWay.RESET_AFTER: _reset_after,
    OnTheWay.BROKEN_JSON: _broken_json,
    OnTheWay.CUT_OFF: _cut_off,
    OnTheWay.SLOW: _slow,
}


Kind = TypeVar("Kind", OnTheWay, Delivery)


def _drawn(chance: random.Random, odds: Mapping[Kind, int]) -> Kind:
    return chance.choices(list(odds), list(odds.values()))[0]


def _answer(status: int, body: bytes, kind: str = "application/json") -> bytes:
    head = f"HTTP/1.1 {status} On purpose\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}"
    return f"{head}\r\nConnection: close\r\n\r\n".encode() + body


async def _pass_on(answer: bytes, client: asyncio.StreamWriter) -> None:
    if not answer:
        cut(client)
        return
    client.write(answer)
    await client.drain()


async def _until_gone(request: Request, client: asyncio.StreamWriter) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(SILENCE_SECONDS):
            await request.line.read()
    cut(client)


def cut(client: asyncio.StreamWriter) -> None:
    """End the connection as a machine does that fell over: no goodbye."""
    found = client.get_extra_info("socket")
    # The other side may have fallen over first, and then there is nothing to end.
    if found is not None and found.fileno() != -1:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.transport.abort()


Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Roads:
    """Runs every way, gate and sink of a run in one thread of this process."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name="roads", daemon=True)
        self._servers: list[asyncio.Server] = []

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        done: Future[Any] = asyncio.run_coroutine_threadsafe(work, self.loop)
        return done.result(60)

    def listen(self, serve: Serve) -> int:
        """Take connections on a free port; return it."""

        async def until_the_end(reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
            try:
                await serve(reader, client)
            except asyncio.CancelledError:
                cut(client)
            finally:
                client.close()

        server = self.run(asyncio.start_server(until_the_end, "127.0.0.1", 0))
        self._servers.append(server)
        port: int = server.sockets[0].getsockname()[1]
        return port

    @contextmanager
    def running(self) -> Iterator["Roads"]:
        self._thread.start()
        try:
            yield self
        finally:
            self.run(self._close())
            self.loop.call_soon_threadsafe(self.loop.stop)
            self._thread.join(10)
            self.loop.close()

    async def _close(self) -> None:
        for server in self._servers:
            server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        # What was aborted is let go in a later turn of the loop.
        await asyncio.sleep(0.1)
