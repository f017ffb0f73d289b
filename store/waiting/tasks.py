"""What workers do for those who wait: every sweep may repeat, and one worker at a time runs it."""

from datetime import timedelta

from store.jobs.sweeps import Sweep
from store.services import Services
from store.waiting.last_unit.calling import forget_old, keep_moving
from store.waiting.left_carts.mailing import forget_ended, mail_left_carts


def mail_links(services: Services) -> None:
    mail_left_carts(services)


def sweeps(services: Services) -> tuple[Sweep, ...]:
    return (
        Sweep("last_unit.keep_moving", timedelta(minutes=1), lambda: keep_moving(services)),
        Sweep("left_carts.mail", timedelta(minutes=5), lambda: mail_links(services)),
        Sweep("left_carts.forget", timedelta(hours=6), lambda: forget_ended(services)),
        Sweep("last_unit.forget", timedelta(hours=6), lambda: forget_old(services)),
    )
