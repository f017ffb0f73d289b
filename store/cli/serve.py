"""`store serve`: the web processes under granian, and one worker beside them."""

import logging
import multiprocessing
import os

import click
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings

from store.cli.respawning import Respawns
from store.cli.supervising import Supervised
from store.paths import ROOT, STATIC, TEMPLATES
from store.settings import Settings
from store.web.assets import ensure_built

TARGET = "store.cli.web_process:app"
THREADS = 12
"""Threads a process: some wait for Stripe while the others answer; a connection for each."""
HEAD_START_SECONDS = 2.0
"""Web processes start first: a reader waits for them, a job does not."""
RELOADED = (ROOT / "store", TEMPLATES, STATIC / "css", STATIC / "js")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option(
    "--port", default=5000, show_default=True, envvar="PORT", type=click.IntRange(1, 65535)
)
@click.option(
    "--workers", help="Web processes.  [default: one a processor, at most four]", type=int
)
@click.option("--threads", default=THREADS, show_default=True, help="Threads a web process.")
@click.option("--reload", is_flag=True, help="Start anew when code or templates change.")
@click.option("--no-worker", is_flag=True, help="Run no jobs: `store worker` runs elsewhere.")
def serve(
    host: str, port: int, workers: int | None, threads: int, *, reload: bool, no_worker: bool
) -> None:
    """Serve the store."""
    Settings.from_environment()
    ensure_built()
    # It warns of more threads than processors compute with; ours wait most of the time.
    logging.getLogger("_granian").addFilter(lambda line: "Python threads" not in line.getMessage())
    # A forked process would keep the worker's pipe open after its parent has died.
    multiprocessing.set_start_method("spawn", force=True)
    server = Granian(
        TARGET,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers or min(4, os.cpu_count() or 1),
        blocking_threads=threads,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=15_000),
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=30,
        reload=reload,
        reload_paths=[path for path in RELOADED if path.exists()],
    )
    server.respawned_wrks = Respawns()
    server.on_reload(ensure_built)
    if not no_worker:
        worker = Supervised(head_start_seconds=HEAD_START_SECONDS)
        server.on_startup(worker.start)
        server.on_reload(worker.renew)
        server.on_shutdown(worker.stop)
    server.serve()
