"""What the machine under a shop has left, and which shop runs there."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from sqlalchemy import func, make_url, select, text

from store.clock import Clock
from store.database import db
from store.settings import Settings
from store.web.metrics import Gauge

LAST_BACKUP = "last-backup"
"""A file in the data directory, touched when a backup is whole, by us or by what else makes one."""
BACKUP_TOO_OLD = timedelta(hours=36)
"""A night's backup may be late, and none may be missed."""
SCARCE_BYTES, SCARCE_SHARE, PLENTY_BYTES = 2 * 10**9, 0.05, 20 * 10**9
GONE_BYTES = 3 * 10**8


@dataclass(frozen=True, slots=True)
class Room:
    """What is left on one disk, and the folder of ours that lies on it."""

    folder: Path
    free_bytes: int
    total_bytes: int

    @property
    def is_scarce(self) -> bool:
        """Whether somebody has to look for room within days."""
        is_small_part = self.free_bytes < SCARCE_SHARE * self.total_bytes
        return self.free_bytes < (PLENTY_BYTES if is_small_part else SCARCE_BYTES)

    @property
    def is_gone(self) -> bool:
        """Whether orders may fail to be written within hours."""
        return self.free_bytes < GONE_BYTES


def tightest_room(settings: Settings) -> Room:
    """Return the disk with the least left, of all that the shop writes to."""
    rooms = [_room(folder) for folder in _folders(settings)]
    return min(rooms, key=lambda room: (not room.is_gone, not room.is_scarce, room.free_bytes))


def database_bytes() -> int:
    """Return how much the database takes; one statement."""
    if db.session.get_bind().dialect.name == "postgresql":
        return db.session.scalar(select(func.pg_database_size(func.current_database()))) or 0
    pages = text("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
    return db.session.scalar(pages) or 0


def last_backup(settings: Settings) -> datetime | None:
    """Return when the last backup was whole, or None where nobody has said so on this machine."""
    try:
        changed = (settings.data_dir / LAST_BACKUP).stat().st_mtime
    except OSError:
        return None
    return datetime.fromtimestamp(changed, UTC)


def machine_gauges(settings: Settings, clock: Clock) -> Iterator[Gauge]:
    """Measure the machine of this process; no statement is made."""
    made_at = last_backup(settings)
    yield Gauge(
        "last_backup_seconds",
        "How long ago a backup was whole on this machine.",
        {} if made_at is None else {(): max(0.0, (clock.now() - made_at).total_seconds())},
    )
    yield Gauge(
        "disk_free_bytes",
        "What is left on the tightest disk of all that the shop writes to.",
        {(): tightest_room(settings).free_bytes},
    )


def note_backup(settings: Settings) -> None:
    """Say that a backup is whole, to staff and to whoever asks the doctor."""
    (settings.data_dir / LAST_BACKUP).touch()


def release() -> str:
    """Return the version of this code."""
    try:
        return version("store")
    except PackageNotFoundError:
        # A tree that was copied, and never installed.
        return ""


def _folders(settings: Settings) -> list[Path]:
    folders = [settings.data_dir]
    folders += [
        Path(url2pathname(urlsplit(url).path))
        for url in (settings.media_url, settings.files_url)
        if url.startswith("file://")
    ]
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        folders.append(Path(url.database).parent)
    return folders


def _room(folder: Path) -> Room:
    # What is not there yet will be made on the disk of what it is to lie in.
    there = next((one for one in (folder, *folder.parents) if one.exists()), Path("/"))
    usage = shutil.disk_usage(there)
    return Room(folder, usage.free, usage.total)
