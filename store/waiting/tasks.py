"""What workers do for those who wait: every sweep may repeat, and one worker at a time runs it."""

from datetime import timedelta

from store.jobs.sweeps import Sweep
from store.services import Services
from store.waiting.last_unit.calling import forget_old, keep_moving


def sweeps(services: Services) -> tuple[Sweep, ...]:
    return (
        Sweep("last_unit.keep_moving", timedelta(minutes=1), lambda: keep_moving(services)),
        Sweep("last_unit.forget", timedelta(hours=6), lambda: forget_old(services)),
    )
