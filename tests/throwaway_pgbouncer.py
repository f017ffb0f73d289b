"""A PgBouncer before the PostgreSQL of a test: each transaction meets another server process."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from tests.ports import free_port

OWNER = "postgres"
SETTINGS = """
[databases]
* = host={host} port={port}
[pgbouncer]
listen_addr = {host}
listen_port = {own}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users.txt
pool_mode = transaction
max_client_conn = 500
default_pool_size = 20
min_pool_size = 4
; As unkind as it can be: no two transactions in a row meet the same process.
server_round_robin = 1
"""


def find_pgbouncer() -> str | None:
    return shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")


@contextmanager
def throwaway_pgbouncer(server_url: str) -> Iterator[str]:
    """Yield what takes the place of host and port in an address of that server."""
    folder = Path(tempfile.mkdtemp(prefix="store-pgbouncer-"))
    try:
        pooler, own = _started(folder, server_url)
        try:
            yield own
        finally:
            pooler.terminate()
            pooler.wait(timeout=30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def pooled(url: str, own: str) -> str:
    """Return the same database's address by way of the pooler."""
    host, _, port = own.partition(":")
    return make_url(url).set(host=host, port=int(port)).render_as_string(hide_password=False)


def _started(folder: Path, server_url: str) -> tuple["subprocess.Popen[bytes]", str]:
    server, own = make_url(server_url), free_port()
    host = server.host or "127.0.0.1"
    settings = SETTINGS.format(host=host, port=server.port, own=own, folder=folder)
    (folder / "pgbouncer.ini").write_text(settings)
    (folder / "users.txt").write_text(f'"{OWNER}" ""\n')
    command = [find_pgbouncer() or "pgbouncer", "-q", str(folder / "pgbouncer.ini")]
    if os.geteuid() == 0:
        for path in (folder, *folder.iterdir()):
            shutil.chown(path, OWNER)
        # It refuses to run as root, as it should.
        command = ["runuser", "-u", OWNER, "--", *command]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _wait_until_ready(process, pooled(server_url, f"{host}:{own}").replace("+psycopg", ""))
    return process, f"{host}:{own}"


def _wait_until_ready(process: "subprocess.Popen[bytes]", url: str) -> None:
    for _ in range(300):
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
        else:
            return
    raise SystemExit("PgBouncer did not start within 30 seconds")
