"""Everything that stands around the shop in one run, and how it is put there."""

import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from flask import Flask

from bench.mail_sink import MailSink, open_sink
from store.app import create_app, open_doors
from store.clock import FixedClock, SystemClock
from store.database import db, writing
from store.migrating import upgrade
from store.sandbox.demonstration.addresses import Addresses, environment
from store.sandbox.stripe import Sandbox
from store.services import Services
from store.settings import Settings
from tests.builders import a_product, aud
from tests.discounts import a_discount
from tests.faults.databases import Server, named, postgresql, small_disk
from tests.faults.gate import Gate, open_gate
from tests.faults.machine import Machine, open_machine
from tests.faults.plan import Plan
from tests.faults.stripe import serving_sandbox
from tests.faults.tally import Tally
from tests.faults.wire import Roads, ToShop, ToStripe
from tests.gift_cards.giving import a_gift_card
from tests.ports import free_port
from tests.shop import Shop

PLENTY, SCARCE = 6, 4
UNITS_OF_PLENTY, UNITS_OF_SCARCE = 100_000, 25
HANDLE = "looked-at"
DISCOUNT, USES = "FORFEW", 15
CARDS, CARD_MINOR = 6, 1_000


@dataclass
class Redis:
    port: int
    folder: Path
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        self.process = subprocess.Popen(
            [*command, "--dir", str(self.folder)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()


@dataclass
class Around:
    """What stands around a shop: Stripe, mail, Redis, and the roads between all of them."""

    port: int
    """Where the shop is going to listen."""
    key: str
    secret: str
    roads: Roads
    to_stripe: ToStripe
    to_shop: ToShop
    sandbox: Sandbox
    stripe_port: int
    sink: MailSink
    gate: Gate
    redis: Redis | None


@dataclass
class Scene(Around):
    plan: Plan
    folder: Path
    disk: Path
    tally: Tally
    machine: Machine
    app: Flask
    services: Services
    environment: Mapping[str, str]
    variants: tuple[int, ...]
    codes: tuple[str, ...]
    """A discount with too few uses, and gift cards that several buyers know."""
    server: Server | None = None
    is_on_own_disk: bool = False
    began: float = field(default_factory=time.monotonic)

    @property
    def sqlite_path(self) -> Path | None:
        url = self.services.settings.database_url
        return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else None


@contextmanager
def set_up(plan: Plan, folder: Path, *, on_postgresql: bool, url: str = "") -> Iterator[Scene]:
    """Put everything up: a shop with goods, Stripe, mail, Redis, a disk; take it down again.

    A database that is given stays where it is, and nothing happens to its server.
    """
    tally, disk, server = Tally(), folder / "disk", None
    with ExitStack() as stack:
        why_not = stack.enter_context(small_disk(disk, is_wanted=not plan.is_small))
        if why_not and not plan.is_small:
            tally.skipped["disk full"] = why_not
        if on_postgresql and not url:
            (disk / "postgresql").mkdir()
            server = stack.enter_context(postgresql(disk / "postgresql"))
            url = server.url
        around = _put_around(stack, plan, folder, tally)
        made = _environment(around, disk, url)
        app, services = _shop(stack, made, around)
        variants, codes = _fill(app), _codes(app, services)
        yield Scene(
            **vars(around),
            plan=plan,
            folder=folder,
            disk=disk,
            tally=tally,
            machine=_machine(stack, around, made, folder, is_small=plan.is_small),
            app=app,
            services=services,
            environment=made,
            variants=variants,
            codes=codes,
            server=server,
            is_on_own_disk=not why_not,
        )


def _put_around(stack: ExitStack, plan: Plan, folder: Path, tally: Tally) -> Around:
    roads = stack.enter_context(Roads().running())
    sink = stack.enter_context(open_sink())
    gate = open_gate(roads, sink.port)
    redis = None if plan.is_small else _redis(folder, stack, tally)
    port = free_port()
    to_shop = ToShop(port, tally, plan.chance("events"))
    to_shop.port = roads.listen(to_shop.serve)
    key, secret = f"sk_test_{secrets.token_hex(12)}", f"whsec_{secrets.token_hex(24)}"
    sandbox, stripe_port = stack.enter_context(serving_sandbox(key, secret, to_shop.port))
    to_stripe = ToStripe(stripe_port, tally, plan.chance("requests"))
    to_stripe.port = roads.listen(to_stripe.serve)
    return Around(
        port=port,
        key=key,
        secret=secret,
        roads=roads,
        to_stripe=to_stripe,
        to_shop=to_shop,
        sandbox=sandbox,
        stripe_port=stripe_port,
        sink=sink,
        gate=gate,
        redis=redis,
    )


def _environment(around: Around, disk: Path, url: str) -> dict[str, str]:
    """Return what the shop's processes are told; SQLite keeps its queue beside itself."""
    redis = around.redis.url if around.redis else ""
    is_postgresql = url.startswith("postgresql")
    return environment(Addresses(around.port), disk / "shop") | {
        "STORE_DATABASE_URL": named(url) if is_postgresql else url,
        "STORE_QUEUE_URL": redis if is_postgresql else "",
        "STORE_CACHE_URL": redis,
        "STORE_MAIL_URL": f"smtp://127.0.0.1:{around.gate.port}",
        "STORE_STRIPE_KEY": around.key,
        "STORE_STRIPE_WEBHOOK_SECRETS": around.secret,
        "STORE_STRIPE_API_BASE": f"http://127.0.0.1:{around.to_stripe.port}",
        "STORE_PAY_ORIGINS": around.sandbox.account.settings.origin,
        "STORE_TRUSTED_PROXIES": "127.0.0.1/32",
        "STORE_HOLD_UNITS_PER_PRODUCT": "100000",
    }


def _shop(stack: ExitStack, made: Mapping[str, str], around: Around) -> tuple[Flask, Services]:
    """Join the shop in this process too, for staff and judges: no harm is on their way."""
    direct = f"http://127.0.0.1:{around.stripe_port}"
    settings = _settings({**made, "STORE_STRIPE_API_BASE": direct})
    upgrade(settings)
    services = open_doors(settings)
    app = create_app(settings, services)
    stack.callback(_let_go, app)
    return app, services


def _machine(
    stack: ExitStack, around: Around, made: Mapping[str, str], folder: Path, *, is_small: bool
) -> Machine:
    told, page = {**_inherited(), **made}, f"/products/{HANDLE}"
    machine = open_machine(around.port, page, told, folder, is_small=is_small)
    stack.callback(_end, machine)
    return machine


def _inherited() -> dict[str, str]:
    """Return our environment, but for what would have each process compile the shop anew."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _settings(made: Mapping[str, str]) -> Settings:
    given = {name.removeprefix("STORE_").lower(): value for name, value in made.items()}
    return Settings.from_environment(_env_file=None, **given)


def _redis(folder: Path, stack: ExitStack, tally: Tally) -> Redis | None:
    if shutil.which("redis-server") is None:
        tally.skipped["Redis"] = "redis-server is missing"
        return None
    redis = Redis(free_port(), folder)
    redis.start()
    stack.callback(redis.kill)
    return redis


def _fill(app: Flask) -> tuple[int, ...]:
    clock = SystemClock()
    with app.app_context(), writing():
        many = [
            a_product(clock, title=f"Plenty {n}", stock=UNITS_OF_PLENTY, price=aud(20 + n))
            for n in range(PLENTY)
        ]
        few = [
            a_product(clock, title=f"Few {n}", stock=UNITS_OF_SCARCE, price=aud(60 + n))
            for n in range(SCARCE)
        ]
        a_product(clock, title="Looked at", handle=HANDLE, stock=1)
        return tuple(product.variants[0].id for product in (*many, *few))


def _codes(app: Flask, services: Services) -> tuple[str, ...]:
    clock = FixedClock(services.clock.now())
    shop = Shop(app, replace(services, clock=clock), clock)
    a_discount(shop, DISCOUNT, name="For few", most_in_all=USES)
    return (DISCOUNT, *(a_gift_card(shop, CARD_MINOR) for _ in range(CARDS)))


def _let_go(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _end(machine: Machine) -> None:
    """Leave no process behind, whatever happened."""
    for unit in machine.units:
        unit.is_wanted = False
        unit.kill()


def say(words: str) -> None:
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()
