"""A line to one host that ends at one moment and after so many bytes, however they drip in."""

import io
import ssl
import time
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from socket import SOCK_STREAM, getaddrinfo, socket
from threading import Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Allowed = Callable[[str, int], bool]
"""Whether this address and port may be asked; the address is the one that is connected to."""


class NobodyThereError(OSError):
    """The host has no address, or none that answers."""


class ForbiddenAddressError(OSError):
    """The host lies where the store asks nobody, such as in a private network."""


class TooMuchError(Exception):
    """More came than may."""


_Address = tuple[int, int, int, str, Any]
"""Family, kind and protocol of a socket, a name, and what it connects to."""


def line_to(host: str, port: int, deadline: float, *, is_https: bool, allowed: Allowed) -> socket:
    """Return a connected socket; raise OSError when nobody answers, TimeoutError when late.

    A host is looked up once, and what is connected to is the address that was judged: a name that
    leads elsewhere a moment later leads nowhere.
    """
    line = _first_that_answers(host, port, deadline, allowed)
    if not is_https:
        return line
    try:
        line.settimeout(_left(deadline))
        return ssl.create_default_context().wrap_socket(line, server_hostname=host)
    except OSError:
        line.close()
        raise


class Wire(io.RawIOBase):
    """What http.client takes for a socket: its every wait ends at the deadline.

    A socket's own time-out begins anew with each byte. Raises TimeoutError when it is late, and
    TooMuchError when more comes than may, the answer's head included.
    """

    def __init__(self, line: socket, deadline: float, most_bytes: int) -> None:
        self._line, self._deadline, self._left = line, deadline, most_bytes

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def close(self) -> None:
        """Do nothing: http.client lets go before the page is read, and the line is not its own."""

    def sendall(self, content: bytes) -> None:
        self._line.settimeout(_left(self._deadline))
        self._line.sendall(content)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        self._line.settimeout(_left(self._deadline))
        number = self._line.recv_into(buffer)
        self._left -= number
        if self._left < 0:
            raise TooMuchError
        return number


def _first_that_answers(host: str, port: int, deadline: float, allowed: Allowed) -> socket:
    found = _addresses(host, port, deadline)
    addresses = [place for place in found if allowed(str(place[-1][0]), port)]
    if found and not addresses:
        raise ForbiddenAddressError(host)
    for number, (family, kind, protocol, _name, address) in enumerate(addresses, start=1):
        line = socket(family, kind, protocol)
        try:
            # One that is dead leaves time for the others.
            line.settimeout(_left(deadline) / (len(addresses) - number + 1))
            line.connect(address)
        except OSError:
            line.close()
            if number == len(addresses):
                raise
        else:
            return line
    raise NobodyThereError(host)


def _addresses(host: str, port: int, deadline: float) -> Sequence[_Address]:
    """Look the host up; the resolver knows no time-out, so whoever waits for it must."""
    answers: SimpleQueue[Sequence[_Address] | Exception] = SimpleQueue()

    def look_up() -> None:
        try:
            answers.put(getaddrinfo(host, port, type=SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    Thread(target=look_up, daemon=True).start()
    try:
        answer = answers.get(timeout=_left(deadline))
    except Empty:
        raise TimeoutError("the host is still being looked up") from None
    if isinstance(answer, Exception):
        raise NobodyThereError(host) from answer
    return answer


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("the time for this answer is over")
    return left
