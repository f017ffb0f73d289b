"""Runs a command with `--postgresql URL` added: a server that lives as long as the command.

With `--pgbouncer` before the command a PgBouncer stands in front, and `--pooler` says where.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.ports import free_port
from tests.throwaway_pgbouncer import throwaway_pgbouncer

OWNER = "postgres"
CARELESS = {
    # A test's database may be lost with the machine: no need to wait for the disk.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # Statements are small, and each test leaves its tables as it found them.
    "jit": "off",
    "autovacuum": "off",
}


def main(command: Sequence[str]) -> int:
    with ExitStack() as stack:
        url = stack.enter_context(throwaway_server())
        told = ["--postgresql", url]
        if command[0] == "--pgbouncer":
            command = command[1:]
            told += ["--pooler", stack.enter_context(throwaway_pgbouncer(url))]
        return subprocess.run([*command, *told], check=False).returncode


@contextmanager
def throwaway_server(
    *, is_durable: bool = False, address: str = "127.0.0.1", network: str = ""
) -> Iterator[str]:
    """Yield the address of a fresh server on a free port; its files are gone afterwards.

    A durable one waits for the disk, as whoever measures wants it to. Where machines of a network
    of our own ask it, it listens at an address of that network and believes whoever is in it.
    """
    binaries = _binaries()
    folder = Path(tempfile.mkdtemp(prefix="store-postgresql-"))
    if os.geteuid() == 0:
        shutil.chown(folder, OWNER)
    try:
        _run(binaries / "initdb", "--auth=trust", f"--username={OWNER}", "-D", folder / "data")
        if network:
            with (folder / "data/pg_hba.conf").open("a") as believed:
                believed.write(f"host all all {network} trust\n")
        port = free_port()
        server = subprocess.Popen(
            _as_owner(
                binaries / "postgres",
                *("-D", folder / "data", "-k", folder, "-p", port, "-h", address),
                *_options(max_connections="300", **({} if is_durable else CARELESS)),
            ),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_until_ready(binaries, address, port)
            yield f"postgresql+psycopg://{OWNER}@{address}:{port}/postgres"
        finally:
            server.terminate()
            server.wait(timeout=30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path:
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name)
    )
    if versions:
        return versions[-1]
    found = shutil.which("initdb")
    if found is None:
        raise SystemExit("PostgreSQL is missing: install Debian's package postgresql")
    return Path(found).parent


def _options(**settings: str) -> Iterator[str]:
    for name, value in settings.items():
        yield from ("-c", f"{name}={value}")


def _as_owner(*command: object) -> list[str]:
    words = [str(word) for word in command]
    # The server refuses to run as root, as it should.
    return ["runuser", "-u", OWNER, "--", *words] if os.geteuid() == 0 else words


def _run(*command: object) -> None:
    subprocess.run(_as_owner(*command), check=True, stdout=subprocess.DEVNULL)


def _wait_until_ready(binaries: Path, address: str, port: int) -> None:
    ready = [str(binaries / "pg_isready"), "-q", "-h", address, "-p", str(port)]
    for _ in range(300):
        if subprocess.run(ready, check=False).returncode == 0:
            return
        time.sleep(0.1)
    raise SystemExit("PostgreSQL did not start within 30 seconds")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
