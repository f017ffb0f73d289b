"""`store widget`: the tag to paste, what editors decide, and what stories led to."""

import getpass
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import click
from flask.cli import with_appcontext

from store.catalog.structured import decimal
from store.database import writing
from store.errors import StoreError
from store.mail.letterhead import branded
from store.web.doors import services
from store.widget import rules
from store.widget.loader import keep_script
from store.widget.models import Scope
from store.widget.reports import ArticleReport, article_report
from store.widget.snippets import snippet

Done = TypeVar("Done")
SCOPE = click.argument("scope", type=click.Choice([scope.value for scope in Scope]))
KEY = click.argument("key")
HANDLE = click.argument("handle")


@click.group("widget")
def widget() -> None:
    """Look after the block under stories; what it decides is out within a minute."""


@widget.command("snippet")
@click.option("--pinned", is_flag=True, help="Name one version for ever, with its hash.")
@with_appcontext
def snippet_command(pinned: bool) -> None:  # noqa: FBT001 - click passes a flag so
    """Print the tag to paste under stories, and what the site must allow for it."""
    click.echo(snippet(branded(services().settings), is_pinned=pinned), nl=False)


@widget.command("keep")
def keep_command() -> None:
    """Keep this version's script for ever; part of releasing a changed one."""
    click.echo(f"static/{keep_script()}")


@widget.command("silence")
@with_appcontext
def silence_command() -> None:
    """Let every widget show the store line and the tips line alone."""
    _do(lambda: rules.silence(getpass.getuser(), services().clock))
    click.echo("silent: no story carries products now")


@widget.command("speak")
@with_appcontext
def speak_command() -> None:
    """End the silence."""
    _do(lambda: rules.speak(getpass.getuser(), services().clock))
    click.echo("speaking: stories carry products again")


@widget.command("pin")
@SCOPE
@KEY
@HANDLE
@with_appcontext
def pin_command(scope: str, key: str, handle: str) -> None:
    """Put a product first under a story, a section or a tag."""
    _do(lambda: rules.pin(Scope(scope), key, handle, services().clock))
    click.echo(f"pinned {handle} to {scope} {key}")


@widget.command("unpin")
@SCOPE
@KEY
@HANDLE
@with_appcontext
def unpin_command(scope: str, key: str, handle: str) -> None:
    """Take a pin away."""
    _say_removed(_do(lambda: rules.unpin(Scope(scope), key, handle)))


@widget.command("block")
@SCOPE
@KEY
@HANDLE
@with_appcontext
def block_command(scope: str, key: str, handle: str) -> None:
    """Never show a product under a story, a section or a tag."""
    _do(lambda: rules.block(Scope(scope), key, handle, services().clock))
    click.echo(f"blocked {handle} for {scope} {key}")


@widget.command("unblock")
@SCOPE
@KEY
@HANDLE
@with_appcontext
def unblock_command(scope: str, key: str, handle: str) -> None:
    """Take a block away."""
    _say_removed(_do(lambda: rules.unblock(Scope(scope), key, handle)))


@widget.command("quiet")
@click.argument("words")
@click.option("--remove", is_flag=True, help="Take the topic away again.")
@with_appcontext
def quiet_command(words: str, remove: bool) -> None:  # noqa: FBT001 - click passes a flag so
    """Sell nothing under stories that carry these words."""
    if remove:
        _say_removed(_do(lambda: rules.remove_quiet_topic(words)))
        return
    _do(lambda: rules.add_quiet_topic(words, services().clock))
    click.echo(f"quiet: {words}")


@widget.command("synonym")
@click.argument("word")
@click.argument("means")
@click.option("--remove", is_flag=True, help="Take the synonym away again.")
@with_appcontext
def synonym_command(word: str, means: str, remove: bool) -> None:  # noqa: FBT001 - as above
    """Let what stories call one thing find what products call another."""
    if remove:
        _say_removed(_do(lambda: rules.remove_synonym(word, means)))
        return
    _do(lambda: rules.add_synonym(word, means, services().clock))
    click.echo(f"{word} finds {means}")


@widget.command("report")
@click.option("--days", default=30, show_default=True, type=click.IntRange(1, 366))
@with_appcontext
def report_command(days: int) -> None:
    """Print what each story led to: views, clicks, carts, orders, revenue."""
    settings = services().settings
    today = services().clock.now().astimezone(settings.zone).date()
    for found in article_report(today - timedelta(days=days - 1), today, settings):
        revenue = ", ".join(f"{a.currency} {decimal(a)}" for a in found.revenue) or "nothing"
        click.echo(
            f"{found.views:>7} views {found.clicks:>5} clicks {found.carts:>4} carts"
            f" {found.orders:>4} orders  {revenue:>16}  {_story(found)}"
        )
    click.echo("Views are cards that this shop answered; what a CDN answered is not in them.")


def _story(found: ArticleReport) -> str:
    return f"{found.title}  {found.url}" if found.title else found.url


def _do(verb: Callable[[], Done]) -> Done:
    try:
        with writing():
            return verb()
    except StoreError as error:
        click.echo(str(error), err=True)
        sys.exit(1)


def _say_removed(was_there: bool) -> None:  # noqa: FBT001 - one fact, one argument
    click.echo("removed" if was_there else "there was none")
