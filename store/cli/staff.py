"""`store staff`: the first person of a shop, and whoever lost everything."""

import getpass
import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from store.app import STAFF
from store.cli.refusals import plain_words
from store.database import writing
from store.staff.audit import Actor
from store.staff.people import NoSuchPersonError, add_person, person_with
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
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@with_appcontext
def create(email: str, name: str, role: str, *, password_stdin: bool) -> None:
    """Let somebody in; the first one must come in this way."""
    password_hash = _hashed(_password(email, name, from_stdin=password_stdin))
    with plain_words(), writing():
        person = add_person(
            name,
            email,
            Role(role),
            actor=_actor(),
            clock=services().clock,
            password_hash=password_hash,
        )
        address = person.email
    click.echo(f"{address} works here now, as {role}.")
    click.echo(f"Next: sign in at {services().settings.public_url}/staff/ and add a second factor.")


@staff.command("reset")
@click.argument("email")
@with_appcontext
def reset(email: str) -> None:
    """Print a link, good once and for an hour, for somebody who lost password and second factor.

    The second factors are removed and every browser is signed out.
    """
    from store.staff.resetting import begin_again

    with plain_words(), writing():
        person = person_with(email.strip())
        if person is None:
            raise NoSuchPersonError(f"nobody here has the address {email.strip()}")
        link = begin_again(person, _actor(), services())
    click.echo("Second factors removed, and every browser signed out.")
    click.echo("Hand this over; it is good once, within an hour:")
    click.echo(link)


def _password(email: str, name: str, *, from_stdin: bool) -> str:
    """Read a password that is good here; at a terminal until one is."""
    while True:
        password = _typed(from_stdin=from_stdin)
        words = _fault_words(password, email, name)
        if not words:
            return password
        if from_stdin:
            raise click.ClickException(words)
        click.echo(words)


def _typed(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return typed


def _fault_words(password: str, email: str, name: str) -> str:
    from store.staff.forms.passwords import FAULTS, fault_of
    from store.staff.models import StaffUser

    with current_app.extensions[STAFF].app.app_context():
        fault = fault_of(password, StaffUser(name=name, email=email))
        return str(FAULTS[fault]) if fault else ""


def _hashed(password: str) -> str:
    from store.staff.forms.passwords import hashed

    with current_app.extensions[STAFF].app.app_context():
        return hashed(password)


def _actor() -> Actor:
    return Actor(None, f"{getpass.getuser()} (command)")
