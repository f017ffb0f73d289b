"""`store db`: brings the database to the tables that this code needs."""

import click

from store.migrating import Schema, current_revision, schema_after, upgrade
from store.settings import Settings


@click.group("db")
def database() -> None:
    """Prepare the database."""


@database.command("upgrade")
def upgrade_command() -> None:
    """Run every migration that is missing; safe to repeat, and on several machines at once."""
    settings = Settings.from_environment()
    before = current_revision(settings)
    upgrade(settings)
    after = current_revision(settings)
    if schema_after(after) == Schema.AHEAD:
        click.echo(f"nothing to do: the database has seen {after}, which is newer than this code")
    else:
        click.echo("nothing to do" if before == after else f"upgraded from {before} to {after}")
