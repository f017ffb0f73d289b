"""A news site on a real socket of this machine, as polite or as hostile as a test wants it."""

import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from socket import socket
from typing import Any

Answer = bytes | Callable[[socket], None]
EACH_DROP_SECONDS = 0.05


def a_page(
    head: str = "", body: str = "", *, html: str = '<html lang="en-AU">', charset: str = "utf-8"
) -> bytes:
    """Return a page in the shape of a story as its site answers it."""
    text = f"<!doctype html>{html}<head>{head}</head><body>{body}</body></html>"
    return an_answer(text.encode(charset), kind=f"text/html; charset={charset}")


def an_answer(
    body: bytes, *, status: str = "200 OK", kind: str = "text/html", **more: str
) -> bytes:
    headers = {"Content-Type": kind, "Content-Length": str(len(body))}
    headers |= {name.replace("_", "-"): value for name, value in more.items()}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def a_redirect(location: str, status: str = "302 Found") -> bytes:
    return an_answer(b"", status=status, Location=location)


def dripping(start: bytes, drop: bytes = b" ", *, seconds: float = 3) -> Callable[[socket], None]:
    """Return an answer that sends one drop after the other for so long, and then ends.

    Who is still there at its end was stopped by no clock. The drops come later on a busy machine,
    as everything does there, so that nobody needs to measure how long it took.
    """

    def answer(line: socket) -> None:
        line.sendall(start)
        for _drop in range(int(seconds / EACH_DROP_SECONDS)):
            time.sleep(EACH_DROP_SECONDS)
            line.sendall(drop)

    return answer


def endless(start: bytes) -> Callable[[socket], None]:
    """Return an answer that never ends and comes as fast as it can."""

    def answer(line: socket) -> None:
        line.sendall(start)
        while True:
            line.sendall(b"x" * 65_536)

    return answer


@dataclass
class Paper:
    """The site: what it answers by path, and the head of every request that came."""

    port: int
    pages: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        return [head.split(" ")[1] for head in self.asked]

    def answer(self, line: socket, head: str) -> None:
        self.asked.append(head)
        answer = self.pages.get(self.paths[-1], an_answer(b"", status="404 Not Found"))
        with suppress(OSError):
            if isinstance(answer, bytes):
                line.sendall(answer)
            else:
                answer(line)


@contextmanager
def a_paper() -> Iterator[Paper]:
    """Serve a site until the end of the block."""

    class Request(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            head = b""
            while b"\r\n\r\n" not in head:
                more = self.request.recv(4096)
                if not more:
                    return
                head += more
            paper.answer(self.request, head.decode("latin-1"))

    with _Server(("127.0.0.1", 0), Request) as server:
        paper = Paper(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield paper
        finally:
            server.shutdown()
            thread.join()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 32
    server_address: Any
