"""The content's job: opening the shop at the moment that was planned."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from store.content.closing import OpenShop, open_as_planned
from store.database import writing
from store.jobs.queue import Handler
from store.services import Services


def handlers(services: Services) -> dict[str, Handler]:
    def open_again(payload: Mapping[str, Any]) -> None:
        with writing():
            open_as_planned(datetime.fromisoformat(payload["changed_at"]), services.clock)

    return {OpenShop.kind: open_again}
