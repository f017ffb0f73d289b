"""`store restore`: makes a shop from an archive, proves it, and says what Stripe knows since."""

import sys
from pathlib import Path

import click
from flask.cli import ScriptInfo

from store.backup.afterwards import News, differences, hold_campaigns, news_of_stripe
from store.backup.manifest import Manifest
from store.backup.restoring import check_archive, restore
from store.cli.backup import MOST_NAMED
from store.cli.progress import LineProgress
from store.cli.refusals import plain_words
from store.services import Services
from store.settings import Settings
from store.web.doors import EXTENSION


@click.command("restore")
@click.argument("archive", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--replace",
    is_flag=True,
    help="Put it in the place of the database that stands there, which is then gone.",
)
@click.option("--check", is_flag=True, help="Look whether the archive is whole; write nothing.")
@click.option("--quiet", is_flag=True, help="Say what came of it, and nothing on the way.")
@click.pass_context
def restore_command(
    ctx: click.Context, archive: Path, *, replace: bool, check: bool, quiet: bool
) -> None:
    """Make the shop that ARCHIVE holds: database, pictures and files.

    Every checksum is compared before anything is written. Ends with 1 where it was refused, or
    where a number of stock or of a gift card is not what its rows say.
    """
    progress = LineProgress(is_quiet=quiet)
    with plain_words():
        if check:
            _tell(check_archive(archive, progress), "is whole")
            return
        manifest = restore(archive, Settings.from_environment(), progress, replace=replace)
    _tell(manifest, "is restored")
    app = ctx.ensure_object(ScriptInfo).load_app()
    with app.app_context():
        sys.exit(_look_around(manifest, app.extensions[EXTENSION]))


def _tell(manifest: Manifest, what: str) -> None:
    parts, rows = manifest.parts, manifest.rows
    click.echo(f"The shop of {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC {what}:")
    click.echo(
        f"{sum(rows.values()):,} rows in {len(rows)} tables, {rows.get('order', 0)} orders, "
        f"{parts['pictures'].members} pictures, {parts['files'].members} files for sale."
    )
    for name in (*manifest.missing, *manifest.damaged)[:MOST_NAMED]:
        click.echo(f"{name} was missing or damaged when it was made.", err=True)


def _look_around(manifest: Manifest, services: Services) -> int:
    """Say what is true of the restored shop; return the exit code."""
    wrong = differences()
    for line in wrong:
        click.echo(line, err=True)
    click.echo(
        f"{len(wrong)} numbers differ: store stock prove --mend, and look at /staff/gift-cards."
        if wrong
        else "Stock and gift cards are what their ledgers say."
    )
    for title in hold_campaigns(services):
        click.echo(
            f"The campaign “{title}” rests: its mails may have gone since. Look, then resume."
        )
    _tell_news(news_of_stripe(manifest, services))
    return 1 if wrong else 0


def _tell_news(news: list[News] | None) -> None:
    if news is None:
        click.echo("Stripe could not be asked what happened since; ask later:")
    elif news:
        click.echo(f"At Stripe {len(news)} payments are not as they are here:")
        for one in news[:MOST_NAMED]:
            click.echo(f"  {one.number or one.session_id}: {one.what}")
        if len(news) > MOST_NAMED:
            click.echo(f"  and {len(news) - MOST_NAMED} more")
    else:
        click.echo("Stripe knows of no payment that is not here.")
    click.echo(
        "Now: store orders reconcile settles what it can and says what to do about the rest."
    )
