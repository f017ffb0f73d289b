"""`store assets`: turns stylesheets, scripts and icons into files that never change."""

import click

from store.web.assets import ensure_built


@click.group()
def assets() -> None:
    """Prepare what pages load."""


@assets.command()
def build() -> None:
    """Write static/build/<hash>/ with compressed copies; safe to repeat."""
    built = ensure_built()
    files = [path for path in (built.build / built.version).rglob("*") if path.is_file()]
    click.echo(f"static/build/{built.version}: {len(files)} files")
