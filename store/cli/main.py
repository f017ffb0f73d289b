"""The command `store`: thin commands over the verbs of the rooms."""

import sys

import click
from flask import Flask
from flask.cli import ScriptInfo

from store.cli.assets import assets
from store.cli.catalog import catalog
from store.cli.database import database
from store.cli.demo import demo
from store.cli.orders import orders
from store.cli.serve import serve
from store.cli.stock import stock
from store.cli.stripe import stripe
from store.cli.worker import worker
from store.settings import SettingsError


@click.group()
@click.version_option(package_name="store")
def store() -> None:
    """Run the merchandise store of a news site."""


for command in (assets, catalog, database, demo, orders, serve, stock, stripe, worker):
    store.add_command(command)


def main() -> None:
    """Run the command line; a store that cannot start says which settings to mend."""
    try:
        store(obj=ScriptInfo(create_app=_make_app))
    except SettingsError as error:
        click.echo(str(error), err=True)
        sys.exit(2)


def _make_app() -> Flask:
    from store.wsgi import app

    return app


if __name__ == "__main__":
    main()
