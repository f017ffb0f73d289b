"""PostgreSQL: copied and put back by the programs that come with it, each in one transaction."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TypeAlias

from sqlalchemy import URL, Connection, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from store.backup.copying import BUFFER, Beat, DatabaseCopy
from store.backup.errors import OccupiedError, PooledError, ToolError
from store.pooling import is_behind_pooler

LOOK_SECONDS = 0.5
PACKAGES = Path("/usr/lib/postgresql")
"""Where Debian and its kin keep each version beside the others."""
BEFORE_TIMEOUT = 17
"""The version that knows the limit which newer programs switch off by name."""
PREAMBLE_LINES = 60
INSTALL = "install PostgreSQL’s client programs (Debian: apt-get install postgresql-client)"
OWN_TABLES = """
SELECT format('DROP TABLE IF EXISTS %s CASCADE;', c.oid::regclass) FROM pg_class c
 WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
UNION ALL
SELECT format('DROP ROUTINE IF EXISTS %s CASCADE;', p.oid::regprocedure) FROM pg_proc p
 WHERE p.pronamespace = 'public'::regnamespace AND NOT EXISTS
       (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""
OTHERS = """
SELECT count(*) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid()
   AND backend_type = 'client backend'
"""
TABLES = """
SELECT count(*) FROM pg_class
 WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
"""

Program: TypeAlias = "subprocess.Popen[bytes]"


@dataclass(frozen=True, slots=True)
class Tools:
    """The programs of one version, which is at least the server's."""

    folder: Path
    version: int

    def path(self, name: str) -> str:
        return str(self.folder / name)


@contextmanager
def copied(url: str, folder: Path, beat: Beat) -> Iterator[DatabaseCopy]:
    """Copy the database as it is now; whoever writes meanwhile waits for nothing.

    What is counted and what is dumped is one snapshot: this connection exports it.
    """
    dump = folder / "database.dump"
    with _connected(url, "REPEATABLE READ") as connection:
        found = tools("pg_dump", _major(connection))
        moment = str(connection.scalar(text("SELECT pg_export_snapshot()")))
        command = [
            found.path("pg_dump"),
            *("--format=custom", "--no-owner", "--no-privileges", "--no-comments"),
            f"--snapshot={moment}",
            f"--file={dump}",
            f"--dbname={_plain(url)}",
        ]

        def finish() -> None:
            _run(command, url, lambda: beat(dump.stat().st_size if dump.exists() else 0, 0))
            connection.close()

        version = str(connection.scalar(text("SHOW server_version"))).split()[0]
        yield DatabaseCopy(dump, version, connection, finish)


def is_empty(url: str) -> bool:
    with _connected(url) as connection:
        return not connection.scalar(text(TABLES))


def refuse_if_in_use(url: str) -> None:
    """Raise OccupiedError while anybody else is connected to the database."""
    with _connected(url) as connection:
        others = connection.scalar(text(OTHERS)) or 0
    if others:
        raise OccupiedError(
            f"the database is in use by {others} connections: stop web processes and workers first"
        )


def look_for_tools(url: str) -> None:
    """Raise ToolError where what a restore needs is not there."""
    with _connected(url) as connection:
        tools("pg_restore", _major(connection))


def put_in_place(dump: Path, url: str, beat: Beat) -> None:
    """Put the dump in the place of every table that stands there, in one transaction.

    Either all of it is there afterwards or nothing has changed. Raises ToolError.
    """
    with _connected(url) as connection:
        server = _major(connection)
        drops = "\n".join(connection.scalars(text(OWN_TABLES)))
    found = tools("pg_restore", server)
    reading = [found.path("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(dump)]
    writing = [
        *(found.path("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"),
        f"--dbname={_plain(url)}",
    ]
    with (
        TemporaryFile() as faults,
        subprocess.Popen(reading, stdout=subprocess.PIPE, stderr=faults) as script,  # nosec B603 # noqa: S603 - programs that we looked for
        subprocess.Popen(  # nosec B603 # noqa: S603 - as above
            writing,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=faults,
            env=_environment(url),
        ) as psql,
    ):
        is_whole = _hand_over(script, psql, drops, server, beat)
        if psql.wait() != 0 or not is_whole:
            raise ToolError(f"the database took none of it: {_last_words(faults)}")


def _hand_over(script: Program, psql: Program, drops: str, server: int, beat: Beat) -> bool:
    """Let psql do all that the script says, as one transaction; return whether all of it came."""
    assert script.stdout is not None
    assert psql.stdin is not None
    try:
        psql.stdin.write(f"BEGIN;\nSET LOCAL lock_timeout = '10s';\n{drops}\n".encode())
        for part in _script(script.stdout, server):
            psql.stdin.write(part)
            beat(0, 0)
        # Without its end nothing of it counts: psql closes, the server rolls back.
        is_whole = script.wait() == 0
        psql.stdin.write(b"COMMIT;\n" if is_whole else b"ROLLBACK;\n")
        psql.stdin.close()
    except BrokenPipeError:
        # It has said no already, and what was on its way to it is lost with it.
        script.kill()
        with suppress(BrokenPipeError):
            psql.stdin.close()
        return False
    return is_whole


def tools(name: str, server: int) -> Tools:
    """Return the oldest programs that are as new as the server: newer dumps suit newer servers.

    Raises ToolError with what is to be done.
    """
    found = sorted(_installed(name), key=lambda tool: tool.version)
    if not found:
        raise ToolError(f"{name} is missing: {INSTALL}, version {server} or newer")
    fitting = [tool for tool in found if tool.version >= server]
    if not fitting:
        raise ToolError(
            f"{name} is of version {found[-1].version} and the server of {server}: {INSTALL}, "
            f"version {server} or newer"
        )
    return fitting[0]


def _installed(name: str) -> Iterator[Tools]:
    in_path = shutil.which(name)
    folders = [*([Path(in_path).parent] if in_path else []), *PACKAGES.glob("*/bin")]
    for folder in folders:
        if (folder / name).exists():
            said = subprocess.run(  # nosec B603 # noqa: S603 - a program of PostgreSQL
                [str(folder / name), "--version"], capture_output=True, text=True, check=False
            ).stdout
            version = re.search(r"\) (\d+)", said)
            if version is not None:
                yield Tools(folder, int(version[1]))


def _script(content: IO[bytes], server: int) -> Iterator[bytes]:
    """Yield what pg_restore says, without what an older server does not know."""
    for _line in range(PREAMBLE_LINES):
        line = content.readline()
        if server >= BEFORE_TIMEOUT or not line.startswith(b"SET transaction_timeout"):
            yield line
    while part := content.read(BUFFER):
        yield part


def _run(command: Sequence[str], url: str, beat: Callable[[], None]) -> None:
    with (
        TemporaryFile() as faults,
        subprocess.Popen(  # nosec B603 # noqa: S603 - a program that we looked for
            command, stdout=subprocess.DEVNULL, stderr=faults, env=_environment(url)
        ) as process,
    ):
        try:
            while process.poll() is None:
                try:
                    process.wait(LOOK_SECONDS)
                except subprocess.TimeoutExpired:
                    beat()
        except BaseException:
            process.kill()
            raise
        if process.returncode:
            name = Path(command[0]).name
            raise ToolError(f"{name} gave up: {_last_words(faults)}")


def _last_words(faults: IO[bytes]) -> str:
    faults.seek(0)
    lines = faults.read().decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"


@contextmanager
def _connected(url: str, isolation: str = "AUTOCOMMIT") -> Iterator[Connection]:
    """Connect to the server itself; raises PooledError where a pooler answers in its place.

    The programs set how their session finds tables. Behind a pooler that session goes on to the
    processes of the shop, which then find none.
    """
    engine = create_engine(
        url,
        isolation_level=isolation,
        poolclass=NullPool,
        hide_parameters=True,
    )
    with engine.connect() as connection:
        if is_behind_pooler(connection.connection.driver_connection):
            raise PooledError(
                "a pooler such as PgBouncer stands before the database, and would pass on to the"
                " shop what this command sets: give this one command the server’s own address"
                " (STORE_DATABASE_URL=… store …)"
            )
        yield connection


def _major(connection: Connection) -> int:
    return int(str(connection.scalar(text("SHOW server_version_num")))) // 10_000


def _plain(url: str) -> str:
    """Return the address as libpq knows it, without the password: others can read commands."""
    parts = make_url(url)
    return URL.create(
        "postgresql", parts.username, None, parts.host, parts.port, parts.database, parts.query
    ).render_as_string()


def _environment(url: str) -> Mapping[str, str]:
    password = make_url(url).password
    return os.environ | ({"PGPASSWORD": password} if password else {})
