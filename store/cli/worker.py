"""`store worker`: runs jobs and sweeps until it is told to stop."""

import signal
import sys
import threading

import click

from store.jobs.worker import Worker

THREADS = 2


@click.command()
@click.option(
    "--threads", default=THREADS, show_default=True, help="Jobs at once.", type=click.IntRange(1)
)
@click.option("--while-stdin-is-open", is_flag=True, hidden=True)
def worker(threads: int, *, while_stdin_is_open: bool) -> None:
    """Run jobs and sweeps; SIGTERM lets the job in hand come to its end."""
    hands = make_worker(threads)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: hands.stop())
    if while_stdin_is_open:
        threading.Thread(target=_stop_with_parent, args=(hands,), daemon=True).start()
    hands.run()


def make_worker(threads: int = THREADS) -> Worker:
    """Return a worker for the application that the environment describes."""
    from store.app import job_handlers, job_sweeps
    from store.web.doors import services
    from store.wsgi import app

    with app.app_context():
        doors = services()
    return Worker(
        app, doors.queue, doors.clock, job_handlers(doors), job_sweeps(doors), threads=threads
    )


def _stop_with_parent(hands: Worker) -> None:
    # The pipe closes when the parent ends, however it ends.
    sys.stdin.buffer.read()
    hands.stop()
