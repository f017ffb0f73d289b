"""One run on one database: set up, harm while buyers buy, let it come to rest, judge."""

import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.buyers import Crowd
from tests.faults.desk import Desk, by_way
from tests.faults.judging import Broken, judge
from tests.faults.killing import Killer
from tests.faults.outages import Outages
from tests.faults.plan import Plan
from tests.faults.scene import Scene, say, set_up
from tests.faults.settling import settle
from tests.faults.tally import KILLS, OUTAGES, WIRE, Tally

SHARE = 0.45
"""Of what goes between the shop and Stripe."""
TELL_SECONDS = 15.0
LAST_EVENTS_SECONDS = 3.0


@dataclass
class Run:
    database: str
    seconds: float
    checkouts: int
    tally: Tally
    broken: list[Broken]
    too_few: list[str] = field(default_factory=list)
    """What was asked for and not reached in the time."""

    @property
    def is_good(self) -> bool:
        return not self.broken and not self.too_few


def run(
    plan: Plan,
    *,
    on_postgresql: bool = False,
    url: str = "",
) -> Run:
    """Do a whole run; a database that is given is used, and its server left alone."""
    with tempfile.TemporaryDirectory(prefix="store-faults-") as made:
        folder = Path(made)
        with set_up(plan, folder, on_postgresql=on_postgresql, url=url) as scene:
            return _run(scene)


def _run(scene: Scene) -> Run:
    plan, machine = scene.plan, scene.machine
    for unit in machine.units:
        unit.start()
    machine.seconds_to_answer()
    outages = Outages(scene, plan.chance("outages"), plan.only)
    killer = Killer(
        machine,
        scene.tally,
        plan.chance("kills"),
        plan,
        outages.calm,
    )
    crowd = Crowd(plan, scene.tally, scene.sandbox, machine.port, scene.variants, scene.codes)
    by_wire = by_way(scene.services, f"http://127.0.0.1:{scene.to_stripe.port}")
    desk = Desk(scene.app, by_wire, scene.tally, plan.chance("desk"))
    began = time.monotonic()
    scene.to_stripe.share = scene.to_shop.share = SHARE
    crowd.come()
    try:
        killer.begin()
        outages.begin()
        desk.begin()
        _wait(scene, crowd, killer, outages)
    finally:
        desk.end()
        outages.end()
        killer.end()
        scene.to_stripe.share = scene.to_shop.share = 0.0
        crowd.leave()
    seconds = time.monotonic() - began
    time.sleep(LAST_EVENTS_SECONDS)
    killer.keep()
    machine.seconds_to_answer()
    machine.stop()
    say("The harm is over; what waits is done.")
    settle(scene)
    troubles = [*outages.trouble, *killer.trouble, *crowd.trouble, *desk.trouble]
    broken = [Broken("it goes on under load", repr(trouble)) for trouble in troubles]
    broken += judge(scene, crowd.came)
    database = "SQLite" if scene.sqlite_path else "PostgreSQL"
    return Run(
        database, seconds, crowd.checkouts, scene.tally, broken, _too_few(plan, scene, crowd)
    )


def _wait(scene: Scene, crowd: Crowd, killer: Killer, outages: Outages) -> None:
    plan, tally = scene.plan, scene.tally
    until = time.monotonic() + plan.minutes * 60
    tell_at = time.monotonic() + TELL_SECONDS
    while time.monotonic() < until:
        if killer.trouble or outages.trouble or crowd.trouble:
            return
        is_enough = not _too_few(plan, scene, crowd)
        if is_enough and (plan.only is None or outages.is_done):
            return
        if time.monotonic() >= tell_at:
            say(
                f"{crowd.checkouts} paid, {killer.done} kills, {tally.count(WIRE)} wire faults, "
                f"{tally.count(OUTAGES)} outages, {killer.ended_by_themselves} ended by themselves"
            )
            tell_at += TELL_SECONDS
        time.sleep(0.1)


def _too_few(plan: Plan, scene: Scene, crowd: Crowd) -> list[str]:
    wanted = {
        "checkouts": (crowd.checkouts, plan.checkouts),
        "kills": (scene.tally.count(KILLS), plan.kills),
        "wire faults": (scene.tally.count(WIRE), plan.wire),
    }
    return [f"{got} of {asked} {what}" for what, (got, asked) in wanted.items() if got < asked]
