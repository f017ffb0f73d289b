"""Runs what waits: hinted rows at once, due rows every few seconds, sweeps and labours beside."""

import os
import queue as waiting_lines
import secrets
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any, Protocol

import structlog

from store.clock import Clock
from store.jobs.labours import Labour, do_parts
from store.jobs.leases import end_life, show_life, take_lease
from store.jobs.outbox import due_row_ids, prolong_claims, run_row
from store.jobs.queue import Handler, Queue, QueueAwayError
from store.jobs.sweeps import TURN, Sweep, run_sweep

LOOK_SECONDS = 2.0
"""How often the rows themselves are looked at, whatever was hinted."""
REST_SECONDS = 1.0
"""How long a labour rests that has nothing to do."""
BEAT_SECONDS = 15.0
LIFE = timedelta(seconds=60)
FAREWELL_SECONDS = 30.0
"""How long a stopping worker waits for the job that it is in."""

log = structlog.get_logger(__name__)


class Application(Protocol):
    def app_context(self) -> AbstractContextManager[Any]: ...


class Worker:
    """One process's hands. Its threads share nothing but the rows they have in hand."""

    def __init__(
        self,
        app: Application,
        queue: Queue,
        clock: Clock,
        handlers: Mapping[str, Handler],
        sweeps: Sequence[Sweep] = (),
        *,
        labours: Sequence[Labour] = (),
        threads: int = 2,
    ) -> None:
        self.name = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._app, self._queue, self._clock = app, queue, clock
        self._handlers, self._sweeps, self._threads = handlers, sweeps, threads
        self._labours = labours
        self._waiting: waiting_lines.SimpleQueue[int] = waiting_lines.SimpleQueue()
        self._known: set[int] = set()
        self._running: set[int] = set()
        self._sweeping: str | None = None
        self._stop = threading.Event()

    def stop(self) -> None:
        """Ask the worker to end: each thread finishes what it is doing and takes nothing new."""
        self._stop.set()

    def run(self) -> None:
        """Work until stop() is called; safe to call from any thread."""
        steps = [self._listen, self._look, self._beat, self._sweep]
        steps += [self._work] * self._threads
        # A thread of its own: however long a labour is, jobs and sweeps do not wait for it.
        steps += [self._labour] if self._labours else []
        threads = [
            threading.Thread(target=self._repeat, args=(step,), name=step.__name__, daemon=True)
            for step in steps
        ]
        log.info("worker_started", worker=self.name, threads=self._threads)
        for thread in threads:
            thread.start()
        self._stop.wait()
        deadline = time.monotonic() + FAREWELL_SECONDS
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        self._say_goodbye()

    def run_due(self) -> int:
        """Run every row that is due now, here and in order; return how many reached their end."""
        with self._app.app_context():
            rows = due_row_ids(self._clock.now())
        return sum(self._run(row_id) for row_id in rows)

    def _repeat(self, step: Callable[[], None]) -> None:
        while not self._stop.is_set():
            try:
                step()
            except Exception:
                # The worker's edge: a database or a queue that is away comes back.
                log.exception("worker_stumbled", step=step.__name__)
                self._stop.wait(LOOK_SECONDS)
        self._queue.close()

    def _listen(self) -> None:
        try:
            row_id = self._queue.next_hint(1.0)
        except QueueAwayError as error:
            log.warning("queue_away", error=str(error))
            self._stop.wait(5.0)
            return
        if row_id is not None:
            self._take_note([row_id])

    def _look(self) -> None:
        with self._app.app_context():
            self._take_note(due_row_ids(self._clock.now()))
        self._stop.wait(LOOK_SECONDS)

    def _take_note(self, row_ids: Sequence[int]) -> None:
        for row_id in row_ids:
            if row_id not in self._known:
                self._known.add(row_id)
                self._waiting.put(row_id)

    def _work(self) -> None:
        try:
            row_id = self._waiting.get(timeout=0.5)
        except waiting_lines.Empty:
            return
        try:
            self._run(row_id)
        finally:
            self._known.discard(row_id)

    def _run(self, row_id: int) -> bool:
        self._running.add(row_id)
        try:
            with self._app.app_context():
                return run_row(row_id, self._handlers, self._clock)
        finally:
            self._running.discard(row_id)

    def _sweep(self) -> None:
        for sweep in self._sweeps:
            if self._stop.is_set():
                return
            self._sweeping = sweep.lease
            with self._app.app_context():
                run_sweep(sweep, self.name, self._clock)
            self._sweeping = None
        self._stop.wait(LOOK_SECONDS)

    def _labour(self) -> None:
        with self._app.app_context():
            has_more = do_parts(self._labours)
        if not has_more:
            self._stop.wait(REST_SECONDS)

    def _beat(self) -> None:
        with self._app.app_context():
            show_life(self.name, LIFE, self._clock)
            prolong_claims(tuple(self._running), self._clock)
            sweeping = self._sweeping
            if sweeping is not None:
                take_lease(sweeping, self.name, TURN, self._clock)
        self._stop.wait(BEAT_SECONDS)

    def _say_goodbye(self) -> None:
        with self._app.app_context():
            end_life(self.name)
        log.info("worker_stopped", worker=self.name)
