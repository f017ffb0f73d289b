"""What nginx hands on once arrives, though processes close connections as they are replaced."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.integrations.fronts import needs
from tests.nodes.browsing import Door
from tests.nodes.certificates import certify
from tests.nodes.fronting import fronted
from tests.ports import free_port

HOST = "localhost"
pytestmark = [pytest.mark.slow, needs("nginx")]


@contextmanager
def process_that_is_replaced() -> Iterator[int]:
    """Answer once over each connection, and close it when it is used again: as one that ends."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_serve, args=(listener,), daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def _serve(listener: socket.socket) -> None:
    while True:
        try:
            line, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_answer_once, args=(line,), daemon=True).start()


def _answer_once(line: socket.socket) -> None:
    with line:
        if line.recv(65_536):
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            line.recv(65_536)


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[HTTPConnection]:
    port, trusted = free_port(), ssl.create_default_context(cafile=certify(tmp_path, HOST))
    with process_that_is_replaced() as first, process_that_is_replaced() as second:
        nodes = {f"127.0.0.1:{first}": True, f"127.0.0.1:{second}": True}
        with fronted(tmp_path, "127.0.0.1", port, nodes):
            # One connection, so that one process of nginx has both: it keeps its own to the shop.
            connection = Door(HOST, port, HOST, trusted).open()
            yield connection
            connection.close()


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_what_is_sent_once_goes_over_a_connection_of_its_own(
    reader: HTTPConnection, method: str
) -> None:
    asked = ["GET", "GET", *[method] * 6]

    assert [_status(reader, one) for one in asked] == [200] * len(asked)


def _status(reader: HTTPConnection, method: str) -> int:
    reader.request(method, "/cart/lines", body=None if method == "GET" else b"quantity=1")
    answer = reader.getresponse()
    answer.read()
    return answer.status
