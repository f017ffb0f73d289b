"""What pages and mails show of downloads, as finished values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from store.catalog.files.presenting import kind_words, size_words
from store.orders.downloads.giving import downloads_of
from store.orders.downloads.models import Download
from store.orders.downloads.standing import Standing, standing_of
from store.orders.models import Order
from store.services import Services


@dataclass(frozen=True, slots=True)
class ShownDownload:
    """One file of an order; of is the product that it came with."""

    id: int
    name: str
    of: str
    kind: str
    size: str
    edition: int
    used: int
    allowed: int
    left: int
    expires_at: datetime
    standing: Standing

    @property
    def is_open(self) -> bool:
        return self.standing is Standing.OPEN


def shown_downloads(order: Order, services: Services) -> Sequence[ShownDownload]:
    """Return the files of an order as they stand."""
    now = services.clock.now()
    return [_shown(order, download, now) for download in downloads_of(order)]


def _shown(order: Order, download: Download, now: datetime) -> ShownDownload:
    file, line = download.file, download.line
    return ShownDownload(
        id=download.id,
        name=file.name,
        of=f"{line.title} ({line.combination})" if line.combination else line.title,
        kind=kind_words(file),
        size=size_words(file.size_bytes),
        edition=file.edition,
        used=download.used,
        allowed=download.allowed,
        left=download.allowed - download.used,
        expires_at=download.expires_at,
        standing=standing_of(order, download, now),
    )
