"""Gives buyers the files that they paid for, and more downloads where somebody asks."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import case, select, update
from sqlalchemy.orm import selectinload

from store.catalog.files.keeping import files_of
from store.catalog.files.models import ProductFile
from store.clock import Clock
from store.database import db
from store.errors import ConflictError
from store.orders.downloads.models import Download
from store.orders.downloads.standing import Standing, standing_of
from store.orders.models import Order, OrderLine, OrderState
from store.services import Services

MOST_ALLOWED = 1_000


class NothingToGiveError(ConflictError):
    """The order is not paid, or its files were given before."""


def give_downloads(order: Order, services: Services) -> Sequence[Download]:
    """Give a paid order the files of its lines that it has not got; flushes only."""
    settings, now = services.settings, services.clock.now()
    given = [
        Download(
            order_line_id=line.id,
            file_id=file.id,
            # Who buys it twice, for two, may fetch it twice as often.
            allowed=min(MOST_ALLOWED, settings.download_limit * line.quantity),
            expires_at=now + timedelta(days=settings.download_days),
            given_at=now,
        )
        for line, file in files_to_give(order)
    ]
    db.session.add_all(given)
    db.session.flush()
    return given


def give_missing(order: Order, services: Services) -> Sequence[Download]:
    """Give a locked order what was put on sale after it was paid; raises NothingToGiveError."""
    given = give_downloads(order, services) if order.state == OrderState.PAID else ()
    if not given:
        raise NothingToGiveError(f"order {order.number} has every file that it paid for")
    return given


def files_to_give(order: Order) -> list[tuple[OrderLine, ProductFile]]:
    """Return what is sold now with what was bought, and was not given yet."""
    files = files_of([line.variant_id for line in order.lines if line.variant_id is not None])
    if not files:
        return []
    known = {(had.order_line_id, had.file_id) for had in downloads_of(order)}
    return [
        (line, file)
        for line in order.lines
        for file in files.get(line.variant_id or 0, ())
        if (line.id, file.id) not in known
    ]


def downloads_of(order: Order) -> Sequence[Download]:
    """Return what was given to an order, in the order of its lines."""
    return db.session.scalars(
        select(Download)
        .join(Download.line)
        .join(Download.file)
        .where(OrderLine.order_id == order.id)
        .order_by(OrderLine.position, ProductFile.position, Download.id)
        .options(selectinload(Download.file), selectinload(Download.line))
    ).all()


def grant_more(
    order: Order, download: Download, *, times: int, days: int, clock: Clock
) -> Download:
    """Allow more downloads, for so many days from now or for as long as it was; flushes only.

    Raises NothingToGiveError where money has ended it: of a locked order that can change.
    """
    standing = standing_of(order, download, clock.now())
    if standing in {Standing.GIVEN_BACK, Standing.NOT_PAID}:
        raise NothingToGiveError(f"download {download.id} has ended")
    until = clock.now() + timedelta(days=days)
    more = Download.allowed + times
    db.session.execute(
        update(Download)
        .where(Download.id == download.id)
        .values(
            allowed=case((more > MOST_ALLOWED, MOST_ALLOWED), else_=more),
            expires_at=case((Download.expires_at > until, Download.expires_at), else_=until),
        )
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(download)
    return download
