"""The two databases of a run, and what can happen to each: locked, full, killed, started again."""

import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from tests.faults.machine import send
from tests.ports import free_port
from tests.throwaway_postgresql import (
    OWNER,
    _as_owner,
    _binaries,
    _options,
    _run,
    _wait_until_ready,
)

DISK_MEGABYTES = 1_024
SHOP = "store-faults"
CHUNK = b"\0" * 1_048_576


@contextmanager
def small_disk(folder: Path, *, is_wanted: bool) -> Iterator[str]:
    """Make the folder a disk of its own that can be full; yield why not where that cannot be."""
    folder.mkdir()
    if not is_wanted or os.geteuid() != 0:
        yield "only root mounts a disk"
        return
    size = f"size={DISK_MEGABYTES}m,mode=0755"
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        yield f"no disk can be mounted here: {done.stderr.strip()}"
        return
    try:
        yield ""
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def full(folder: Path) -> Iterator[None]:
    """Leave not one byte on the disk of this folder."""
    filler = folder / "filler"
    try:
        with filler.open("wb", buffering=0) as file, suppress(OSError):
            while file.write(CHUNK):
                pass
        with filler.open("ab", buffering=0) as file, suppress(OSError):
            while file.write(b"\0"):
                pass
        yield
    finally:
        filler.unlink(missing_ok=True)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold SQLite's one lock for writing, as a backup tool or a forgotten shell does."""
    with closing(sqlite3.connect(path, timeout=60, isolation_level=None)) as somebody:
        somebody.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            somebody.execute("ROLLBACK")


def end_sessions(url: str) -> None:
    """End every session of the shop's processes, as an administrator may."""
    with psycopg.connect(_plain(url), connect_timeout=5) as line:
        line.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = %s AND pid <> pg_backend_pid()",
            (SHOP,),
        )


def named(url: str) -> str:
    """Return the address with the name by which a server tells the shop's sessions from others."""
    return make_url(url).update_query_dict({"application_name": SHOP}).render_as_string(False)


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql", query={}).render_as_string(False)


@dataclass
class Server:
    """A PostgreSQL of our own that waits for its disk, on files that outlive each of its deaths."""

    folder: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://{OWNER}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        with (self.folder / "postgresql.log").open("ab") as said:
            self.process = subprocess.Popen(
                _as_owner(
                    _binaries() / "postgres",
                    *("-D", self.folder / "data", "-k", self.folder, "-p", self.port),
                    *("-h", "127.0.0.1"),
                    # Else its log of changes would fill the disk before we do.
                    *_options(max_connections="200", max_wal_size="64MB", min_wal_size="32MB"),
                ),
                stdout=said,
                stderr=said,
            )
        _wait_until_ready(_binaries(), "127.0.0.1", self.port)

    def kill(self) -> None:
        """End it as a machine does that loses its power: nothing is finished, nothing is said."""
        for pid in self._pids():
            send(pid, signal.SIGKILL)
        self._wait()

    def kill_session(self) -> None:
        """Kill one of its processes in the middle of something; it ends all others and recovers."""
        with (
            suppress(psycopg.Error),
            psycopg.connect(_plain(self.url), connect_timeout=5) as line,
        ):
            victim = line.execute(
                "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
                " AND pid <> pg_backend_pid() ORDER BY state = 'active' DESC, random() LIMIT 1"
            ).fetchone()
            if victim:
                send(int(victim[0]), signal.SIGKILL)

    def is_up(self) -> bool:
        try:
            psycopg.connect(_plain(self.url), connect_timeout=5).close()
        except psycopg.Error:
            return False
        return True

    def keep(self) -> None:
        """Start it again if it died; wait until it answers."""
        if not self._pids():
            self.start()
        for _ in range(300):
            if self.is_up():
                return
            time.sleep(0.1)
        raise SystemExit("PostgreSQL did not come back within 30 seconds")

    def stop(self) -> None:
        for pid in self._pids()[:1]:
            send(pid, signal.SIGINT)
        self._wait()

    def _wait(self) -> None:
        if self.process:
            self.process.wait(30)
        for _ in range(100):
            if not self._pids():
                return
            time.sleep(0.05)

    def _pids(self) -> list[int]:
        """The postmaster first, then all that it started."""
        try:
            first = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
            others = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        except (OSError, ValueError, IndexError):
            return []
        return [first, *map(int, others)]


@contextmanager
def postgresql(folder: Path) -> Iterator[Server]:
    server = Server(folder, free_port())
    if os.geteuid() == 0:
        shutil.chown(folder, OWNER)
        # Whoever owns a folder below must be let through those above.
        for above in (folder.parent.parent, folder.parent):
            above.chmod(0o711)
    initdb = _binaries() / "initdb"
    _run(initdb, "--auth=trust", f"--username={OWNER}", "-D", folder / "data")
    server.start()
    try:
        yield server
    finally:
        server.stop()
