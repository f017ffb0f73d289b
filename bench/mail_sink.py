"""A mail server on loopback that takes everything and remembers to whom, and when."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

ANSWERS = {
    b"EHLO": b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME",
    b"DATA": b"354 go on",
    b"QUIT": b"221 bye",
}
END_OF_WORDS = b"\r\n.\r\n"


@dataclass(frozen=True, slots=True)
class Taken:
    at: float
    """On the monotonic clock of this process."""
    recipient: str
    message_id: str


@dataclass
class MailSink:
    taken: list[Taken] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    address: str = "127.0.0.1"
    lines: set[asyncio.Transport] = field(default_factory=set)
    """Those that are open."""

    @property
    def url(self) -> str:
        return f"smtp://{self.address}:{self.port}"


class Conversation(asyncio.Protocol):
    """Speaks with one client; whatever it says at once is answered in its order."""

    def __init__(self, sink: MailSink) -> None:
        self._sink = sink
        self._heard = b""
        self._recipient = ""
        self._is_in_words = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._sink.connections += 1
        self._sink.lines.add(transport)
        self._say(b"220 sink")

    def connection_lost(self, error: Exception | None) -> None:
        self._sink.lines.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._heard += data
        while self._step():
            pass

    def _step(self) -> bool:
        end = END_OF_WORDS if self._is_in_words else b"\r\n"
        said, found, rest = self._heard.partition(end)
        if not found:
            return False
        self._heard = rest
        if self._is_in_words:
            self._take(said)
        else:
            self._answer(said)
        return True

    def _answer(self, line: bytes) -> None:
        verb = line[:4].upper()
        if verb == b"RCPT":
            self._recipient = line.partition(b"<")[2].partition(b">")[0].decode()
        self._is_in_words = verb == b"DATA"
        self._say(ANSWERS.get(verb, b"250 OK"))
        if verb == b"QUIT":
            self._transport.close()

    def _take(self, words: bytes) -> None:
        self._is_in_words = False
        message_id = words.partition(b"Message-ID:")[2].partition(b"\r\n")[0].decode().strip()
        # Before the answer: whoever is killed between both has given it.
        self._sink.taken.append(Taken(time.monotonic(), self._recipient, message_id))
        self._say(b"250 taken")

    def _say(self, line: bytes) -> None:
        self._transport.write(line + b"\r\n")


@contextmanager
def open_sink(address: str = "127.0.0.1") -> Iterator[MailSink]:
    """Take mail in a thread of this process."""
    sink, loop = MailSink(address=address), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    # In its own thread from the first: a loop of somebody else may run in this one.
    opening = loop.create_server(lambda: Conversation(sink), address, 0, backlog=64)
    server = asyncio.run_coroutine_threadsafe(opening, loop).result()
    sink.port = server.sockets[0].getsockname()[1]
    try:
        yield sink
    finally:
        asyncio.run_coroutine_threadsafe(_close(server, sink), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _close(server: asyncio.Server, sink: MailSink) -> None:
    """Hang up on whoever keeps a line open between two mails: no loop ends with one."""
    server.close()
    for line in list(sink.lines):
        line.abort()
    # What was aborted is let go in the next turn of the loop.
    await asyncio.sleep(0)
