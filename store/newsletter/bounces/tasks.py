"""What workers do about what comes back: read the mailbox, open topics, forget."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from store.jobs.queue import Handler
from store.jobs.sweeps import Sweep
from store.newsletter.bounces.forgetting import forget_old_reports
from store.newsletter.bounces.sweeping import sweep_mailbox
from store.newsletter.bounces.topics import OpenTopic, open_topic
from store.services import Services


def handlers(services: Services) -> dict[str, Handler]:
    def open_one(payload: Mapping[str, Any]) -> None:
        open_topic(payload["url"], services)

    return {OpenTopic.kind: open_one}


def sweeps(services: Services) -> tuple[Sweep, ...]:
    def read_mailbox() -> None:
        sweep_mailbox(services)

    def forget() -> None:
        forget_old_reports(services.clock)

    return (
        Sweep("bounces.mailbox", timedelta(minutes=5), read_mailbox),
        Sweep("bounces.forget", timedelta(days=1), forget),
    )
