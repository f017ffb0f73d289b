"""Lets a shop come to rest when the harm is over: what waits is done, what is due comes due."""

import subprocess
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select

from store.app import job_handlers, job_sweeps
from store.checkout.reconciling import reconcile
from store.clock import FixedClock, SystemClock
from store.database import db
from store.jobs.models import OutboxRow
from store.jobs.queue import SilentQueue
from store.jobs.sweeps import run_sweep
from store.jobs.worker import Worker
from store.paths import ROOT
from tests.faults.machine import STORE
from tests.faults.scene import Scene

LATER = (
    timedelta(minutes=3),
    timedelta(minutes=7),
    timedelta(hours=1),
    timedelta(hours=7),
    timedelta(hours=14),
    timedelta(hours=28),
)
"""Moments at which a worker looks: holds end, mails that were put off are tried again."""


HOLDER = "settling"
SOONER = (timedelta(minutes=7), timedelta(hours=1), timedelta(hours=14))
"""What is enough of it after a small run."""


def settle(scene: Scene) -> None:
    """Do what workers would do over the next day; the processes of the shop have ended before."""
    clock = FixedClock(SystemClock().now())
    services = replace(scene.services, clock=clock, queue=SilentQueue())
    sweeps = [sweep for sweep in job_sweeps(services) if sweep.name != "checkout.forget"]
    worker = Worker(scene.app, services.queue, clock, job_handlers(services))
    begin, ahead = clock.now(), timedelta()
    for later in SOONER if scene.plan.is_small else LATER:
        scene.sandbox.advance((later - ahead).total_seconds())
        clock.move_to(begin + later)
        ahead = later
        with scene.app.app_context():
            for sweep in sweeps:
                run_sweep(sweep, HOLDER, clock)
        while worker.run_due():
            pass


def waiting_jobs() -> int:
    """Return how many jobs have not come to their end."""
    open_rows = select(func.count()).select_from(OutboxRow).where(OutboxRow.done_at.is_(None))
    return db.session.scalar(open_rows) or 0


def reconciled(scene: Scene) -> list[str]:
    """Return each difference that the very command names; a small run calls its verb."""
    if scene.plan.is_small:
        with scene.app.app_context():
            found = reconcile(scene.services)
            return [f"{difference.number} {difference.what}" for difference in found]
    done = subprocess.run(
        [*STORE, "orders", "reconcile"],
        cwd=ROOT,
        env=scene.machine.web.environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=600,
    )
    if done.returncode == 0 and "agree" in done.stdout:
        return []
    return [line for line in done.stdout.splitlines() if not line.startswith(" ")] + (
        [done.stderr[-2_000:]] if done.returncode not in {0, 1} else []
    )
