"""Which migrations the database has seen, and the running of those that are missing."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, make_url

from store.paths import MIGRATIONS
from store.settings import Settings


def upgrade(settings: Settings) -> None:
    """Bring the database to the newest revision, making the embedded one if it is not there."""
    upgrade_url(settings.database_url)


def upgrade_url(url: str) -> None:
    _make_folder(url)
    command.upgrade(alembic_config(url), "head")


def current_revision(settings: Settings) -> str | None:
    """Return the newest revision that the database has seen, or None for an empty one."""
    _make_folder(settings.database_url)
    engine = create_engine(settings.database_url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def newest_revision() -> str | None:
    """Return the revision that this code needs."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def is_known(revision: str) -> bool:
    """Say whether this code has the migration, and so can bring such a database up to date."""
    known = ScriptDirectory(str(MIGRATIONS)).walk_revisions()
    return any(script.revision == revision for script in known)


def alembic_config(url: str) -> Config:
    """Return what Alembic needs to work on the database at this address."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    return config


def _make_folder(url: str) -> None:
    database = make_url(url).database
    if url.startswith("sqlite") and database:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
