"""What stands before a news site, and the store that it asks: real servers on loopback."""

import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import ThreadedWSGIServer, make_server
from werkzeug.wrappers import Response

STORE_NAME = "shop.example"
WHERE = f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin"
SILENT_SECONDS = 10


def needs(*programs: str) -> pytest.MarkDecorator:
    """Skip the test where one of these is not installed."""
    missing = [name for name in programs if shutil.which(name, path=WHERE) is None]
    return pytest.mark.skipif(bool(missing), reason=f"not installed: {', '.join(missing)}")


@dataclass
class Storefront:
    """The shop on a socket: what it was asked, and what is wrong with it now."""

    app: Flask
    port: int = 0
    ails: str = ""
    """Nothing, or `silent`, `failing`, `moved`."""
    asked: list[Mapping[str, Any]] = field(default_factory=list)
    recovers: threading.Event = field(default_factory=threading.Event)

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        self.asked.append(environ)
        if self.ails == "silent":
            self.recovers.wait(SILENT_SECONDS)
            # Nobody listens any more, and the shop may be gone with its test.
            return Response(status=503)(environ, start)
        if self.ails == "failing":
            return Response("<html>Bad Gateway</html>", 502, mimetype="text/html")(environ, start)
        if self.ails == "moved":
            return Response(status=302, headers={"Location": "/elsewhere"})(environ, start)
        return self.app(environ, start)


@contextmanager
def open_storefront(app: Flask, certificate: Path | None = None) -> Iterator[Storefront]:
    """Serve the shop; with a certificate by TLS, to whoever names it as a browser does."""
    store = Storefront(app)
    context = _tls(certificate) if certificate else None
    server = make_server("127.0.0.1", 0, store, threaded=True, ssl_context=context)
    # Closing waits for requests that are under way, whose connections would outlive the shop.
    assert isinstance(server, ThreadedWSGIServer)
    server.daemon_threads = False
    store.port = server.port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield store
    finally:
        store.recovers.set()
        server.shutdown()
        thread.join()
        server.server_close()


def a_certificate(folder: Path) -> Path:
    """Make key and certificate of the store in one file, good for two days."""
    path, key = folder / "store.pem", folder / "store.key"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-nodes", "-days", "2"),
            *("-pkeyopt", "ec_paramgen_curve:prime256v1"),
            *("-subj", f"/CN={STORE_NAME}", "-addext", f"subjectAltName=DNS:{STORE_NAME}"),
            *("-keyout", key, "-out", path),
        ],
        check=True,
        capture_output=True,
    )
    with path.open("a") as certificate:
        certificate.write(key.read_text())
    return path


def _tls(certificate: Path) -> ssl.SSLContext:
    def refuse_strangers(_socket: object, name: str | None, _context: object) -> int | None:
        # As machines do that serve many names: who names none gets none.
        return None if name == STORE_NAME else ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = refuse_strangers
    return context


@contextmanager
def nginx(folder: Path, servers: str, *, store_port: int, port: int) -> Iterator[None]:
    """Run nginx with these servers; the store's name leads to this port, as DNS would."""
    folder.mkdir(parents=True, exist_ok=True)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    (folder / "nginx.conf").write_text(
        f"""daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/errors;
{"user root;" if os.geteuid() == 0 else ""}
events {{}}
http {{
  access_log off; default_type text/html;
  {" ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)}
  upstream {STORE_NAME} {{ server 127.0.0.1:{store_port}; }}
  {servers}
}}"""
    )
    with _running("nginx", "-p", folder, "-c", "nginx.conf", "-e", folder / "errors", port=port):
        yield


@contextmanager
def varnish(folder: Path, vcl: str, *, port: int) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "site.vcl").write_text(vcl)
    own = ("-F", "-j", "none", "-n", folder / "work", "-f", folder / "site.vcl")
    with _running("varnishd", *own, "-a", f"127.0.0.1:{port}", "-s", "malloc,16m", port=port):
        yield


@contextmanager
def _running(program: str, *arguments: object, port: int) -> Iterator[None]:
    path = shutil.which(program, path=WHERE)
    assert path is not None
    with subprocess.Popen(
        [path, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        try:
            _wait_for(port, server)
            yield
        finally:
            server.terminate()


def _wait_for(port: int, server: subprocess.Popen[str]) -> None:
    for _try in range(300):
        if server.poll() is not None:
            assert server.stdout is not None
            raise AssertionError(f"it did not start: {server.stdout.read()}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("it did not start within 30 seconds")
