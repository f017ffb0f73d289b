"""The command `store`: thin commands over the verbs of the rooms."""

import sys
from importlib import import_module

import click
from flask import Flask
from flask.cli import ScriptInfo

from store.settings import Settings, SettingsError

COMMANDS = {
    "assets": "store.cli.assets:assets",
    "backup": "store.cli.backup:backup",
    "catalog": "store.cli.catalog:catalog",
    "db": "store.cli.database:database",
    "demo": "store.cli.demo:demo",
    "disputes": "store.cli.disputes:disputes",
    "doctor": "store.cli.doctor:doctor",
    "orders": "store.cli.orders:orders",
    "restore": "store.cli.restore:restore_command",
    "serve": "store.cli.serve:serve",
    "staff": "store.cli.staff:staff",
    "stock": "store.cli.stock:stock",
    "stripe": "store.cli.stripe:stripe",
    "widget": "store.cli.widget:widget",
    "worker": "store.cli.worker:worker",
}


class Commands(click.Group):
    """Imports a command when it is asked for: `serve` need not wait for what the others need."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(cls=Commands)
@click.version_option(package_name="store")
def store() -> None:
    """Run the merchandise store of a news site."""


def main() -> None:
    """Run the command line; a store that cannot start says which settings to mend."""
    try:
        store(obj=ScriptInfo(create_app=_make_app))
    except SettingsError as error:
        click.echo(str(error), err=True)
        sys.exit(2)


def _make_app() -> Flask:
    from store.app import create_app, open_doors

    # Not store.wsgi: a command serves no readers, so nothing is read ahead for them.
    settings = Settings.from_environment()
    return create_app(settings, open_doors(settings))


if __name__ == "__main__":
    main()
