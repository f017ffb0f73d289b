"""Ends a process that `multiprocessing` started once its parent is gone, however that ended."""

import multiprocessing
import os
import signal
import threading
from multiprocessing.connection import wait
from time import sleep

FAREWELL_SECONDS = 30
"""For requests that are being answered."""


def end_with_parent(farewell_seconds: int = FAREWELL_SECONDS) -> None:
    """Watch the parent beside what this process does; nothing to do where it has none."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        watching = (parent.sentinel, farewell_seconds)
        threading.Thread(target=_end_after, args=watching, name="parent", daemon=True).start()


def _end_after(sentinel: int, farewell_seconds: int) -> None:
    wait([sentinel])
    # A server loses a signal that comes while it starts: it is sent until it is heard.
    for _ in range(farewell_seconds):
        os.kill(os.getpid(), signal.SIGTERM)
        sleep(1)
    os.kill(os.getpid(), signal.SIGKILL)
