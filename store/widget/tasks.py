"""What the widget's room does beside requests: keeps counts, finds titles, forgets old ones."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from store.catalog.register import read_register_ahead
from store.database import writing
from store.errors import StoreError
from store.jobs.queue import Handler
from store.jobs.sweeps import Sweep
from store.services import Services
from store.web.tally import Tally
from store.widget.counting import count_views
from store.widget.forgetting import forget_counts
from store.widget.matching import get_ready
from store.widget.titles import FindTitle, find_missing_titles, find_title

FLUSH_SECONDS = 10.0
READ_AHEAD_SECONDS = 1.0

log = structlog.get_logger(__name__)


def flush_views(tally: Tally, services: Services) -> None:
    """Write what this process counted; a failure keeps the counts for the next time."""
    views = tally.take()
    if not views:
        return
    try:
        with writing():
            count_views(views, services.settings, services.clock)
    except (StoreError, SQLAlchemyError) as error:
        tally.give_back(views)
        log.warning("views_kept_for_later", stories=len(views), error=type(error).__name__)


def handlers(services: Services) -> dict[str, Handler]:
    def find(payload: Mapping[str, Any]) -> None:
        find_title(FindTitle(**payload), services)

    return {FindTitle.kind: find}


def read_ahead(services: Services) -> None:
    """Read what changed of the catalogue and the rules, so that no reader waits for it."""
    try:
        read_register_ahead(services.clock.now())
        get_ready(services.clock.now())
    except SQLAlchemyError as error:
        log.warning("not_read_ahead", error=type(error).__name__)


def sweeps(services: Services) -> tuple[Sweep, ...]:
    def forget() -> None:
        with writing():
            forget_counts(services.settings, services.clock)

    def find_titles() -> None:
        with writing():
            find_missing_titles(services.settings, services.clock)

    return (
        Sweep("widget.forget_counts", timedelta(days=1), forget),
        Sweep("widget.find_titles", timedelta(minutes=15), find_titles),
    )
