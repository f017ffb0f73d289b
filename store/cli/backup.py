"""`store backup`: one archive of everything that the shop cannot make again, while it sells."""

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from store.backup.keeping import forget_old
from store.backup.making import Backup, make_backup
from store.cli.progress import LineProgress
from store.cli.refusals import plain_words
from store.web.doors import services
from store.web.machine import note_backup

MOST_NAMED = 20


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    help="Remove all backups in FOLDER but so many of the newest, once this one is whole.",
)
@click.option("--quiet", is_flag=True, help="Say what came of it, and nothing on the way.")
@with_appcontext
def backup(folder: Path, keep: int | None, *, quiet: bool) -> None:
    """Make an archive of database, pictures and files in FOLDER.

    Ends with 1 where nothing was made, or where something that the database names is missing.
    Settings and secrets are not in it: keep them apart.
    """
    with plain_words():
        made = make_backup(folder, services(), LineProgress(is_quiet=quiet))
    _tell(made)
    if not made.manifest.is_whole:
        # An older one may hold what this one has not.
        click.echo("No older backup was removed.", err=True)
        sys.exit(1)
    note_backup(services().settings)
    for path in forget_old(folder, keep) if keep else ():
        click.echo(f"removed {path}")


def _tell(made: Backup) -> None:
    parts = made.manifest.parts
    size = made.path.stat().st_size / 1_000_000
    click.echo(f"{made.path}: {size:,.1f} MB, schema {made.manifest.revision}")
    rows = made.manifest.rows
    click.echo(
        f"{rows.get('order', 0)} orders, {rows.get('product', 0)} products, "
        f"{parts['pictures'].members} pictures, {parts['files'].members} files for sale, "
        f"{rows.get('tip_file', 0)} attachments of tips"
    )
    for words, names in (
        ("is missing", made.manifest.missing),
        ("is damaged", made.manifest.damaged),
    ):
        for name in names[:MOST_NAMED]:
            click.echo(f"{name} {words}, and the database names it", err=True)
        if len(names) > MOST_NAMED:
            click.echo(f"and {len(names) - MOST_NAMED} more", err=True)
