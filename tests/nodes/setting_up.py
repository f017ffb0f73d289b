"""Puts up a shop on several machines with all that they share, and takes it down again."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.filling import shop_environment
from bench.mail_sink import open_sink
from store.paths import ROOT
from tests.nodes.browsing import Browser, Door
from tests.nodes.certificates import certify
from tests.nodes.cluster import HOST, OWNER, PASSWORD, Cluster, Goods, Node
from tests.nodes.fronting import fronted
from tests.nodes.places import Machines, Place
from tests.nodes.running import running, wait_for_port
from tests.ports import free_port
from tests.throwaway_pgbouncer import pooled, throwaway_pgbouncer
from tests.throwaway_postgresql import throwaway_server

BUCKETS = ("media", "files")
NEEDED = {
    "nginx": "nginx",
    "redis-server": "redis-server",
    "initdb": "postgresql",
    "openssl": "openssl",
}


def missing() -> str:
    """Name what this machine lacks for a shop on several machines; nothing where it lacks none."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin"
    places = [*map(str, Path("/usr/lib/postgresql").glob("*/bin"))]
    lacking = [
        package
        for command, package in NEEDED.items()
        if shutil.which(command, path=":".join([path, *places])) is None
    ]
    return ", ".join(lacking)


@contextmanager
def a_cluster(
    folder: Path, machines: Machines, *, products: int = 12, is_pooled: bool = False
) -> Iterator[Cluster]:
    """Run a shop with a web node and a worker on each machine until the end of the block.

    A pooled one asks its database by a PgBouncer, and keeps its queue there as well.
    """
    with ExitStack() as stack:
        sink = stack.enter_context(open_sink(machines.middle.address))
        database = stack.enter_context(
            throwaway_server(address=machines.middle.address, network=machines.network)
        )
        port = free_port()
        certificate = certify(folder, HOST)
        environment = _environment(stack, folder, machines, port, certificate) | {
            "STORE_DATABASE_URL": database,
            "DIRECT_DATABASE": database.replace("+psycopg", ""),
            "STORE_MAIL_URL": sink.url,
        }
        if is_pooled:
            by_pooler = pooled(database, stack.enter_context(throwaway_pgbouncer(database)))
            environment |= {"STORE_DATABASE_URL": by_pooler, "STORE_QUEUE_URL": by_pooler}
        nodes = tuple(
            _node(number, place, environment, folder)
            for number, place in enumerate(machines.nodes, start=1)
        )
        cluster = Cluster(folder, machines, environment, port, nodes, sink)
        cluster.goods = _filled(cluster, products)
        owner = ["staff", "create", OWNER, "--name", "Owner", "--password-stdin"]
        cluster.store(*owner, typed=f"{PASSWORD}\n")
        stack.callback(cluster.dismiss)
        for node in nodes:
            stack.callback(node.stop)
            node.begin()
            cluster.hire(node.place)
        serving = dict.fromkeys([node.at for node in nodes], True)
        cluster.nginx = stack.enter_context(fronted(folder, HOST, port, serving))
        for node in nodes:
            node.wait_until_ready()
        yield cluster


def _environment(
    stack: ExitStack, folder: Path, machines: Machines, port: int, certificate: Path
) -> dict[str, str]:
    middle = machines.middle.address
    redis, buckets = _redis(stack, folder, middle), _object_store(stack, folder, middle)
    payments = f"http://{middle}:{free_port(middle)}"
    environment = shop_environment(folder / "secrets") | {
        "STORE_QUEUE_URL": f"{redis}/0",
        "STORE_CACHE_URL": f"{redis}/1",
        "STORE_MEDIA_URL": "s3://media",
        "STORE_FILES_URL": "s3://files",
        "AWS_ENDPOINT_URL": buckets,
        "AWS_ACCESS_KEY_ID": "of-a-test",
        # pragma: allowlist nextline secret - of a store that lives as long as a test
        "AWS_SECRET_ACCESS_KEY": "of-a-test",
        "AWS_REGION": "ap-southeast-2",
        "STORE_PUBLIC_URL": f"https://{HOST}:{port}",
        "STORE_ALLOWED_HOSTS": HOST,
        # nginx, and one proxy more before it: readers of a test say by it where they come from.
        "STORE_TRUSTED_PROXIES": f"127.0.0.0/8,{middle}/32",
        "STORE_STRIPE_API_BASE": payments,
        "STORE_PAY_ORIGINS": payments,
    }
    _payments(stack, folder, environment, certificate)
    return environment


def _redis(stack: ExitStack, folder: Path, address: str) -> str:
    port = free_port(address)
    words = ["redis-server", "--port", str(port), "--bind", address, "--save", ""]
    log = folder / "redis.log"
    command = [*words, "--protected-mode", "no", "--dir", str(folder)]
    process = stack.enter_context(running(command, environment={}, log=log, cwd=folder))
    wait_for_port(process, address, port, log)
    return f"redis://{address}:{port}"


def _object_store(stack: ExitStack, folder: Path, address: str) -> str:
    port, log = free_port(address), folder / "s3.log"
    command = [sys.executable, "-m", "moto.server", "-H", address, "-p", str(port)]
    process = stack.enter_context(running(command, environment={}, log=log, cwd=folder))
    wait_for_port(process, address, port, log)
    for bucket in BUCKETS:
        Browser([Door(address, port, f"{address}:{port}")]).ask("PUT", f"/{bucket}")
    return f"http://{address}:{port}"


def _payments(
    stack: ExitStack, folder: Path, environment: Mapping[str, str], certificate: Path
) -> None:
    origin = environment["STORE_STRIPE_API_BASE"]
    address, _, port = origin.removeprefix("http://").partition(":")
    told = {
        "STORE_SANDBOX_ORIGIN": origin,
        "STORE_SANDBOX_API_KEY": environment["STORE_STRIPE_KEY"],
        "STORE_SANDBOX_WEBHOOK_URL": f"{environment['STORE_PUBLIC_URL']}/webhooks/stripe",
        "STORE_SANDBOX_WEBHOOK_SECRET": environment["STORE_STRIPE_WEBHOOK_SECRETS"],
        "SSL_CERT_FILE": str(certificate),
    }
    options = ["--interface", "wsgi", "--host", address, "--port", port, "--workers", "1"]
    threads = ["--blocking-threads", "8", "--log-level", "warning", "--factory"]
    command = [sys.executable, "-m", "granian", *options, *threads]
    log = folder / "payments.log"
    process = stack.enter_context(
        running([*command, "store.sandbox.stripe.wsgi:create"], environment=told, log=log, cwd=ROOT)
    )
    wait_for_port(process, address, int(port), log)


def _node(number: int, place: Place, environment: Mapping[str, str], folder: Path) -> Node:
    name = f"node-{number}"
    # What one machine writes on its own disk the other does not see.
    own = dict(environment) | {"STORE_DATA_DIR": str(folder / name)}
    return Node(name, place, free_port(), own, folder / f"{name}.log")


def _filled(cluster: Cluster, products: int) -> tuple[Goods, ...]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.nodes.goods", str(products)],
        cwd=ROOT,
        env=os.environ | dict(cluster.environment),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    return tuple(Goods(**one) for one in json.loads(done.stdout.splitlines()[-1]))
