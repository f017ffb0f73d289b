"""The orders' jobs and sweeps: ids in, verb calls out."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from store.database import writing
from store.jobs.queue import Handler
from store.jobs.sweeps import Sweep
from store.orders.ahead.moving import TellNewDate, tell_new_date
from store.orders.finding import MailLinks, mail_found_links
from store.orders.forgetting import forget_lookups, forget_unpaid
from store.orders.papers.issuing import issue_papers, without_papers
from store.orders.queries import locked_order
from store.orders.search_index import index_orders, unindexed
from store.orders.shortage.tending import tend_shortfalls
from store.orders.tracking_lists import forget_old_lists
from store.services import Services

LOOKED_BACK = timedelta(days=2)


def handlers(services: Services) -> dict[str, Handler]:
    def mail_links(payload: Mapping[str, Any]) -> None:
        with writing():
            mail_found_links(int(payload["lookup_id"]), str(payload["email"]), services)

    def tell(payload: Mapping[str, Any]) -> None:
        tell_new_date(int(payload["variant_id"]), services)

    return {MailLinks.kind: mail_links, TellNewDate.kind: tell}


def sweeps(services: Services) -> tuple[Sweep, ...]:
    def forget() -> None:
        forget_lookups(services.clock)
        while forget_unpaid(services.clock):
            pass
        with writing():
            forget_old_lists(services.clock)

    def index() -> None:
        # While processes of an older release still run, they write orders that no search knows.
        missing = unindexed(services.clock.now() - LOOKED_BACK)
        if missing:
            with writing():
                index_orders(missing)

    def issue() -> None:
        # Orders of the time before papers, and of older code that still runs, get theirs here.
        before: list[int] = []
        while (missing := without_papers()) and missing != before:
            before = missing
            for order_id in missing:
                with writing():
                    issue_papers(locked_order(order_id), services)

    def tend() -> None:
        tend_shortfalls(services)

    return (
        Sweep("orders.tend_shortfalls", timedelta(minutes=5), tend),
        Sweep("orders.issue_papers", timedelta(hours=1), issue),
        Sweep("orders.forget", timedelta(days=1), forget),
        Sweep("orders.index", timedelta(hours=1), index),
    )
