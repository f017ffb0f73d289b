"""nginx before the nodes, by the site of deploy/, and what it wrote down of every request."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from store.paths import ROOT
from tests.nodes.running import running, wait_for_port

OWN_PLACES = "client_body proxy fastcgi uwsgi scgi"
LOG_FORMAT = "$msec|$request_time|$status|$request_method|$uri|$upstream_addr"
Serving = Mapping[str, bool]
"""Each node, as nginx calls it, and whether requests are handed to it."""


@dataclass(frozen=True, slots=True)
class HandedOn:
    """One request as nginx saw it; moments are seconds of the wall clock."""

    began: float
    ended: float
    status: int
    method: str
    path: str
    nodes: tuple[str, ...]
    """Whom it was given to, one after the other."""

    @classmethod
    def read(cls, line: str) -> "HandedOn":
        ended, took, status, method, path, nodes = line.split("|")
        asked = tuple(nodes.replace(",", " ").split())
        began = float(ended) - float(took)
        return cls(began, float(ended), int(status), method, path, asked)


@contextmanager
def fronted(
    folder: Path, host: str, port: int, nodes: Serving
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run nginx with the parts of deploy/ as they are, but for ports, machines and folders."""
    shutil.copy(ROOT / "deploy/nginx/store.conf", folder)
    write_site(folder, port, nodes)
    (folder / "nginx.conf").write_text(_main(folder))
    nginx = shutil.which("nginx") or "/usr/sbin/nginx"
    command = [nginx, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
    log = folder / "nginx.log"
    with running(command, environment={}, log=log, cwd=folder) as process:
        wait_for_port(process, host, port, log)
        yield process


def write_site(folder: Path, port: int, nodes: Serving) -> None:
    text = (ROOT / "deploy/nginx/host.conf").read_text()
    for number, (at, is_serving) in enumerate(nodes.items()):
        away = "" if is_serving else " down"
        text = text.replace(f"127.0.0.1:{5000 + number} ", f"{at}{away} ")
    text = text.replace("/etc/store/certificates", str(folder))
    text = text.replace("listen 443 ", f"listen 127.0.0.1:{port} ")
    text = re.sub(r"listen 80;", f"listen unix:{folder}/80;", text)
    (folder / "site.conf").write_text(text)


def handed_on(folder: Path) -> list[HandedOn]:
    """Return what it wrote down of every request so far."""
    lines = (folder / "access.log").read_text().splitlines()
    return [HandedOn.read(line) for line in lines]


def _main(folder: Path) -> str:
    places = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in OWN_PLACES.split())
    # Started by root it would have no right to the folder of a test.
    user = "user root;" if os.geteuid() == 0 else ""
    return (
        f"{user} worker_processes 2; pid {folder}/nginx.pid; error_log stderr;\n"
        "events { worker_connections 2048; }\n"
        f"http {{ log_format told '{LOG_FORMAT}'; access_log {folder}/access.log told;\n"
        f"{places} include site.conf; }}\n"
    )
