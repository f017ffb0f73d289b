"""Makes a shop from an archive: everything is looked at before anything is written.

Pictures and files come first and the database last, in one step: a restore that is cut short leaves
no database, and may be begun again.
"""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import create_engine, make_url
from sqlalchemy.pool import NullPool

from store.backup import postgresql, sqlite
from store.backup.archive import Member, members, verified
from store.backup.copying import BUFFER, Beat
from store.backup.errors import ArchiveRefusedError, OccupiedError
from store.backup.making import Progress
from store.backup.manifest import Manifest
from store.backup.members import DATABASE, DATABASES, FILES, PICTURES, name_below, part_of
from store.backup.snapshots import rows_by_table
from store.media.private_files import open_files
from store.media.storage import open_media
from store.migrating import is_known, upgrade_url
from store.settings import Settings

WORKSHOP = ".store-restore-"


def check_archive(path: Path, progress: Progress) -> Manifest:
    """Read all of it and return what it says of itself; raises ArchiveRefusedError."""
    size = path.stat().st_size if path.exists() else 0
    done = 0

    def tell(count: int) -> None:
        nonlocal done
        done += count
        progress("checksums", done, size)

    manifest = verified(path, tell)
    if not is_known(manifest.revision):
        raise ArchiveRefusedError(
            f"its schema {manifest.revision} is newer than this code: bring that code first"
        )
    return manifest


def restore(path: Path, settings: Settings, progress: Progress, *, replace: bool) -> Manifest:
    """Put everything of the archive in its place and bring the schema up to date.

    Nothing is written before every checksum was found right. Raises ArchiveRefusedError for what
    is no archive for this shop, OccupiedError where something stands already and is not to be
    replaced, or is in use, and ToolError without the programs of PostgreSQL.
    """
    manifest = check_archive(path, progress)
    is_sqlite = settings.database_url.startswith("sqlite")
    if manifest.database != ("sqlite" if is_sqlite else "postgresql"):
        raise ArchiveRefusedError(
            f"it holds a database of {manifest.database}: STORE_DATABASE_URL names another kind"
        )
    database = sqlite if is_sqlite else postgresql
    if not replace:
        _refuse_if_occupied(path, settings, is_empty=database.is_empty(settings.database_url))
    database.refuse_if_in_use(settings.database_url)
    if not is_sqlite:
        postgresql.look_for_tools(settings.database_url)
    _restore_bytes(path, manifest, settings, progress)
    put = _put_sqlite if is_sqlite else _put_postgresql
    for member in members(path):
        if part_of(member.name) == DATABASE:
            put(member, manifest, settings, progress)
            break
    return manifest


def _refuse_if_occupied(path: Path, settings: Settings, *, is_empty: bool) -> None:
    """Let what the archive itself brings lie there: a restore may have been cut short."""
    if not is_empty:
        raise OccupiedError(
            f"there is a database already ({_shown(settings.database_url)}): "
            "type --replace to put the archive in its place"
        )
    own = {member.name for member in members(path)}
    pictures = open_media(settings.media_url).originals()
    files = (kept.name for kept in open_files(settings.files_url).kept())
    for part, names in ((PICTURES, pictures), (FILES, files)):
        for name in names:
            if f"{part}/{name}" not in own:
                raise OccupiedError(
                    f"there are {part} already, such as {name}: "
                    "type --replace to leave them there beside those of the archive"
                )


def _restore_bytes(path: Path, manifest: Manifest, settings: Settings, progress: Progress) -> None:
    pictures, files = open_media(settings.media_url), open_files(settings.files_url)
    done = {PICTURES: 0, FILES: 0}
    for member in members(path):
        part = part_of(member.name)
        if part == PICTURES:
            pictures.put_anew(name_below(member.name), member.content.read())
        elif part == FILES:
            files.put(name_below(member.name), member.content)
        else:
            continue
        done[part] += 1
        progress(part, done[part], manifest.parts[part].members)


def _put_sqlite(member: Member, manifest: Manifest, settings: Settings, progress: Progress) -> None:
    url = settings.database_url
    try:
        beside = sqlite.unpack(member.content, url, _about(DATABASE, progress))
        _compare_rows(beside, manifest)
        upgrade_url(beside)
        sqlite.put_in_place(url)
    finally:
        sqlite.forget_unpacked(url)


def _put_postgresql(
    member: Member, manifest: Manifest, settings: Settings, progress: Progress
) -> None:
    url = settings.database_url
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    for left in settings.data_dir.glob(f"{WORKSHOP}*"):
        # A restore that was killed had unpacked a database there.
        shutil.rmtree(left)
    with TemporaryDirectory(dir=settings.data_dir, prefix=WORKSHOP) as made:
        dump = Path(made) / DATABASES["postgresql"]
        with dump.open("wb") as target:
            while part := member.content.read(BUFFER):
                target.write(part)
        # Pictures and files took their time: somebody may have started the shop meanwhile.
        postgresql.refuse_if_in_use(url)
        postgresql.put_in_place(dump, url, _about(DATABASE, progress))
    _compare_rows(url, manifest)
    upgrade_url(url)


def _compare_rows(url: str, manifest: Manifest) -> None:
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        found = rows_by_table(connection)
    if found != dict(manifest.rows):
        raise ArchiveRefusedError("its tables do not have the rows that its manifest counts")


def _about(what: str, progress: Progress) -> Beat:
    return lambda done, of: progress(what, done, of)


def _shown(url: str) -> str:
    return make_url(url).render_as_string(hide_password=True)
