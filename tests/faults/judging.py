"""What must be true once the shop has come to rest, by what buyers, Stripe and mailboxes know."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from store.catalog.models import Variant
from store.database import db
from store.inventory.models import Reservation, ReservationState, StockLevel
from store.mail.models import Message
from store.orders.models import Order, OrderLine, OrderState, StripeEvent
from store.pricing.models import Discount
from store.sandbox.stripe import Sandbox
from store.sandbox.stripe.state import Shelf
from tests.faults.buyers import Buyer
from tests.faults.scene import Scene
from tests.faults.settling import reconciled, waiting_jobs
from tests.faults.stripe import kept_by_buyer, paid_sessions
from tests.faults.tally import KILLS, OUTAGES, Tally
from tests.invariants import assert_invariants

SOON_SECONDS = 5.0
UNFORESEEN = '"event": "unexpected_error"'
STRIPES = "pay page"
"""How answers begin that are not the shop's."""
OVER = {OrderState.PAID, OrderState.REFUNDED, OrderState.EXPIRED, OrderState.CANCELLED}


@dataclass(frozen=True, slots=True)
class Broken:
    """One promise that was not kept; `about` is the order or the pay page."""

    promise: str
    what: str
    about: str = ""


def judge(scene: Scene, buyers: Sequence[Buyer]) -> list[Broken]:
    """Return every broken promise; empty when all were kept."""
    found = [*judge_rest(scene, buyers)]
    with scene.app.app_context():
        db.session.rollback()
        found += broken_invariants(scene.sandbox)
        found += unanswered_money(scene.sandbox)
        found += charged_twice(scene.sandbox, buyers)
        found += oversold()
        found += wrong_mails(scene)
        found += unfinished()
        db.session.rollback()
    found += [Broken("Stripe and the store agree", what) for what in reconciled(scene)]
    return found


def unforeseen(log: Path) -> Iterator[Broken]:
    """Name each failure of what stands around the shop that it took for a fault of its own."""
    with log.open(encoding="utf-8", errors="replace") as lines:
        told = [_exception(line) for line in lines if UNFORESEEN in line]
    for what, times in Counter(one.rstrip().rpartition("\n")[2] for one in told).items():
        yield Broken("what fails around it is no fault of its own", f"{times} × {what}")


def _exception(line: str) -> str:
    try:
        exception: str = json.loads(line)["exception"]
    except ValueError:
        # Whoever wrote it was killed over it.
        return line
    return exception


def answered_as_fault(tally: Tally) -> Iterator[Broken]:
    """Name each 500 that buyers got: the server's own, behind the shop's handlers, is in no log."""
    for what, times in tally.answers.items():
        if what.endswith(" 500") and not what.startswith(STRIPES):
            yield Broken("what fails around it is no fault of its own", f"{times} × {what}")


def judge_rest(scene: Scene, buyers: Sequence[Buyer]) -> Iterator[Broken]:
    if not any(buyer.paid for buyer in buyers):
        yield Broken("something is sold", "nobody came to pay")
    late = [one for one in scene.tally.returns if one.seconds > SOON_SECONDS]
    if scene.plan.is_strict_on_time and late:
        told = ", ".join(f"{one.seconds:.1f} s after {one.after}" for one in late[:20])
        yield Broken("back within five seconds", f"{len(late)} restarts took longer: {told}")
    yield from unforeseen(scene.machine.web.log)
    yield from answered_as_fault(scene.tally)
    left = scene.machine.left()
    if left:
        told = ", ".join(map(str, left))
        yield Broken("what was ended has ended", f"{len(left)} processes live on: {told}")


def broken_invariants(sandbox: Sandbox) -> Iterator[Broken]:
    try:
        assert_invariants(sandbox)
    except AssertionError as error:
        yield Broken("the invariants hold", str(error))


def unanswered_money(sandbox: Sandbox) -> Iterator[Broken]:
    """Whoever paid has an order, or all of her money back."""
    orders = {order.session_id: order for order in db.session.scalars(select(Order))}
    for page in paid_sessions(sandbox):
        intent = sandbox.account.state.take(Shelf.INTENT, page["payment_intent"])
        charge = sandbox.account.state.take(Shelf.CHARGE, intent["latest_charge"])
        is_back = charge["amount_refunded"] >= charge["amount_captured"]
        order = orders.get(page["id"])
        if order is None and not is_back:
            yield Broken("who paid has an order", "paid, and no order has this page", page["id"])
        elif order is not None and order.state != OrderState.PAID and not is_back:
            what = f"paid, and the order is {order.state} {order.parked_reason}"
            yield Broken("who paid has an order", what, order.number)
        elif order is not None and order.state == OrderState.PAID and is_back:
            yield Broken("who paid has an order", "refunded, and the order is paid", order.number)
    paid_pages = {page["id"] for page in paid_sessions(sandbox)}
    for order in orders.values():
        if order.state == OrderState.PAID and order.session_id not in paid_pages:
            yield Broken("who did not pay has none", "paid here and not at Stripe", order.number)


def charged_twice(sandbox: Sandbox, buyers: Sequence[Buyer]) -> Iterator[Broken]:
    """Each buyer wanted one thing, so one charge is all that may be kept of her."""
    known = {buyer.email for buyer in buyers}
    for email, charges in kept_by_buyer(sandbox).items():
        if email not in known:
            yield Broken("nobody is charged twice", f"a charge of nobody: {email}")
        elif len(charges) > 1:
            pages = ", ".join(charge["payment_intent"] for charge in charges)
            yield Broken("nobody is charged twice", f"{email} has {len(charges)}: {pages}")
    twice = Counter(
        email
        for email, number in db.session.execute(
            select(Order.email, func.count())
            .where(Order.state == OrderState.PAID)
            .group_by(Order.email)
        )
        if number > 1
    )
    for email in twice:
        yield Broken("nobody has two orders", f"{email} has more than one")


def oversold() -> Iterator[Broken]:
    """No more units are owed to those who paid than lie on the shelf, and no use too many given."""
    sold = (
        select(
            OrderLine.variant_id,
            func.sum(OrderLine.quantity - OrderLine.cancelled - OrderLine.shipped),
        )
        .join(Order)
        .where(Order.state.in_((OrderState.PAID, OrderState.PARKED)))
        .group_by(OrderLine.variant_id)
    )
    shelf = {level.variant_id: level for level in db.session.scalars(select(StockLevel))}
    for variant_id, units in db.session.execute(sold):
        level = shelf.get(variant_id or 0)
        there = level.on_hand if level else 0
        if units > there:
            title = db.session.get_one(Variant, variant_id).product.title
            yield Broken("nothing is oversold", f"{units} of {title} are sold, {there} were there")
    for discount in db.session.scalars(select(Discount)):
        if discount.most_in_all is not None and discount.taken > discount.most_in_all:
            what = f"{discount.taken} of {discount.most_in_all} uses"
            yield Broken("limits hold", f"{discount.name}: {what}")
    held = db.session.scalar(
        select(func.count())
        .select_from(Reservation)
        .where(Reservation.state == ReservationState.HELD)
    )
    if held:
        yield Broken("what nobody pays is free again", f"{held} units are held for nobody")


def wrong_mails(scene: Scene) -> Iterator[Broken]:
    """One confirmation for each paid order, told to the mail server, and no other."""
    taken = Counter(mail.message_id for mail in scene.sink.taken)
    rows = {row.dedupe_key: row for row in db.session.scalars(select(Message))}
    for order in db.session.scalars(select(Order)):
        was_paid = order.paid_at is not None
        row = rows.get(f"order:{order.number}:confirmed")
        if was_paid and order.state != OrderState.PARKED and row is None:
            yield Broken("mails come as promised", "paid, and no mail says so", order.number)
        elif not was_paid and row is not None:
            yield Broken("mails come as promised", "confirmed, and never paid", order.number)
        elif row is not None and row.recipient != order.email:
            yield Broken("mails come as promised", "confirmed to somebody else", order.number)
    for key, row in rows.items():
        if row.sent_at is None or not taken[row.message_id]:
            yield Broken("mails come as promised", f"{key} was written and never sent")
    known = {row.message_id for row in rows.values()}
    for message_id in taken.keys() - known:
        yield Broken("mails come as promised", f"nobody wrote {message_id}")
    repeated = sum(count - 1 for count in taken.values())
    allowed = scene.tally.count(KILLS) + 20 * scene.tally.count(OUTAGES)
    if repeated > allowed:
        yield Broken("mails come as promised", f"{repeated} came again, {allowed} may")


def unfinished() -> Iterator[Broken]:
    """Nothing waits any more."""
    jobs = waiting_jobs()
    if jobs:
        yield Broken("nothing stays undone", f"{jobs} jobs wait")
    events = db.session.scalar(
        select(func.count()).select_from(StripeEvent).where(StripeEvent.finished_at.is_(None))
    )
    if events:
        yield Broken("nothing stays undone", f"{events} events wait")
    for order in db.session.scalars(select(Order).where(Order.state.not_in(OVER))):
        what = f"it is {order.state} {order.parked_reason}".strip()
        yield Broken("nothing stays undone", what, order.number)
