"""The inventory's sweep: every night all numbers are proved."""

from datetime import timedelta

import structlog

from store.database import writing
from store.inventory.proof import prove
from store.jobs.sweeps import Sweep
from store.services import Services

log = structlog.get_logger(__name__)


def sweeps(services: Services) -> tuple[Sweep, ...]:
    def prove_all() -> None:
        with writing():
            differences = prove(services.clock).differences
        if differences:
            log.error("stock_differs", differences=differences)

    return (Sweep("inventory.prove", timedelta(days=1), prove_all),)
