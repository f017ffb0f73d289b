"""`store staff`: the first person of a shop, and whoever forgot everything."""

import getpass
import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from store.app import STAFF
from store.database import writing
from store.errors import StoreError
from store.staff.audit import Actor
from store.staff.people import add_person
from store.staff.roles import Role
from store.web.doors import services


@click.group("staff")
def staff() -> None:
    """Look after who works here; the pages under /staff/people do the rest."""


@staff.command("create")
@click.argument("email")
@click.option("--name", prompt=True, help="What colleagues call this person.")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    default=Role.OWNER.value,
    show_default=True,
)
@click.password_option(help="At least 12 characters; asked for when not given.")
@with_appcontext
def create(email: str, name: str, role: str, password: str) -> None:
    """Let somebody in; the first one must come in this way."""
    from flask_security import hash_password

    from store.staff.forms.passwords import SHORTEST as SHORTEST_PASSWORD

    if len(password) < SHORTEST_PASSWORD:
        click.echo(f"a password has at least {SHORTEST_PASSWORD} characters", err=True)
        sys.exit(1)
    with current_app.extensions[STAFF].app.app_context():
        hashed = hash_password(password)
    actor = Actor(None, f"{getpass.getuser()} (command)")
    try:
        with writing():
            add_person(
                name, email, Role(role), actor=actor, clock=services().clock, password_hash=hashed
            )
    except StoreError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    click.echo(f"{name} may sign in at {services().settings.public_url}/staff/ as {role}")
