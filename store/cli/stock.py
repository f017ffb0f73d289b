"""`store stock`: what lies on the shelf, what is promised, and whether the ledger explains both."""

import getpass
import sys
from collections.abc import Callable
from typing import NoReturn

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from store.catalog.models import Variant
from store.database import db, writing
from store.errors import StoreError
from store.inventory import stock as shelf
from store.inventory.models import MovementKind, StockLevel
from store.inventory.proof import Difference, proof
from store.inventory.reservations import promised_lines
from store.orders.models import Order, OrderLine
from store.web.doors import services

CAUSE = click.option("--cause", default="", help="Why: a delivery note, a stocktake.")
NOTE = click.option("--note", default="", help="Words for the ledger.")
DRY_RUN = click.option("--dry-run", is_flag=True, help="Print what would change, write nothing.")


@click.group("stock")
def stock() -> None:
    """Look after stock; a variant is named by its SKU, or by its number with a # before it."""


@stock.command("show")
@click.argument("names", nargs=-1, metavar="[VARIANT]...")
@with_appcontext
def show_command(names: tuple[str, ...]) -> None:
    """Print the levels of these variants, or of all."""
    named = [_variant(name) for name in names]
    variants = named or list(
        db.session.scalars(
            select(Variant).options(joinedload(Variant.product)).order_by(Variant.id)
        )
    )
    levels = shelf.levels([variant.id for variant in variants])
    for variant in variants:
        click.echo(f"{_named(variant)}: {_told(levels.get(variant.id))}")


@stock.command("receive")
@click.argument("name", metavar="VARIANT")
@click.argument("quantity", type=click.IntRange(min=1))
@CAUSE
@NOTE
@DRY_RUN
@with_appcontext
def receive_command(name: str, quantity: int, *, cause: str, note: str, dry_run: bool) -> None:
    """Put QUANTITY units of a delivery on the shelf."""
    variant = _tracked(name)

    def receive() -> None:
        shelf.receive(
            variant.id,
            quantity,
            cause=cause or "delivery",
            actor=_actor(),
            clock=services().clock,
            note=note,
        )

    _change(variant, receive, dry_run=dry_run)


@stock.command("adjust", context_settings={"ignore_unknown_options": True})
@click.argument("name", metavar="VARIANT")
@click.argument("delta", type=int, required=False)
@click.option("--to", "counted", type=click.IntRange(min=0), help="Set to what was counted.")
@click.option(
    "--kind",
    type=click.Choice(["adjust", "damage", "return"]),
    default="adjust",
)
@CAUSE
@NOTE
@DRY_RUN
@with_appcontext
def adjust_command(
    name: str,
    delta: int | None,
    *,
    counted: int | None,
    kind: str,
    cause: str,
    note: str,
    dry_run: bool,
) -> None:
    """Add or take DELTA units (such as -2), or set the shelf with --to."""
    if (delta is None) == (counted is None):
        raise click.UsageError("give either DELTA or --to")
    variant = _tracked(name)

    def adjust() -> None:
        # Both verbs want the same words for the ledger.
        verb, number = (shelf.adjust, delta) if counted is None else (shelf.count, counted)
        verb(
            variant.id,
            number or 0,
            cause=cause or "stocktake",
            actor=_actor(),
            clock=services().clock,
            kind=MovementKind(kind),
            note=note,
        )

    _change(variant, adjust, dry_run=dry_run)


@stock.command("prove")
@click.option("--mend", is_flag=True, help="Set levels that differ from their ledger.")
@with_appcontext
def prove_command(*, mend: bool) -> None:
    """Check every level against its ledger and its promises; ends with 1 where any differs."""
    differences = proof()
    for difference in differences:
        click.echo(_difference_words(difference))
    if mend:
        with writing():
            for variant_id in sorted({difference.variant_id for difference in differences}):
                shelf.rebuild(variant_id)
    click.echo(f"{len(differences)} differences{', mended' if mend and differences else ''}")
    sys.exit(1 if differences and not mend else 0)


class _DryRunError(Exception):
    """Ends a transaction whose result was only to be seen."""


def _change(variant: Variant, verb: Callable[[], None], *, dry_run: bool) -> None:
    name, variant_id = _named(variant), variant.id
    before = _told(shelf.levels([variant_id]).get(variant_id))
    try:
        with writing():
            verb()
            after = shelf.levels([variant_id])[variant_id]
            told, waiting = _told(after), _waiting(variant_id) if after.shortage else []
            if dry_run:
                _undo()
    except _DryRunError:
        click.echo("Dry run: nothing was written.")
    except StoreError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{name}\n  before: {before}\n  after:  {told}")
    if waiting:
        click.echo(f"  short; these orders wait: {', '.join(waiting)}")


def _undo() -> NoReturn:
    raise _DryRunError


def _waiting(variant_id: int) -> list[str]:
    """Return the numbers of the orders that were promised units of this variant."""
    lines = OrderLine.id.in_(promised_lines(variant_id))
    orders = select(Order.number).where(Order.lines.any(lines)).order_by(Order.id)
    return list(db.session.scalars(orders))


def _tracked(name: str) -> Variant:
    variant = _variant(name)
    if not variant.tracked:
        raise click.ClickException(f"{_named(variant)} is not counted: track it first")
    return variant


def _variant(name: str) -> Variant:
    number = name.removeprefix("#")
    is_number = name.startswith("#") and number.isascii() and number.isdigit()
    named = Variant.id == int(number) if is_number else Variant.sku == name
    variant = db.session.scalars(
        select(Variant).where(named).options(joinedload(Variant.product))
    ).one_or_none()
    if variant is None:
        raise click.ClickException(f"no variant {name}")
    return variant


def _named(variant: Variant) -> str:
    words = [variant.sku or f"#{variant.id}", variant.product.title, variant.combination]
    return " · ".join(word for word in words if word)


def _told(level: StockLevel | None) -> str:
    if level is None:
        return "not counted"
    words = f"{level.on_hand} on hand, {level.reserved} promised, {level.available} to sell"
    return f"{words}, {level.shortage} short" if level.shortage else words


def _difference_words(difference: Difference) -> str:
    variant = db.session.get(Variant, difference.variant_id)
    name = _named(variant) if variant else f"#{difference.variant_id}"
    return f"{name}: {difference.column} is {difference.found}, rows say {difference.explained}"


def _actor() -> str:
    return getpass.getuser()
