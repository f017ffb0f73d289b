"""What the shop stands on: database, disk, backup, version."""

from collections.abc import Iterator
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import make_url

from store.catalog.files.presenting import size_words
from store.database import db
from store.migrating import newest_revision
from store.staff.status.findings import Finding, Seen, Verdict, long_words
from store.web.health import has_every_migration
from store.web.machine import (
    BACKUP_TOO_OLD,
    Room,
    database_bytes,
    last_backup,
    release,
    tightest_room,
)

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def ground(seen: Seen) -> Iterator[Finding]:
    settings = seen.services.settings
    backend = make_url(settings.database_url).get_backend_name()
    size = size_words(database_bytes())
    words = _("%(name)s, %(size)s.", name=NAMES.get(backend, backend), size=size)
    yield Finding(_("Database"), Verdict.GOOD, words)
    yield _disk(tightest_room(settings))
    yield _backup(seen)
    yield version(release())


def _disk(room: Room) -> Finding:
    about = _("Room on disk")
    free, total = size_words(room.free_bytes), size_words(room.total_bytes)
    words = _("%(free)s of %(total)s are free.", free=free, total=total)
    if not room.is_scarce:
        return Finding(about, Verdict.GOOD, words)
    advice = _(
        "Ask whoever runs the machine to make room for %(folder)s: without it no order is written.",
        folder=room.folder,
    )
    return Finding(about, Verdict.BAD if room.is_gone else Verdict.WARN, words, advice)


def _backup(seen: Seen) -> Finding:
    about, made_at = _("Last backup"), last_backup(seen.services.settings)
    if made_at is None:
        words = _("None is known here. “store backup” makes one.")
        return Finding(about, Verdict.UNKNOWN, words)
    age = max(timedelta(), seen.now - made_at)
    words = _("%(long)s ago.", long=long_words(age))
    if age <= BACKUP_TOO_OLD:
        return Finding(about, Verdict.GOOD, words)
    advice = _("Ask whoever runs the machine why none was made since.")
    return Finding(about, Verdict.BAD, words, advice)


def version(release: str) -> Finding:
    """Tell whether code and database fit; a tree that was copied knows no release of itself."""
    about, code = _("Version"), release or _("This code")
    if has_every_migration(db.session.connection()):
        words = _("%(release)s; the database is as it needs it.", release=code)
        return Finding(about, Verdict.GOOD, words)
    return Finding(
        about,
        Verdict.BAD,
        _(
            "%(release)s needs %(revision)s, which the database has not seen.",
            release=code,
            revision=newest_revision(),
        ),
        _("Ask whoever runs the machine to run “store db upgrade”."),
    )
