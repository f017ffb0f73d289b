"""The application as `store serve` loads it into each web process: it ends with its parent."""

import multiprocessing
import os
import signal
import threading
from multiprocessing.connection import wait

from store.wsgi import app

__all__ = ["app"]


def _end_with_parent() -> None:
    # granian's workers would go on serving old code after a kill -9 of the process above them.
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)


threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
