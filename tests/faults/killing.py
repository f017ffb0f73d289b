"""Kills processes of the shop at random points, and sees how soon it answers again."""

import random
import signal
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from tests.faults.beside import Beside
from tests.faults.machine import Machine, one_of, send
from tests.faults.plan import KILLED, Plan
from tests.faults.tally import KILLS, Tally

LOOK_SECONDS = 0.1


@dataclass
class Killer(Beside):
    machine: Machine
    tally: Tally
    chance: random.Random
    plan: Plan
    calm: Callable[[], AbstractContextManager[bool]]
    """Whether nothing else is away, and will not be meanwhile: only then a restart is timed."""
    ended_by_themselves: int = 0

    @property
    def done(self) -> int:
        return self.tally.count(KILLS)

    def _act(self) -> None:
        pause = self.plan.seconds_between_kills
        due = time.monotonic() + self.chance.uniform(0, pause)
        while not self.is_over.wait(LOOK_SECONDS):
            self.keep()
            is_due = self.done < self.plan.kills and time.monotonic() >= due
            if is_due and self.kill_one():
                # What an outage held up is caught up on, or a long run misses its number.
                due += self.chance.uniform(0.5, 1.5) * pause

    def keep(self) -> None:
        """Start again what ended by itself, as a service manager does."""
        self.ended_by_themselves += sum(unit.keep() for unit in self.machine.units)

    def kill_one(self) -> bool:
        """Kill one; False where it was just being started, so that another is tried at once."""
        kinds = self.plan.killed
        kind = self.chance.choices(kinds, [KILLED[kind] for kind in kinds])[0]
        with self.calm() as is_calm:
            if not self._strike(kind):
                return False
            self.tally.harm(KILLS, kind)
            seconds = self.machine.seconds_to_answer()
        if is_calm:
            self.tally.returned(kind, seconds)
        return True

    def _strike(self, kind: str) -> bool:
        """Kill it; False where it is just being started, and there is nothing to kill."""
        machine = self.machine
        if kind == "everything":
            for unit in machine.units:
                unit.kill()
            for unit in machine.units:
                unit.keep()
            return True
        if kind == "a worker apart":
            machine.worker.kill()
            return machine.worker.keep()
        is_web = kind == "a web process"
        pid = one_of(machine.web_pids() if is_web else machine.beside_pids(), self.chance)
        send(pid, signal.SIGKILL)
        return bool(pid)
