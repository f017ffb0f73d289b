"""`store orders`: settles, shows, ships and refunds orders."""

import getpass
import sys
from decimal import Decimal, InvalidOperation

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from store.checkout.reconciling import keep, reconcile
from store.checkout.staffing import accept, release_hold
from store.cli.money_words import written
from store.cli.refusals import plain_words
from store.database import db, writing
from store.money import Money, decimals
from store.orders.holds import holds_now
from store.orders.lifecycle import fulfilment_status, payment_status
from store.orders.messages import mail_shipped
from store.orders.models import Order, OrderLine
from store.orders.queries import locked_order, order_numbered
from store.orders.refunding import RefundWish, refund_order
from store.orders.search_index import BATCH, index_orders
from store.orders.shipping import Parcel, ship_parcel
from store.orders.shortage.models import Shortfall, ShortfallState
from store.orders.shortage.standing import all_live_shortfalls
from store.web.doors import services


@click.group("orders")
def orders() -> None:
    """Look after orders."""


@orders.command("reconcile")
@with_appcontext
def reconcile_command() -> None:
    """Settle everything pending and name what Stripe and the store do not agree on (exit 1)."""
    found = reconcile(services())
    with writing():
        keep(found, services().clock)
    for difference in found:
        click.echo(f"{difference.number or '-'}: {difference.what}")
        click.echo(f"    {difference.advice}")
    click.echo(f"{len(found)} differences" if found else "Stripe and the store agree.")
    sys.exit(1 if found else 0)


@orders.command("index")
@with_appcontext
def index_command() -> None:
    """Write anew the words under which staff find each order; safe to repeat."""
    ids = db.session.scalars(select(Order.id).order_by(Order.id)).all()
    for start in range(0, len(ids), BATCH):
        with writing():
            index_orders(ids[start : start + BATCH])
    click.echo(f"{len(ids)} orders indexed")


@orders.command("show")
@click.argument("number")
@with_appcontext
def show_command(number: str) -> None:
    """Print an order: lines, money, timeline."""
    order = _order(number)
    click.echo(f"{order.number}  {order.state}  {written(order.total)}")
    click.echo(f"payment {payment_status(order)}, parcels {fulfilment_status(order)}")
    if order.parked_reason:
        click.echo(f"parked: {order.parked_reason}")
    for line in order.lines:
        what = f"{line.quantity} x {line.title} {line.combination}".rstrip()
        click.echo(f"  {line.position}. {what}  {written(line.total)}{_progress(line)}")
    for event in order.events:
        detail = " ".join(f"{name}={value}" for name, value in event.detail.items())
        click.echo(f"  {event.at:%Y-%m-%d %H:%M} {event.kind} ({event.actor}) {detail}".rstrip())


@orders.command("ship")
@click.argument("number")
@click.option("--line", "chosen", multiple=True, help="POSITION or POSITION=QUANTITY; all else.")
@click.option("--carrier", default="")
@click.option("--tracking", default="")
@with_appcontext
def ship_command(number: str, chosen: tuple[str, ...], carrier: str, tracking: str) -> None:
    """Record a parcel, take its units off the shelf, and write to the reader."""
    order_id = _order(number).id
    with plain_words(), writing():
        order = locked_order(order_id)
        parcel = Parcel(_units(order, chosen), carrier, tracking)
        sent = ship_parcel(order, parcel, services(), actor=_actor())
        units = sum(line.quantity for line in sent.lines)
        mail_shipped(order, sent, services())
    click.echo(f"{number}: {units} units shipped")


@orders.command("refund")
@click.argument("number")
@click.option("--amount", default="", help="Such as 12.50; everything that is left without it.")
@click.option("--line", "chosen", multiple=True, help="POSITION or POSITION=UNITS to refund.")
@click.option("--shipping", is_flag=True, help="What the parcel cost, alone or with lines.")
@click.option("--restock", is_flag=True, help="What had been shipped came back to the shelf.")
@click.option("--reason", default="")
@with_appcontext
def refund_command(
    number: str, amount: str, chosen: tuple[str, ...], reason: str, *, shipping: bool, restock: bool
) -> None:
    """Give money back through Stripe; what is refunded whole and not shipped is not sent."""
    order = _order(number)
    wish = RefundWish(
        amount=_read(amount, order.currency) if amount else None,
        line_ids=tuple(_line_id(order, _whole(text)) for text in chosen if "=" not in text),
        units=dict(_line_and_units(order, text) for text in chosen if "=" in text),
        shipping=shipping,
        reason=reason[:200],
        returns=restock,
    )
    with plain_words():
        refund = refund_order(order, wish, services(), actor=_actor())
        click.echo(f"{number}: {written(refund.amount)} {refund.status}")


@orders.command("accept")
@click.argument("number")
@with_appcontext
def accept_command(number: str) -> None:
    """Take a parked order as it was paid."""
    with plain_words():
        accept(_order(number), services(), actor=_actor())
    click.echo(f"{number}: accepted")


@orders.command("holds")
@with_appcontext
def holds_command() -> None:
    """List the units that wait for somebody's payment."""
    held = holds_now()
    for hold in held:
        what = f"{hold.quantity} x {hold.title} {hold.combination}".rstrip()
        click.echo(f"{hold.number}  {hold.state}  until {hold.expires_at:%H:%M} UTC  {what}")
    click.echo(f"{sum(hold.quantity for hold in held)} units on hold")


@orders.command("release")
@click.argument("number")
@with_appcontext
def release_command(number: str) -> None:
    """Close an order's pay page and put its units back on sale."""
    with plain_words():
        release_hold(_order(number), services())
    click.echo(f"{number}: released")


@orders.command("missing")
@with_appcontext
def missing_command() -> None:
    """List what was paid for and is gone, until its reader chooses or it is here again."""
    waiting = all_live_shortfalls()
    for one in waiting:
        what = f"{one.quantity} x {one.line.title} {one.line.combination}".rstrip()
        click.echo(f"{one.order.number}  {_awaited(one)}  {what}")
    open_ones = sum(one.state == ShortfallState.OPEN for one in waiting)
    click.echo(f"{open_ones} to be chosen by their readers, {len(waiting) - open_ones} wait")


def _order(number: str) -> Order:
    with plain_words():
        return order_numbered(number.upper())


def _units(order: Order, chosen: tuple[str, ...]) -> dict[int, int]:
    units = {}
    for text in chosen:
        position, _, quantity = text.partition("=")
        line_id = _line_id(order, _whole(position))
        left = next(line.left_to_ship for line in order.lines if line.id == line_id)
        units[line_id] = _whole(quantity) if quantity else left
    return units


def _line_and_units(order: Order, text: str) -> tuple[int, int]:
    position, _, units = text.partition("=")
    return _line_id(order, _whole(position)), _whole(units)


def _line_id(order: Order, position: int) -> int:
    for line in order.lines:
        if line.position == position:
            return line.id
    raise click.BadParameter(f"{order.number} has no line {position}")


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise click.BadParameter(f"{text} is no whole number")
    return int(text)


def _read(text: str, currency: str) -> Money:
    try:
        minor = Decimal(text).scaleb(decimals(currency))
        if minor == minor.to_integral_value():
            return Money(int(minor), currency)
    except (InvalidOperation, OverflowError, ValueError):
        pass
    raise click.BadParameter(f"{text} is no amount in {currency}")


def _progress(line: OrderLine) -> str:
    """Return what became of a line's units, as far as it is not simply waiting."""
    counts = {"shipped": line.shipped, "cancelled": line.cancelled, "short": line.shortage}
    return "".join(f", {count} {word}" for word, count in counts.items() if count)


def _awaited(one: Shortfall) -> str:
    if one.state == ShortfallState.OPEN:
        return f"money goes back {one.decide_by:%Y-%m-%d %H:%M} UTC"
    return f"waits, expected {one.expected_on}" if one.expected_on else "waits, no day known"


def _actor() -> str:
    return f"cli:{getpass.getuser()}"[:80]
