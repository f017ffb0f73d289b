"""A whole shop as it runs in life: web processes, workers and the payment sandbox, each its own."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from bench.filling import FilledShop, fill, shop_environment
from bench.serving import end, granian, wait_until_listening
from store.app import create_app, open_doors
from store.database import db
from store.paths import ROOT
from store.sandbox.demonstration.processes import wsgi_server
from store.settings import Settings
from tests.ports import free_port
from tests.throwaway_postgresql import throwaway_server

SANDBOX = "store.sandbox.stripe.wsgi:create"
DATABASES = ("SQLite", "PostgreSQL")
EVERYBODY = "100000"
"""More units than are bought: limits of holds are no part of what is measured here."""


@dataclass(frozen=True, slots=True)
class Process:
    name: str
    running: "subprocess.Popen[bytes]"
    port: int = 0

    @property
    def pids(self) -> list[int]:
        """Return its own number and those of the processes that it watches."""
        try:
            said = Path(f"/proc/{self.running.pid}/task/{self.running.pid}/children").read_text()
        except OSError:
            return []
        return [self.running.pid, *(int(child) for child in said.split())]


@dataclass(frozen=True, slots=True)
class WholeShop:
    filled: FilledShop
    app: Flask
    """The same shop in this process, to ask its database."""
    processes: tuple[Process, ...]
    payments_port: int
    payments_key: str

    @property
    def web_ports(self) -> list[int]:
        return [one.port for one in self.processes if one.name.startswith("web")]


@contextmanager
def whole_shop(
    folder: Path, database: str = "SQLite", *, webs: int = 2, workers: int = 1
) -> Iterator[WholeShop]:
    """Fill a shop of its own, serve it, and end every process by its id."""
    server = throwaway_server(is_durable=True) if database == "PostgreSQL" else nullcontext("")
    with server as url, ExitStack() as running:
        ports = [free_port() for _web in range(webs)]
        pay_port = free_port()
        environment = _environment(folder, ports[0], pay_port, url)
        os.environ.update(environment)
        log = folder / "processes.log"

        def start(name: str, command: list[str], port: int = 0) -> Process:
            return running.enter_context(_started(name, command, environment, log, port))

        payments = start("payments", [*wsgi_server(SANDBOX, pay_port), "--factory"], pay_port)
        filled = fill(folder / "shop")
        environment["STORE_STRIPE_WEBHOOK_SECRETS"] = _listening(ports[0])
        processes = [payments]
        processes += [start("web", granian("store.wsgi:app", port), port) for port in ports]
        worker = [sys.executable, "-m", "store.cli.main", "worker"]
        processes += [start("worker", worker) for _worker in range(workers)]
        settings = Settings.from_environment(_env_file=None)
        app = create_app(settings, open_doors(settings))
        key = settings.stripe_key.get_secret_value()
        yield WholeShop(filled, app, tuple(processes), pay_port, key)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _listening(port: int) -> str:
    """Make the endpoint as `store stripe setup` does; return its secret."""
    doors = open_doors(Settings.from_environment(_env_file=None))
    secret = doors.payments.make_webhook_endpoint(f"http://127.0.0.1:{port}/webhooks/stripe").secret
    os.environ["STORE_STRIPE_WEBHOOK_SECRETS"] = secret
    return secret


def _environment(folder: Path, port: int, pay_port: int, database_url: str) -> dict[str, str]:
    payments, shop = f"http://localhost:{pay_port}", f"http://127.0.0.1:{port}"
    usual = shop_environment(folder / "shop")
    return usual | {
        "STORE_DATABASE_URL": database_url,
        "STORE_PUBLIC_URL": shop,
        "STORE_STRIPE_API_BASE": payments,
        "STORE_PAY_ORIGINS": payments,
        # Buyers come through a proxy, each from a network of her own.
        "STORE_TRUSTED_PROXIES": "127.0.0.0/8",
        "STORE_HOLD_UNITS_PER_PRODUCT": EVERYBODY,
        "STORE_SANDBOX_ORIGIN": payments,
        "STORE_SANDBOX_API_KEY": usual["STORE_STRIPE_KEY"],
    }


@contextmanager
def _started(
    name: str, command: list[str], environment: Mapping[str, str], log: Path, port: int
) -> Iterator[Process]:
    with log.open("ab") as said:
        process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | environment, stdout=said, stderr=said
        )
        try:
            if port:
                wait_until_listening(process, port, log)
            yield Process(name, process, port)
        finally:
            end(process)
