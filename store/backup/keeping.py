"""The folder of backups: one at a time, nothing half-written under a backup's name, old ones go."""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from store.backup.errors import OccupiedError

LOCK = ".store-backup.lock"
UNFINISHED = ".unfinished"
WORKSHOP = ".store-backup-"
"""How folders begin in which a database is copied before it is packed."""
_name = re.compile(r"store-\d{8}T\d{6}Z\.tar")


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Keep the folder for this backup; raises OccupiedError while another is being made.

    The lock ends with its process, however that ends.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise OccupiedError(f"another backup is being made in {folder}") from error
        yield


def archive_name(at: datetime) -> str:
    return f"store-{at:%Y%m%dT%H%M%SZ}.tar"


def forget_unfinished(folder: Path) -> None:
    """Remove what a backup left that was cut short; call it under the lock."""
    for path in folder.glob(f"store-*{UNFINISHED}"):
        path.unlink()
    for path in folder.glob(f"{WORKSHOP}*"):
        shutil.rmtree(path)


def give_name(unfinished: Path, final: Path) -> None:
    """Let a whole archive be seen: on the disk first, and then under its name."""
    with unfinished.open("rb") as content:
        os.fsync(content.fileno())
    unfinished.rename(final)
    folder = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def forget_old(folder: Path, keep: int) -> list[Path]:
    """Remove all backups but the newest; return what went. Other files are left alone."""
    found = sorted(path for path in folder.iterdir() if _name.fullmatch(path.name))
    old = found[:-keep]
    for path in old:
        path.unlink()
    return old
