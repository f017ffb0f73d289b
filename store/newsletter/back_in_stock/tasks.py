"""What workers do for those who wait: values in, verb calls out."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from store.database import writing
from store.jobs.queue import Handler
from store.jobs.sweeps import Sweep
from store.newsletter.back_in_stock.asking import NoteRequest, note_request
from store.newsletter.back_in_stock.forgetting import forget_ended
from store.newsletter.back_in_stock.telling import tell_who_waits
from store.services import Services


def handlers(services: Services) -> dict[str, Handler]:
    def note(payload: Mapping[str, Any]) -> None:
        with writing():
            note_request(NoteRequest(**payload), services)

    return {NoteRequest.kind: note}


def sweeps(services: Services) -> tuple[Sweep, ...]:
    def tell() -> None:
        tell_who_waits(services)

    def forget() -> None:
        while forget_ended(services):
            pass

    return (
        Sweep("back_in_stock.tell", timedelta(minutes=2), tell),
        Sweep("back_in_stock.forget", timedelta(hours=6), forget),
    )
