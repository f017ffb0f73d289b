"""What is away, slow or wrong for a while: database, disk, Redis, mail, clock, processes."""

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from store.paths import ROOT
from tests.faults.beside import Beside
from tests.faults.databases import end_sessions, full, locked
from tests.faults.gate import GateState, set_gate
from tests.faults.machine import STORE, send
from tests.faults.scene import Scene
from tests.faults.tally import OUTAGES

PAUSE_SECONDS = (0.5, 3.0)
TEN_MINUTES = 600
MIGRATING_SECONDS = 400
TOMORROW = (sys.executable, "-m", "tests.faults.tomorrow")


class MigrationFailedError(Exception):
    """A migration did not go through under load; the words are its last ones."""


@dataclass
class Outages(Beside):
    scene: Scene
    chance: random.Random
    only: tuple[str, ...] | None = None
    done: int = 0
    _is_calm: bool = True
    _beginning: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def calm(self) -> Iterator[bool]:
        """Say whether nothing is away; where that is so, nothing begins before this ends."""
        with ExitStack() as stack:
            stack.enter_context(self._beginning)
            is_calm = self._is_calm
            if not is_calm:
                stack.close()
            yield is_calm

    @property
    def is_done(self) -> bool:
        return self.only is not None and self.done >= len(self.only)

    def kinds(self) -> Mapping[str, Callable[[], None]]:
        """Return what can happen to this shop, each by its name."""
        found: dict[str, Callable[[], None]] = {
            "mail server shut": lambda: self._mail(GateState.SHUT),
            "mail server silent": lambda: self._mail(GateState.SILENT),
            "mail taken, answer lost": lambda: self._mail(GateState.DEAF),
            "clock of the web ten minutes ahead": lambda: self._off_web(TEN_MINUTES),
            "clock of the web ten minutes behind": lambda: self._off_web(-TEN_MINUTES),
            "clock of a worker ten minutes ahead": lambda: self._off_worker(TEN_MINUTES),
            "clock of a worker ten minutes behind": lambda: self._off_worker(-TEN_MINUTES),
            "restart by SIGTERM under load": self._restart,
            "a worker stopped and going on": self._freeze_worker,
            "migrations asked for while serving": self._migrate_again,
            "the next release’s migration while serving": self._migrate_on,
        }
        if self.scene.redis:
            found["Redis killed and started again"] = self._redis_away
            found["Redis silent"] = self._redis_silent
        if self.scene.sqlite_path:
            found["SQLite locked by somebody else"] = self._locked
        else:
            found["every session of PostgreSQL ended"] = self._sessions_ended
        if self.scene.server:
            found["PostgreSQL killed and started again"] = self._server_away
            found["a session of PostgreSQL killed"] = self._session_killed
        if self.scene.is_on_own_disk:
            found["disk full"] = self._disk_full
        return found

    def _act(self) -> None:
        try:
            while not self.is_over.is_set() and not self.is_done:
                self._round()
        finally:
            self._is_calm = True

    def _round(self) -> None:
        """Let everything happen once, in an order of its own."""
        known = self.kinds()
        wanted = self.only if self.only is not None else tuple(known)
        kinds = [(kind, known[kind]) for kind in wanted]
        self.chance.shuffle(kinds)
        for kind, happen in kinds:
            if self.is_over.wait(self.chance.uniform(*PAUSE_SECONDS)):
                return
            with self._beginning:
                self._is_calm = False
            self.scene.tally.harm(OUTAGES, kind)
            happen()
            self.done += 1
            self._is_calm = True

    def _last(self, shortest: float, longest: float) -> None:
        self.is_over.wait(self.chance.uniform(shortest, longest))

    def _mail(self, state: GateState) -> None:
        scene = self.scene
        set_gate(scene.roads, scene.gate, state)
        try:
            self._last(2, 8)
        finally:
            set_gate(scene.roads, scene.gate, GateState.OPEN)

    def _redis_away(self) -> None:
        redis = self.scene.redis
        assert redis is not None
        redis.kill()
        try:
            self._last(1, 5)
        finally:
            redis.start()

    def _redis_silent(self) -> None:
        redis = self.scene.redis
        assert redis is not None
        pid = redis.process.pid if redis.process else 0
        send(pid, signal.SIGSTOP)
        try:
            self._last(1, 5)
        finally:
            send(pid, signal.SIGCONT)

    def _locked(self) -> None:
        path = self.scene.sqlite_path
        assert path is not None
        with locked(path):
            self._last(1, 14)

    def _disk_full(self) -> None:
        with full(self.scene.disk):
            self._last(1, 4)
        if self.scene.server:
            # It ends itself where it cannot write; whoever watches over it starts it again.
            self.scene.server.keep()

    def _server_away(self) -> None:
        server = self.scene.server
        assert server is not None
        server.kill()
        try:
            self._last(0, 3)
        finally:
            server.keep()

    def _session_killed(self) -> None:
        server = self.scene.server
        assert server is not None
        for _ in range(self.chance.choice((1, 2, 3))):
            server.kill_session()
            self._last(0.2, 1)
        server.keep()

    def _sessions_ended(self) -> None:
        end_sessions(self.scene.services.settings.database_url)

    def _restart(self) -> None:
        web, worker = self.scene.machine.units
        with web.lock:
            web.stop()
            web.start()
        began = time.monotonic()
        self.scene.machine.seconds_to_answer()
        self.scene.tally.returned("restart by SIGTERM", time.monotonic() - began)
        with worker.lock:
            worker.stop()
            worker.start()

    def _off_web(self, seconds: int) -> None:
        self._off(0, seconds)

    def _off_worker(self, seconds: int) -> None:
        self._off(1, seconds)

    def _off(self, place: int, seconds: int) -> None:
        unit = self.scene.machine.units[place]
        with unit.lock:
            unit.stop()
            unit.start(off_seconds=seconds)
        self._last(8, 16)
        with unit.lock:
            unit.stop()
            unit.start()
        self.scene.machine.seconds_to_answer()

    def _freeze_worker(self) -> None:
        """As a machine whose memory is moved: it goes on later as if nothing had been."""
        pids = [self.scene.machine.worker.pid, *self.scene.machine.beside_pids()]
        pid = self.chance.choice(pids)
        send(pid, signal.SIGSTOP)
        try:
            self._last(3, 10)
        finally:
            send(pid, signal.SIGCONT)

    def _migrate_again(self) -> None:
        self._run(*STORE, "db", "upgrade")

    def _migrate_on(self) -> None:
        self._run(*TOMORROW, "upgrade")
        try:
            self._last(1, 4)
        finally:
            self._run(*TOMORROW, "downgrade")

    def _run(self, *command: str) -> None:
        try:
            done = subprocess.run(
                command,
                cwd=ROOT,
                env=self.scene.machine.web.environment,
                check=False,
                capture_output=True,
                text=True,
                timeout=MIGRATING_SECONDS,
            )
        except subprocess.TimeoutExpired as late:
            raise MigrationFailedError(str(late)) from late
        if done.returncode:
            words = f"{' '.join(command[2:])}: {done.stdout[-500:]}{done.stderr[-1_500:]}"
            raise MigrationFailedError(words)
