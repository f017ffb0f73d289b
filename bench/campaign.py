"""`python -m bench.campaign`: a campaign to 20,000 readers whose workers are killed on the way."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field
from pathlib import Path

import click
from flask import Flask
from sqlalchemy import select

from bench.campaign_figures import CampaignRun, counted, section, sending_rate
from bench.campaign_shop import a_campaign, address_of, fill_readers
from bench.filling import fill, shop_environment
from bench.machine import processors, taken_at
from bench.mail_sink import MailSink, open_sink
from bench.memory import most_resident_mb
from bench.writing import put_part, tell_figures
from store.app import create_app, open_doors
from store.database import db, writing
from store.jobs.models import OutboxRow
from store.mail.outgoing import write_mail
from store.mail.rendering import Rendered
from store.newsletter.campaigns.models import Campaign, CampaignState
from store.newsletter.campaigns.starting import begin
from store.paths import ROOT
from store.services import Services
from store.settings import Settings
from store.web.assets import ensure_built
from tests.throwaway_postgresql import throwaway_server

UNHURRIED = 1_000_000
"""So many a minute that nothing waits for the pace."""
PROBE_SECONDS = 0.5
"""Between two mails about orders."""
LOOK_SECONDS = 0.01
ORDERS = "orders.example"


@dataclass(frozen=True, slots=True)
class Plan:
    readers: int
    kills: int
    workers: int
    most_seconds: float
    alone: int = 20
    """Mails about orders that are timed before the campaign begins."""


@dataclass
class Crew:
    """The worker processes; whoever is killed is replaced at once."""

    environment: Mapping[str, str]
    log: Path
    living: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    peak_mb: float = 0.0

    def hire(self) -> None:
        command = [sys.executable, "-m", "store.cli.main", "worker"]
        with self.log.open("ab") as said:
            self.living.append(
                subprocess.Popen(
                    command, cwd=ROOT, env=dict(self.environment), stdout=said, stderr=said
                )
            )

    def kill_one(self, chance: random.Random) -> None:
        self.measure()
        victim = self.living.pop(chance.randrange(len(self.living)))
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        self.hire()

    def measure(self) -> None:
        """Keep the most memory that any of them held at once."""
        for one in self.living:
            try:
                self.peak_mb = max(self.peak_mb, most_resident_mb(one.pid))
            except OSError:
                continue

    def dismiss(self) -> None:
        self.measure()
        for one in self.living:
            one.terminate()
        for one in self.living:
            try:
                one.wait(45)
            except subprocess.TimeoutExpired:
                one.kill()
                one.wait()
        self.living.clear()


@dataclass
class Probes:
    """Mails about orders, written now and then, and when each was."""

    app: Flask
    services: Services
    sink: MailSink
    committed: dict[str, float] = field(default_factory=dict)
    due_at: float = 0.0

    def write_if_due(self) -> None:
        if time.monotonic() >= self.due_at:
            self.write()
            self.due_at = time.monotonic() + PROBE_SECONDS

    def write(self) -> str:
        recipient = f"order{len(self.committed)}@{ORDERS}"
        words = Rendered("Your order is on its way", "It is on its way.\n", "<p>On its way.</p>")
        with self.app.app_context():
            with writing():
                write_mail(
                    words,
                    recipient=recipient,
                    dedupe_key=f"bench:{recipient}",
                    kind="orders.confirmed",
                    clock=self.services.clock,
                    settings=self.services.settings,
                )
            self.committed[recipient] = time.monotonic()
        return recipient

    def waits_ms(self, since: int = 0) -> list[float]:
        """Return how long each took that was written after so many, in milliseconds."""
        arrived: dict[str, float] = {}
        for mail in list(self.sink.taken):
            if mail.recipient.endswith(ORDERS):
                arrived.setdefault(mail.recipient, mail.at)
        wanted = list(self.committed.items())[since:]
        return [max(0.0, (arrived[one] - at) * 1_000) for one, at in wanted if one in arrived]


@click.command()
@click.option("--readers", default=20_000, show_default=True)
@click.option("--kills", default=10, show_default=True)
@click.option("--workers", default=2, show_default=True)
@click.option("--most-seconds", default=900.0, show_default=True, help="Give up after so long.")
@click.option("--json", "json_path", type=click.Path(path_type=Path), help="Write figures there.")
@click.option(
    "--markdown", "page_path", type=click.Path(path_type=Path), help="Write a section there."
)
@click.option("--postgresql", is_flag=True, help="Measure on a throw-away PostgreSQL as well.")
def main(
    readers: int,
    kills: int,
    workers: int,
    json_path: Path | None,
    page_path: Path | None,
    *,
    most_seconds: float,
    postgresql: bool,
) -> None:
    """Print what it came to as JSON; end with 1 where a promise was not kept."""
    ensure_built()
    # Whoever ends the program ends its workers.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))
    plan = Plan(readers, kills, workers, most_seconds)
    runs = [measure(plan, database) for database in ("SQLite", "PostgreSQL")[: 1 + postgresql]]
    tell_figures([asdict(run) | {"judged": run.judged()} for run in runs], json_path)
    if page_path:
        put_part(page_path, section(runs, taken_at(), processors()))
    if not all(all(run.judged().values()) for run in runs):
        sys.exit(1)


def measure(plan: Plan, database: str) -> CampaignRun:
    """Send one campaign in a shop of its own."""
    server = throwaway_server(is_durable=True) if database == "PostgreSQL" else nullcontext("")
    with (
        server as url,
        tempfile.TemporaryDirectory(prefix="bench-campaign-") as made,
        open_sink() as sink,
    ):
        folder = Path(made)
        environment = shop_environment(folder / "shop") | {"STORE_MAIL_URL": sink.url}
        if url:
            environment["STORE_DATABASE_URL"] = url
        os.environ.update(environment)
        fill(folder / "shop")
        settings = Settings.from_environment(_env_file=None)
        services = open_doors(settings)
        app = create_app(settings, services)
        with app.app_context():
            fill_readers(plan.readers, services.clock, settings)
        crew = Crew(os.environ | environment, folder / "workers.log")
        try:
            return run_campaign(plan, database, Probes(app, services, sink), crew)
        finally:
            crew.dismiss()
            with app.app_context():
                db.session.remove()
                db.engine.dispose()


def run_campaign(
    plan: Plan,
    database: str,
    probes: Probes,
    crew: Crew,
    on_last_kill: Callable[[], None] | None = None,
) -> CampaignRun:
    """Send it while workers are killed at random points; return what it came to."""
    sink = probes.sink
    for _worker in range(plan.workers):
        crew.hire()
    alone = _alone(probes, plan)
    with probes.app.app_context(), writing():
        campaign = a_campaign(probes.services.clock, UNHURRIED)
        begin(campaign, probes.services)
        campaign_id = campaign.id
    began, written = time.monotonic(), len(probes.committed)
    killed = _send_and_kill(plan, campaign_id, probes, crew, on_last_kill)
    is_sent = _is_sent(probes.app, campaign_id)
    _await(lambda: len(probes.waits_ms()) == len(probes.committed), 150)
    crew.measure()
    mails = [one for one in sink.taken if not one.recipient.endswith(ORDERS)]
    written_to, twice, missing = counted(
        [one.recipient for one in mails], [address_of(one) for one in range(plan.readers)]
    )
    return CampaignRun(
        database=database,
        readers=plan.readers,
        workers=plan.workers,
        kills=killed,
        seconds=(mails[-1].at if mails else time.monotonic()) - began,
        per_second=sending_rate([one.at for one in mails]),
        peak_megabytes=crew.peak_mb,
        written_to=written_to,
        twice=twice,
        missing=missing,
        message_ids=len({one.message_id for one in mails}),
        is_sent=is_sent,
        order_waits_ms=probes.waits_ms(written),
        order_waits_alone_ms=alone,
        order_mails_of_killed=_of_killed(probes.app),
    )


def _send_and_kill(
    plan: Plan,
    campaign_id: int,
    probes: Probes,
    crew: Crew,
    on_last_kill: Callable[[], None] | None,
) -> int:
    """Kill workers at random points until everything is sent; return how many were killed."""
    chance, ends = random.Random(20_261_128), time.monotonic() + plan.most_seconds
    moments = sorted(chance.randrange(plan.readers) for _kill in range(plan.kills))
    while time.monotonic() < ends and not _is_sent(probes.app, campaign_id):
        probes.write_if_due()
        if moments and _to_many(probes.sink) > moments[0]:
            # Not at a mail's end, but anywhere between two.
            time.sleep(chance.random() * LOOK_SECONDS)
            moments.pop(0)
            crew.kill_one(chance)
            if not moments and on_last_kill is not None:
                on_last_kill()
        time.sleep(LOOK_SECONDS)
    return plan.kills - len(moments)


def _alone(probes: Probes, plan: Plan) -> list[float]:
    """Time mails about orders while the workers have nothing else to do."""
    # The first of all waits until a worker has started.
    first = probes.write()
    _await(lambda: len(probes.waits_ms()) == 1, plan.most_seconds)
    for _mail in range(plan.alone):
        probes.write()
        time.sleep(PROBE_SECONDS / 2)
    _await(lambda: len(probes.waits_ms()) == plan.alone + 1, 30)
    return probes.waits_ms(list(probes.committed).index(first) + 1)


def _to_many(sink: MailSink) -> int:
    return sum(1 for one in list(sink.taken) if not one.recipient.endswith(ORDERS))


def _is_sent(app: Flask, campaign_id: int) -> bool:
    with app.app_context():
        state = db.session.scalar(select(Campaign.state).where(Campaign.id == campaign_id))
        db.session.rollback()
        return state == CampaignState.SENT


def _of_killed(app: Flask) -> int:
    with app.app_context():
        again = select(OutboxRow.id).where(OutboxRow.kind == "mail.send", OutboxRow.attempts > 1)
        found = len(db.session.scalars(again).all())
        db.session.rollback()
        return found


def _await(happened: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not happened() and time.monotonic() < deadline:
        time.sleep(LOOK_SECONDS)


if __name__ == "__main__":
    main()
