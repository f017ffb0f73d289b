"""`store catalog`: products in and out."""

import gc
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

import click
from flask.cli import with_appcontext

from store.catalog.exporting import export
from store.catalog.importing.applying import Import, apply, compare
from store.catalog.importing.notes import FileRefusedError, Notes
from store.catalog.importing.reading import read_bytes
from store.catalog.importing.recognising import read_sheets
from store.catalog.importing.report import difference_lines, printable, summary, summary_line
from store.catalog.synonyms import (
    SynonymRefusedError,
    add_synonyms,
    own_line,
    remove_synonyms,
    synonym_lines,
)
from store.database import read_one_moment, writing
from store.errors import ConflictError
from store.web.doors import services

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.group("catalog")
def catalog() -> None:
    """Bring products in and out."""


@catalog.command("export")
@click.argument("file", type=click.File("w", encoding="utf-8", lazy=False), default="-")
@with_appcontext
def export_command(file: TextIO) -> None:
    """Write all products to FILE, or print them: what Shopify reads and `import` takes back."""
    read_one_moment()
    file.writelines(export(services().settings, services().clock.now()))


@catalog.command("import")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Print the difference and write nothing.")
@click.option(
    "--fetch-images",
    is_flag=True,
    help="Fetch the pictures that FILE names; run it again to go on or to try again.",
)
@with_appcontext
def import_command(file: Path, *, dry_run: bool, fetch_images: bool) -> None:
    """Import the products of a Shopify or WooCommerce export (CSV); twice changes nothing more.

    Prints the difference first and writes it in one transaction. What FILE does not mention stays.
    Ends with 0, with 1 where anything was refused or not fetched, with 2 for wrong usage.
    """
    notes = Notes()
    try:
        reading = read_sheets(read_bytes(file), services().settings.currency, notes)
    except FileRefusedError as refusal:
        click.echo(f"{file.name} was not imported: {refusal}", err=True)
        click.echo(summary_line(new=0, changed=0, unchanged=0, warnings=0, refused=1))
        sys.exit(1)
    _keep_memory_small()
    handles = [sheet.handle for sheet in reading.sheets] if fetch_images else []
    prepared = compare(reading, notes, services().clock.now())
    del reading
    for line in difference_lines(prepared):
        click.echo(line)
    if dry_run:
        click.echo("\nDry run: nothing was written.")
    else:
        _write(prepared, file.name)
    is_whole = dry_run or not fetch_images or _fetch(handles)
    click.echo(f"\n{summary(prepared)}")
    sys.exit(1 if prepared.notes.refusals or not is_whole else 0)


@catalog.command("synonyms")
@click.argument("words", required=False)
@click.option("--remove", is_flag=True, help="Take the line away again.")
@with_appcontext
def synonyms_command(words: str | None, *, remove: bool) -> None:
    """Let WORDS, such as "esky, cool box", mean the same to whoever searches; print all without.

    What the shop knows by itself, such as that a tee is a T-shirt, need not be said.
    """
    if words is None:
        click.echo("\n".join(synonym_lines()) or "None yet: the shop knows its own.")
        return
    try:
        with writing():
            line = own_line(words)
            is_done = remove_synonyms(line) if remove else add_synonyms(line)
    except SynonymRefusedError as refusal:
        raise click.ClickException(f"nothing was written: {refusal}") from refusal
    kept = "Removed" if remove else "Added"
    click.echo(f"{kept}: {line}" if is_done else f"Nothing changed: {line}")


def _keep_memory_small() -> None:
    """Let products that were compared or written be collected soon.

    A collection comes by when a quarter is new of what is not frozen: with the program and the
    file among it, what is left of thousands of products would wait for it.
    """
    gc.freeze()
    gc.collect()


def _write(prepared: Import, name: str) -> None:
    if not prepared.differences:
        return
    label = printable(f"Importing {name}", 60)
    length = len(prepared.differences)
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        try:
            with writing():
                apply(prepared, source=name, clock=services().clock, on_progress=bar.update)
        except ConflictError as error:
            raise click.ClickException(f"nothing was written: {error}") from error


def _fetch(handles: Sequence[str]) -> bool:
    """Fetch what these products wait for, and say what came; return whether nothing is missing."""
    # Imported where pictures are fetched: a file alone needs nothing that reads pictures.
    from store.catalog.importing.pictures import awaited_of, fetch_pictures

    awaited = awaited_of(handles)
    with click.progressbar(length=len(awaited), label="Fetching pictures", file=sys.stderr) as bar:
        done = fetch_pictures(awaited, services(), bar.update)
    if done.failed:
        click.echo("\nPictures that could not be fetched:")
    for url, reason in done.failed:
        click.echo(f"  {printable(f'{url}: {reason}')}")
    click.echo(
        f"\nPictures: {done.fetched} fetched, {len(done.failed)} failed, {done.left} left for later"
    )
    return not done.failed and not done.left
