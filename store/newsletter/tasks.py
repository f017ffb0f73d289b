"""The newsletter's jobs and sweeps: values in, verb calls out."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from store.database import writing
from store.jobs.queue import Handler
from store.jobs.sweeps import Sweep
from store.newsletter.forgetting import forget_unconfirmed
from store.newsletter.importing.bringing_in import forget_unbegun
from store.newsletter.importing.inviting import EVERY, ask_some
from store.newsletter.limits import forget_attempts
from store.newsletter.subscribing import Invite, invite
from store.services import Services


def handlers(services: Services) -> dict[str, Handler]:
    def send_invitation(payload: Mapping[str, Any]) -> None:
        with writing():
            invite(Invite(**payload), services)

    return {Invite.kind: send_invitation}


def sweeps(services: Services) -> tuple[Sweep, ...]:
    def forget() -> None:
        forget_attempts(services.clock)
        forget_unbegun(services.clock)
        while forget_unconfirmed(services):
            pass

    def ask() -> None:
        ask_some(services)

    return (
        Sweep("newsletter.forget", timedelta(hours=6), forget),
        Sweep("newsletter.ask_imported", EVERY, ask),
    )
