"""A mail server on loopback with whatever manners a test gives it, at whatever step."""

import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

TAKEN, GO_ON = "250 2.0.0 OK", "354 go on"
HANGS_UP = "hangs up"
"""Instead of an answer, after it has read what was said."""
HANGS_UP_HAVING_TAKEN = "hangs up having taken"
HANGS_UP_AMID = "hangs up amid"
"""At DATA: says to go on, and leaves while the words come."""
TRICKLES = "trickles"
"""Says so little at a time that no single wait is too long."""
SILENT = "silent"

Manners = Callable[[str, str], str]
"""Given the step (greeting, EHLO, MAIL, RCPT, DATA, words, RSET) and the recipient: the answer."""


@dataclass
class RudeOffice:
    manners: Manners = lambda _step, _address: TAKEN
    taken: list[str] = field(default_factory=list)
    """The recipients of mails that it has, in their order."""
    words: list[bytes] = field(default_factory=list)
    connections: int = 0
    open_now: int = 0
    extensions: tuple[str, ...] = ("8BITMIME",)
    tls: ssl.SSLContext | None = None
    """Offers STARTTLS where it is given."""
    encrypted: int = 0
    url: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)
    closing: threading.Event = field(default_factory=threading.Event)

    def message_ids(self) -> list[str]:
        lines = [line for words in self.words for line in words.split(b"\r\n")]
        return [line.decode() for line in lines if line.startswith(b"Message-ID:")]


class Hung(Exception):  # noqa: N818 - it is no error here
    """This conversation is over."""


class Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        with self.office.lock:
            self.office.connections += 1
            self.office.open_now += 1
        self.recipient = ""
        self.is_encrypted = False
        try:
            self._say("greeting", "220 ready")
            while line := self.rfile.readline():
                self._hear(line.decode().strip())
        except (Hung, OSError):
            return
        finally:
            # The one below knows nothing of the encrypted one above it.
            self.connection.close()
            with self.office.lock:
                self.office.open_now -= 1

    @property
    def office(self) -> RudeOffice:
        office: RudeOffice = self.server.office  # type: ignore[attr-defined]
        return office

    @property
    def _offers_tls(self) -> bool:
        return self.office.tls is not None and not self.is_encrypted

    def _hear(self, line: str) -> None:
        verb = line[:4].upper()
        if verb == "EHLO":
            offered = self.office.extensions + (("STARTTLS",) if self._offers_tls else ())
            lines = ["rude.example", *offered]
            dashed = [f"250-{one}" for one in lines[:-1]] + [f"250 {lines[-1]}"]
            self._say("EHLO", "\r\n".join(dashed))
        elif verb == "STAR":
            self._start_tls()
        elif verb == "RCPT":
            self.recipient = line.partition("<")[2].partition(">")[0]
            self._say("RCPT", TAKEN)
        elif verb == "DATA":
            self._take()
        elif verb == "QUIT":
            self._write("221 bye")
            raise Hung
        else:
            self._say(verb, TAKEN)

    def _take(self) -> None:
        manner = self.office.manners("DATA", self.recipient)
        if manner == HANGS_UP_AMID:
            self._write(GO_ON)
            self.rfile.readline()
            raise Hung
        if manner != TAKEN:
            self._answer(manner)
            return
        self._write(GO_ON)
        lines: list[bytes] = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                raise Hung
            lines.append(line)
        manner = self.office.manners("words", self.recipient)
        if manner in {TAKEN, HANGS_UP_HAVING_TAKEN}:
            with self.office.lock:
                self.office.taken.append(self.recipient)
                self.office.words.append(b"".join(lines))
        self._answer(HANGS_UP if manner == HANGS_UP_HAVING_TAKEN else manner)

    def _start_tls(self) -> None:
        assert self.office.tls is not None
        self._write("220 go ahead")
        self.connection = self.office.tls.wrap_socket(self.connection, server_side=True)
        self.office.encrypted += 1
        self.is_encrypted = True
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", 0)

    def _say(self, step: str, usual: str) -> None:
        manner = self.office.manners(step, self.recipient)
        self._answer(usual if manner == TAKEN else manner)

    def _answer(self, manner: str) -> None:
        if manner == HANGS_UP:
            raise Hung
        if manner == SILENT:
            self.office.closing.wait(20)
            raise Hung
        if manner == TRICKLES:
            while not self.office.closing.wait(0.05):
                self.wfile.write(b"250-")
        self._write(manner)
        if manner.startswith("421"):
            raise Hung

    def _write(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, office: RudeOffice) -> None:
        self.office = office
        super().__init__(("127.0.0.1", 0), Conversation)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: whoever hangs up here does so on purpose."""


@contextmanager
def open_rude_office(office: RudeOffice) -> Iterator[RudeOffice]:
    server = Server(office)
    office.url = f"smtp://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield office
    finally:
        office.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()


def until(happened: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.02)
    return happened()
