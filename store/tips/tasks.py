"""The tips' sweep: what is old enough is forgotten."""

from datetime import timedelta

from store.jobs.sweeps import Sweep
from store.services import Services
from store.tips.telling import forget_old_tips


def sweeps(services: Services) -> tuple[Sweep, ...]:
    def forget() -> None:
        forget_old_tips(services.clock)

    return (Sweep("tips.forget", timedelta(days=1), forget),)
