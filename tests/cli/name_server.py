"""A name server on loopback that knows the TXT records a test gives it."""

import socketserver
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import cast

import dns.message
import dns.rcode
import dns.rrset

from store.mail.records import AskedServers

Zone = Mapping[str, Sequence[str]]
FAILS = "fails"
"""Among the names of a zone: the server says that it cannot answer for it."""


class _Question(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        raw, line = self.request
        zone = cast("_Listener", self.server).zone
        question = dns.message.from_wire(raw)
        name = question.question[0].name.to_text(omit_final_dot=True)
        answer = dns.message.make_response(question)
        texts = zone.get(name.lower())
        if texts is None:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif list(texts) == [FAILS]:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif texts:
            records = [_in_strings(text) for text in texts]
            answer.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "TXT", *records))
        line.sendto(answer.to_wire(), self.client_address)


class _Listener(socketserver.ThreadingUDPServer):
    daemon_threads = True

    def __init__(self, zone: Zone) -> None:
        super().__init__(("127.0.0.1", 0), _Question)
        self.zone = zone


@contextmanager
def a_name_server(zone: Zone) -> Iterator[AskedServers]:
    """Serve these records, and yield what asks for them."""
    listener = _Listener(zone)
    thread = threading.Thread(target=listener.serve_forever, daemon=True)
    thread.start()
    try:
        yield AskedServers(["127.0.0.1"], listener.server_address[1])
    finally:
        listener.shutdown()
        listener.server_close()
        thread.join()


def _in_strings(text: str) -> str:
    """Return a text as records hold it: in strings of at most 255 bytes."""
    parts = [text[at : at + 200] for at in range(0, len(text), 200)] or [""]
    return " ".join('"' + part.replace('"', '\\"') + '"' for part in parts)
