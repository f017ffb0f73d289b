"""`store serve` as an operator starts it, without a worker, in a process group of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import urlopen

from store.paths import ROOT
from tests.ports import free_port

PATIENCE_SECONDS = 60
SERVE = (sys.executable, "-m", "store.cli.main", "serve", "--no-worker")
SETTINGS = {
    "STORE_SECRET_KEY": "a secret key of a test, long enough",
    "STORE_STRIPE_KEY": "sk_test_of_a_test",
    "STORE_MAIL_FROM": "shop@example.org",
    "STORE_NEWSROOM_EMAIL": "news@example.org",
}


@contextmanager
def serving(folder: Path, *, workers: int) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    """Yield the process and its port once it answers; what is left of its group is killed."""
    port = free_port()
    with subprocess.Popen(
        [*SERVE, f"--workers={workers}", f"--port={port}"],
        cwd=ROOT,
        env=os.environ | SETTINGS | {"STORE_DATA_DIR": str(folder)},
        process_group=0,
    ) as shop:
        try:
            wait_until_it_answers(port)
            yield shop, port
        finally:
            with suppress(ProcessLookupError):
                os.killpg(shop.pid, signal.SIGKILL)


def wait_until_it_answers(port: int) -> None:
    began = monotonic()
    while not answers(port):
        assert monotonic() - began < PATIENCE_SECONDS
        sleep(0.05)


def answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=PATIENCE_SECONDS):
            return True
    except (URLError, ConnectionError):
        return False
