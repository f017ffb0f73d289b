"""`store disputes`: which payments banks ask back, and until when they take an answer."""

from datetime import datetime

import click
from flask.cli import with_appcontext

from store.cli.money_words import written
from store.orders.disputing.models import Dispute
from store.orders.disputing.standing import known_disputes
from store.web.doors import services


@click.command("disputes")
@click.option("--all", "is_all", is_flag=True, help="Those that are closed as well.")
@with_appcontext
def disputes(*, is_all: bool) -> None:
    """List disputes, those that are to be answered first on top; /staff/disputes answers them."""
    found, now = known_disputes(is_all=is_all), services().clock.now()
    for one in found:
        words = f"{one.order.number}  {written(one.amount)}  {one.reason or 'no reason given'}"
        click.echo(f"{words}  {one.status}  {_due(one, now)}".rstrip())
    to_answer = sum(one.is_answerable for one in found)
    still = sum(one.closed_at is None for one in found)
    click.echo(f"{still} open, {to_answer} to answer")


def _due(one: Dispute, now: datetime) -> str:
    if one.closed_at is not None:
        return f"closed {one.closed_at:%Y-%m-%d}"
    if not one.is_answerable or one.due_by is None:
        return ""
    word = "answer until" if one.due_by > now else "too late since"
    return f"{word} {one.due_by:%Y-%m-%d %H:%M} UTC"
