"""Does something every so often beside the requests of a process, and once more when it ends."""

import threading
from collections.abc import Callable

from flask import Flask


def run_beside(app: Flask, work: Callable[[], None], *, seconds: float) -> threading.Thread:
    """Start a thread that works in the application's context.

    It is no daemon: a process that is asked to end waits for its last work. The work must catch
    what it can survive; anything else ends the thread, and the log says so.
    """

    def run() -> None:
        main = threading.main_thread()
        while main.is_alive():
            main.join(seconds)
            with app.app_context():
                work()

    thread = threading.Thread(target=run, name=getattr(work, "__name__", "beside"))
    thread.start()
    return thread
