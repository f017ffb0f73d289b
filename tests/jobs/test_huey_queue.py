"""Promises about the queue: a hint arrives once, digits only, and absence is told soon."""

import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from socketserver import BaseRequestHandler, TCPServer
from typing import Any

import pytest

from store.jobs.huey_queue import HueyQueue
from store.jobs.queue import QueueAwayError
from tests.ports import free_port


class HangingUp(TCPServer):
    """A server that hangs up on each caller at once, and counts them."""

    def __init__(self) -> None:
        self.calls = 0
        super().__init__(("127.0.0.1", 0), BaseRequestHandler)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        self.calls += 1
        self.shutdown_request(request)


@pytest.fixture
def hung_up() -> Iterator[HangingUp]:
    with HangingUp() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    server = shutil.which("redis-server")
    if server is None:
        pytest.skip("this machine has no redis-server")
    port = free_port()
    command = [server, "--port", str(port), "--save", "", "--bind", "127.0.0.1"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL) as process:
        yield f"redis://127.0.0.1:{port}/0"
        process.terminate()


@pytest.fixture(params=["sqlite", "redis", "postgresql"])
def queue(request: pytest.FixtureRequest, tmp_path: Path, database_url: str) -> Iterator[HueyQueue]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'queue.sqlite'}"
    elif request.param == "redis":
        url = request.getfixturevalue("redis_url")
    else:
        url = database_url
        if not url.startswith("postgresql"):
            pytest.skip("runs with --postgresql")
    queue = HueyQueue(url)
    _wait_for(queue)
    yield queue
    queue.close()


def _wait_for(queue: HueyQueue) -> None:
    for _ in range(50):
        try:
            queue.next_hint(0)
        except QueueAwayError:
            time.sleep(0.1)
        else:
            return


def test_hints_arrive_once_and_in_order(queue: HueyQueue) -> None:
    for row_id in (3, 1, 2):
        queue.hint(row_id)

    assert [queue.next_hint(0.1) for _ in range(4)] == [3, 1, 2, None]


def test_what_is_no_row_in_the_queue_is_passed_over(queue: HueyQueue) -> None:
    queue._opened().enqueue(b"cposix\nsystem\n(S'id'\ntR.")

    assert queue.next_hint(0.1) is None


def test_hint_of_another_process_is_heard(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'deep' / 'queue.sqlite'}"
    ours, theirs = HueyQueue(url), HueyQueue(url)

    theirs.hint(9)

    assert ours.next_hint(1) == 9
    ours.close()
    theirs.close()


def test_queue_that_is_away_is_asked_once_and_rests(hung_up: HangingUp) -> None:
    queue = HueyQueue(f"redis://127.0.0.1:{hung_up.port}/0")

    for _ in range(20):
        with pytest.raises(QueueAwayError):
            queue.hint(1)

    assert hung_up.calls == 1
    with pytest.raises(QueueAwayError):
        queue.next_hint(0.1)


def test_queue_where_nobody_listens_is_away() -> None:
    with pytest.raises(QueueAwayError):
        HueyQueue(f"redis://127.0.0.1:{free_port()}/0").hint(1)


def test_queue_on_a_file_that_is_none_is_away(tmp_path: Path) -> None:
    (tmp_path / "queue.sqlite").write_text("not a database, however long this sentence goes on")

    with pytest.raises(QueueAwayError):
        HueyQueue(f"sqlite:///{tmp_path / 'queue.sqlite'}").hint(1)


@pytest.mark.parametrize("url", ["", "amqp://localhost", "http://localhost"])
def test_queue_that_huey_does_not_know_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ValueError, match="STORE_QUEUE_URL"):
        HueyQueue(url)
