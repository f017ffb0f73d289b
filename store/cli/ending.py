"""Ends a process that `multiprocessing` started once its parent is gone, however that ended."""

import multiprocessing
import os
import signal
import threading
from multiprocessing.connection import wait


def end_with_parent() -> None:
    """Watch the parent beside what this process does; nothing to do where it has none."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        watching = (parent.sentinel,)
        threading.Thread(target=_end_after, args=watching, name="parent", daemon=True).start()


def _end_after(sentinel: int) -> None:
    wait([sentinel])
    # Not asked but killed, as its parent was: granian loses a request to end that comes while it
    # starts, and of two it stands still for good, with whatever it has locked.
    os.kill(os.getpid(), signal.SIGKILL)
