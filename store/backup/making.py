"""Makes a backup while the shop serves: the database first, then what it names and what lies there.

The database is copied first because everything else is kept under the hash of its bytes and never
changes: what comes later is named by nothing in the copy, and what the copy names is there already.
Only what is taken away meanwhile could be missed, so workers take nothing away while a lease says
that a backup is being made.
"""

import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Protocol
from uuid import uuid4

from store.backup import keeping
from store.backup.archive import ArchiveWriter
from store.backup.errors import NoShopError, OccupiedError
from store.backup.manifest import FORMAT, Manifest
from store.backup.members import DATABASES, FILES, PICTURES, name_below
from store.backup.snapshots import Snapshot, snapshot
from store.catalog.files.keeping import BEING_COPIED
from store.jobs.leases import end_turn, take_lease
from store.media.images import original_name
from store.media.private_files import name_of_hash
from store.migrating import current_revision
from store.services import Services

TURN = timedelta(minutes=5)
RENEWED_SECONDS = 60.0


class Progress(Protocol):
    """Told what is being done, and how much of how much; zero of zero where nobody knows."""

    def __call__(self, what: str, done: int, of: int) -> None: ...


@dataclass(slots=True)
class _Turn:
    """The time in which no worker takes bytes away; prolonged for as long as there is progress."""

    services: Services
    progress: Progress
    holder: str = field(default_factory=lambda: f"backup:{uuid4().hex}")
    """No number of a process: in containers each command has the same."""
    renewed: float = 0.0

    def begin(self) -> None:
        if not take_lease(BEING_COPIED, self.holder, TURN, self.services.clock):
            raise OccupiedError(
                "another backup of this shop is being made; after one that was killed, "
                "try again in five minutes"
            )
        self.renewed = monotonic()

    def end(self) -> None:
        end_turn(BEING_COPIED, self.holder, self.services.clock.now())

    def beat(self, what: str, done: int = 0, of: int = 0) -> None:
        if monotonic() - self.renewed > RENEWED_SECONDS:
            self.begin()
        self.progress(what, done, of)

    def about(self, what: str) -> Callable[[int, int], None]:
        return lambda done, of: self.beat(what, done, of)


@dataclass(frozen=True, slots=True)
class Backup:
    path: Path
    manifest: Manifest


def make_backup(folder: Path, services: Services, progress: Progress) -> Backup:
    """Make one archive in this folder; opens transactions of its own.

    Raises NoShopError where there is nothing to copy, OccupiedError while another backup is being
    made, ToolError without the programs of PostgreSQL, UnavailableError when a store is away.
    """
    if current_revision(services.settings) is None:
        raise NoShopError("there is no shop in this database: store db upgrade makes one")
    with keeping.one_at_a_time(folder):
        keeping.forget_unfinished(folder)
        turn = _Turn(services, progress)
        turn.begin()
        try:
            return _make(folder, services, turn)
        finally:
            turn.end()


def _make(folder: Path, services: Services, turn: _Turn) -> Backup:
    made_at = services.clock.now().replace(microsecond=0)
    final = folder / keeping.archive_name(made_at)
    if final.exists():
        raise OccupiedError(f"{final} is there already")
    unfinished = final.with_name(final.name + keeping.UNFINISHED)
    settings = services.settings
    try:
        with (
            TemporaryDirectory(dir=folder, prefix=keeping.WORKSHOP) as made,
            snapshot(settings.database_url, Path(made), turn.about("database")) as copy,
            os.fdopen(os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file,
        ):
            writer = ArchiveWriter(file, made_at)
            try:
                with copy.path.open("rb") as content:
                    name = DATABASES[copy.dialect]
                    writer.add(name, content, copy.path.stat().st_size)
                copy.path.unlink()
                missing = [
                    *_add_pictures(writer, copy, services, turn),
                    *_add_files(writer, copy, services, turn),
                ]
                manifest = Manifest(
                    format=FORMAT,
                    made_at=made_at,
                    database=copy.dialect,
                    server_version=copy.server_version,
                    revision=copy.revision,
                    rows=copy.rows,
                    parts=writer.parts(),
                    missing=tuple(sorted(missing)),
                    damaged=tuple(sorted(writer.damaged)),
                )
                writer.finish(manifest)
            finally:
                writer.close()
        keeping.give_name(unfinished, final)
    finally:
        unfinished.unlink(missing_ok=True)
    return Backup(final, manifest)


def _add_pictures(
    writer: ArchiveWriter, copy: Snapshot, services: Services, turn: _Turn
) -> Iterator[str]:
    """Add each original that lies there, and yield those that are named and do not.

    What nothing names comes along: to undo a change brings such pictures back. Widths and cards
    are left out, because they are drawn from originals when somebody asks.
    """
    wanted = {original_name(content_hash) for content_hash in copy.pictures}
    named = len(wanted)
    for done, name in enumerate(services.media.originals(), start=1):
        _add_picture(writer, name, services)
        wanted.discard(name)
        turn.beat(PICTURES, done, max(done, named))
    # A list may be older than what it lists.
    for name in sorted(wanted):
        if not _add_picture(writer, name, services):
            yield f"{PICTURES}/{name}"


def _add_picture(writer: ArchiveWriter, name: str, services: Services) -> bool:
    content = services.media.get(name)
    if content is not None:
        writer.add(f"{PICTURES}/{name}", io.BytesIO(content), len(content))
    return content is not None


def _add_files(
    writer: ArchiveWriter, copy: Snapshot, services: Services, turn: _Turn
) -> Iterator[str]:
    """Add each file that is sold or was, and yield those that are named and nowhere."""
    names = sorted(name_of_hash(content_hash) for content_hash in copy.files)
    for done, name in enumerate(names, start=1):
        member = f"{FILES}/{name}"
        if not _add_file(writer, member, services, turn):
            yield member
        turn.beat(FILES, done, len(names))


def _add_file(writer: ArchiveWriter, member: str, services: Services, turn: _Turn) -> bool:
    found = services.files.open(name_below(member))
    if found is None:
        return False
    try:
        size = found.seek(0, io.SEEK_END)
        found.seek(0)
        writer.add(member, _Heard(found, turn), size)
    finally:
        found.close()
    return True


class _Heard:
    """Reads on, and lets the lease know that a large file is no standstill."""

    def __init__(self, content: "_Reads", turn: _Turn) -> None:
        self._content = content
        self._turn = turn

    def read(self, size: int = -1, /) -> bytes:
        self._turn.beat(FILES)
        return self._content.read(size)


class _Reads(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...
