"""The mail server that only counts lets go of whoever is on the line when it shuts."""

import socket
from contextlib import suppress

from bench.mail_sink import open_sink


def test_a_line_that_is_kept_open_is_hung_up_on() -> None:
    with open_sink() as sink:
        line = socket.create_connection(("127.0.0.1", sink.port), timeout=10)
        greeting = line.recv(100)

    with line, suppress(ConnectionResetError):
        # Without an end this would wait until its patience ends.
        assert line.recv(100) == b""
    assert greeting == b"220 sink\r\n"
    assert sink.lines == set()
