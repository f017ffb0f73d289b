"""The jobs and sweeps of downloads: ids in, verb calls out."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from store.catalog.files.keeping import forget_bytes
from store.database import end_reading, writing
from store.jobs.queue import Handler
from store.jobs.sweeps import Sweep
from store.orders.downloads.forgetting import forget_files
from store.orders.downloads.telling import TellOfEdition, tell_of_edition
from store.services import Services


def handlers(services: Services) -> dict[str, Handler]:
    def tell(payload: Mapping[str, Any]) -> None:
        told = TellOfEdition(
            int(payload["file_id"]), int(payload["edition"]), int(payload["after"])
        )
        tell_of_edition(told, services)

    return {TellOfEdition.kind: tell}


def sweeps(services: Services) -> tuple[Sweep, ...]:
    def forget() -> None:
        with writing():
            forget_files()
        forget_bytes(services.files, services.clock)
        end_reading()

    return (Sweep("downloads.forget", timedelta(days=1), forget),)
