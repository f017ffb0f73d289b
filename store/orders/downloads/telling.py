"""Tells those who bought a file that there is a new edition, and lets them fetch it anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from sqlalchemy import Row, func, select

from store.catalog.files.models import ProductFile
from store.catalog.files.presenting import kind_words, size_words
from store.database import db, writing
from store.jobs.outbox import enqueue
from store.jobs.queue import Job
from store.mail.letterhead import branded
from store.mail.wording import render_worded
from store.orders.downloads.giving import MOST_ALLOWED
from store.orders.downloads.models import Download
from store.orders.downloads.standing import Standing, standing_of
from store.orders.links import order_url
from store.orders.mail_words import NEW_EDITION
from store.orders.messages import mail_reader
from store.orders.models import Order, OrderLine, OrderState
from store.orders.queries import locked_order
from store.services import Services

AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class TellOfEdition(Job):
    """Tell a batch of buyers, and leave the rest to the next of these."""

    kind: ClassVar[str] = "orders.tell_of_edition"

    file_id: int
    edition: int
    after: int = 0
    """The last download that was seen to."""


def tell_later(file: ProductFile, services: Services) -> None:
    """Have everybody who bought this file told of its edition; flushes only."""
    enqueue(TellOfEdition(file.id, file.edition), services.clock)


def tell_of_edition(told: TellOfEdition, services: Services) -> None:
    """Do what the job says; of an edition that is not the newest nobody hears any more."""
    file = db.session.get(ProductFile, told.file_id)
    if file is None or file.edition != told.edition:
        return
    batch = _batch(told)
    for download_id, order_id in batch:
        # One order a scope: nobody who presses a button waits for fifty mails.
        with writing():
            _tell(locked_order(order_id), download_id, services)
    if len(batch) == AT_ONCE:
        with writing():
            last = batch[-1][0]
            enqueue(TellOfEdition(told.file_id, told.edition, after=last), services.clock)


def buyers_of(file_ids: Sequence[int]) -> dict[int, int]:
    """Return how many orders paid for each of these files, and may have heard of it."""
    rows = db.session.execute(
        select(Download.file_id, func.count())
        .where(Download.file_id.in_(file_ids))
        .group_by(Download.file_id)
    )
    return dict(rows.all())


def _batch(told: TellOfEdition) -> Sequence[Row[int, int]]:
    rows = db.session.execute(
        select(Download.id, OrderLine.order_id)
        .join(Download.line)
        .join(Order, Order.id == OrderLine.order_id)
        .where(
            Download.file_id == told.file_id,
            Download.id > told.after,
            Order.state == OrderState.PAID,
            Order.email != "",
        )
        .order_by(Download.id)
        .limit(AT_ONCE)
    )
    return rows.all()


def _tell(order: Order, download_id: int, services: Services) -> None:
    download = db.session.get_one(Download, download_id)
    now, settings = services.clock.now(), branded(services.settings)
    if standing_of(order, download, now) in {Standing.GIVEN_BACK, Standing.NOT_PAID}:
        return
    anew = download.used + settings.download_limit * download.line.quantity
    download.allowed = min(max(download.allowed, anew), max(MOST_ALLOWED, download.allowed))
    until = now + timedelta(days=settings.download_days)
    download.expires_at = max(download.expires_at, until)
    db.session.flush()
    file = download.file
    rendered = render_worded(
        NEW_EDITION,
        settings=settings,
        names={"number": order.number},
        file=file.name,
        about=f"{kind_words(file)}, {size_words(file.size_bytes)}",
        until=download.expires_at,
        link=f"{order_url(order, settings)}#downloads",
    )
    mail_reader(order, rendered, f"new_edition:{file.id}:{file.edition}", services)
