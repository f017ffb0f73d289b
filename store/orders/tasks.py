"""The orders' jobs and sweeps: ids in, verb calls out."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from store.database import writing
from store.jobs.queue import Handler
from store.jobs.sweeps import Sweep
from store.orders.finding import MailLinks, mail_found_links
from store.orders.forgetting import forget_lookups, forget_unpaid
from store.services import Services


def handlers(services: Services) -> dict[str, Handler]:
    def mail_links(payload: Mapping[str, Any]) -> None:
        with writing():
            mail_found_links(int(payload["lookup_id"]), str(payload["email"]), services)

    return {MailLinks.kind: mail_links}


def sweeps(services: Services) -> tuple[Sweep, ...]:
    def forget() -> None:
        forget_lookups(services.clock)
        while forget_unpaid(services.clock):
            pass

    return (Sweep("orders.forget", timedelta(days=1), forget),)
