"""What workers do about readers' own data: ids in, verb calls out."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from store.database import writing
from store.jobs.queue import Handler
from store.jobs.sweeps import Sweep
from store.orders.own_data.asking import (
    EraseData,
    MailDataLink,
    erase_all,
    forget_requests,
    mail_data_link,
)
from store.orders.own_data.erasing import erase_due
from store.orders.own_data.keepers import Keepers
from store.services import Services


def handlers(services: Services, keepers: Keepers) -> dict[str, Handler]:
    def mail(payload: Mapping[str, Any]) -> None:
        with writing():
            mail_data_link(int(payload["lookup_id"]), str(payload["email"]), keepers, services)

    def erase(payload: Mapping[str, Any]) -> None:
        with writing():
            erase_all(int(payload["request_id"]), keepers, services)

    return {MailDataLink.kind: mail, EraseData.kind: erase}


def sweeps(services: Services, keepers: Keepers) -> tuple[Sweep, ...]:
    def forget() -> None:
        with writing():
            forget_requests(services.clock)
            erase_due(keepers.traces, services)

    return (Sweep("orders.erase", timedelta(days=1), forget),)
