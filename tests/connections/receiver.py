"""Somebody outside who is told things: a server on this machine that keeps what it was sent."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from sqlalchemy import select

from store.connections.announcing import Deliver
from store.connections.endpoints import Wanted, add_endpoint
from store.connections.models import CHOSEN_KINDS, Delivery, Endpoint, Kind
from store.connections.tasks import handlers
from store.database import db, writing
from store.jobs.models import OutboxRow
from store.jobs.outbox import run_row
from tests.shop import Shop


@dataclass
class Receiver:
    """What came, and what is answered to it."""

    port: int = 0
    status: int = 204
    location: str = ""
    answer: bytes = b""
    bodies: list[str] = field(default_factory=list)
    heads: list[dict[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks"


@contextmanager
def a_receiver() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            receiver.bodies.append(self.rfile.read(length).decode())
            receiver.heads.append({name.lower(): value for name, value in self.headers.items()})
            self.send_response(receiver.status)
            if receiver.location:
                self.send_header("Location", receiver.location)
            self.send_header("Content-Length", str(len(receiver.answer)))
            self.end_headers()
            self.wfile.write(receiver.answer)

        def log_message(self, *given: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.port = server.server_port
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def an_endpoint(
    shop: Shop, url: str, kinds: Collection[Kind] = CHOSEN_KINDS, name: str = "A warehouse"
) -> int:
    """Have this address told, and return its number; call it inside the app."""
    with writing():
        return add_endpoint(Wanted(name, url, kinds), shop.services).id


def the_endpoint(endpoint_id: int) -> Endpoint:
    """Return an endpoint as it stands now."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Endpoint, endpoint_id)


def told(endpoint_id: int) -> list[Delivery]:
    """Return what an endpoint was to be told, the first on top, as it stands now."""
    db.session.rollback()
    db.session.expire_all()
    found = select(Delivery).where(Delivery.endpoint_id == endpoint_id).order_by(Delivery.id)
    return list(db.session.scalars(found))


def run_due(shop: Shop) -> int:
    """Run every delivery that is due now; return how many jobs that were."""
    db.session.rollback()
    due = db.session.scalars(
        select(OutboxRow.id)
        .where(
            OutboxRow.kind == Deliver.kind,
            OutboxRow.done_at.is_(None),
            OutboxRow.due_at <= shop.clock.now(),
        )
        .order_by(OutboxRow.id)
    ).all()
    for row_id in due:
        assert run_row(row_id, handlers(shop.services), shop.clock)
    return len(due)
