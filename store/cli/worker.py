"""`store worker`: runs jobs and sweeps until it is told to stop."""

import os
import signal
import sys
import threading

import click

from store.jobs.worker import Worker
from store.web.heap import keep_few_heaps, return_large_pieces

THREADS = 2


@click.command()
@click.option(
    "--threads", default=THREADS, show_default=True, help="Jobs at once.", type=click.IntRange(1)
)
@click.option("--while-stdin-is-open", is_flag=True, hidden=True)
def worker(threads: int, *, while_stdin_is_open: bool) -> None:
    """Run jobs and sweeps; SIGTERM lets the job in hand come to its end."""
    keep_few_heaps()
    return_large_pieces()
    hands = make_worker(threads)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: hands.stop())
    if while_stdin_is_open:
        threading.Thread(target=_stop_with_parent, args=(hands,), daemon=True).start()
    hands.run()


def make_worker(threads: int = THREADS) -> Worker:
    """Return a worker for the application that the environment describes."""
    from store.app import create_app, job_handlers, job_labours, job_sweeps, open_doors
    from store.settings import Settings

    # Not store.wsgi: a worker serves no readers, so nothing is read ahead for them.
    settings = Settings.from_environment()
    doors = open_doors(settings)
    app = create_app(settings, doors)
    return Worker(
        app,
        doors.queue,
        doors.clock,
        job_handlers(doors),
        job_sweeps(doors),
        labours=job_labours(doors),
        threads=threads,
    )


def _stop_with_parent(hands: Worker) -> None:
    # The pipe closes when the parent ends, however it ends. Read past sys.stdin: its lock, held
    # by a waiting thread, would abort the interpreter when SIGTERM comes first.
    while os.read(sys.stdin.fileno(), 1024):
        continue
    hands.stop()
