"""Counts a download when its button is pressed, and opens the link that it leads to for a while.

Whoever looks at a mail, a page or a link counts nothing, and one press is one download however
often its link is read, in parts or anew.
"""

import re
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from sqlalchemy import select, update

from store.database import db
from store.errors import ConflictError, NotFoundError
from store.keyed import is_signed, keyed
from store.orders.downloads.models import Download, DownloadTaking
from store.orders.downloads.standing import Standing, standing_of
from store.orders.models import Order
from store.services import Services
from store.settings import Settings

OPEN_FOR = timedelta(hours=2)
"""How long the link of one press is good for: a large file over a slow line, with its breaks."""
KEY_BYTES = 18
LINK = re.compile(r"(\d{1,9})-(\d{1,9})-([\w-]{1,40})", re.ASCII)
"""The download, which press of its button this was, and the key."""


class DownloadEndedError(ConflictError):
    """The file cannot be fetched; standing says why."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(f"the download is {standing}")
        self.standing = standing


class LinkOverError(ConflictError):
    """The link was good for a while, and that is over; the order's page gives another."""


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """What a link leads to."""

    order: Order
    download: Download


def take(order: Order, download: Download, services: Services, *, seen: int | None) -> str:
    """Count one download of a locked order and return the path of its link; flushes only.

    seen is how often it had been taken when the button was shown: pressed twice, the second press
    is the first one over again. Raises DownloadEndedError.
    """
    now = services.clock.now()
    known = _taking(download, seen + 1) if seen is not None else None
    standing = standing_of(order, download, now)
    if known is not None and now - known.at < OPEN_FOR and standing is not Standing.GIVEN_BACK:
        return link_path(order, known, services.settings)
    if standing is not Standing.OPEN:
        raise DownloadEndedError(standing)
    used = db.session.scalar(
        update(Download)
        .where(
            Download.id == download.id,
            Download.used < Download.allowed,
            Download.expires_at > now,
        )
        .values(used=Download.used + 1)
        .returning(Download.used)
        .execution_options(synchronize_session=False)
    )
    if used is None:
        raise DownloadEndedError(Standing.USED_UP)
    db.session.refresh(download)
    taking = DownloadTaking(
        download_id=download.id, ordinal=used, edition=download.file.edition, at=now
    )
    db.session.add(taking)
    db.session.flush()
    return link_path(order, taking, services.settings)


def link_path(order: Order, taking: DownloadTaking, settings: Settings) -> str:
    return f"/downloads/{taking.download_id}-{taking.ordinal}-{_key(order, taking, settings)}"


def link_behind(token: str, services: Services) -> OpenedLink:
    """Return what this link leads to; NotFoundError for none of ours.

    Raises LinkOverError, and DownloadEndedError where the money went back.
    """
    found = LINK.fullmatch(token)
    taking = db.session.get(DownloadTaking, (int(found[1]), int(found[2]))) if found else None
    download = db.session.get(Download, taking.download_id) if taking else None
    if found is None or taking is None or download is None:
        raise NotFoundError("no download opens with this link")
    order, now = download.line.order, services.clock.now()
    if not is_signed(found[3], partial(_key, order, taking), services.settings):
        raise NotFoundError("no download opens with this link")
    standing = standing_of(order, download, now)
    if standing in {Standing.GIVEN_BACK, Standing.NOT_PAID}:
        raise DownloadEndedError(standing)
    if now - taking.at >= OPEN_FOR:
        raise LinkOverError("this link was good for two hours")
    return OpenedLink(order, download)


def takings_of(download: Download) -> Sequence[DownloadTaking]:
    """Return each time that its button was pressed."""
    return db.session.scalars(
        select(DownloadTaking)
        .where(DownloadTaking.download_id == download.id)
        .order_by(DownloadTaking.ordinal)
    ).all()


def _taking(download: Download, ordinal: int) -> DownloadTaking | None:
    return db.session.get(DownloadTaking, (download.id, ordinal))


def _key(order: Order, taking: DownloadTaking, settings: Settings) -> str:
    what = f"{order.number}:{order.secret}:{taking.download_id}:{taking.ordinal}"
    return urlsafe_b64encode(keyed(settings, "download link", what)[:KEY_BYTES]).decode()
