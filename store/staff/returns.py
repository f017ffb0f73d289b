"""Returns at the desk: which there are, and each decision with its trace."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select, text, true
from sqlalchemy.orm import selectinload

from store.database import db
from store.errors import NotFoundError
from store.orders.models import Order
from store.orders.queries import locked_order
from store.orders.returning import deciding
from store.orders.returning.deciding import return_of
from store.orders.returning.exchanging import exchange
from store.orders.returning.giving_back import Giving, write_return_refund
from store.orders.returning.models import WAITS, Return, ReturnState
from store.orders.returning.receiving import Arrived, receive
from store.services import Services
from store.staff.audit import Actor, Thing, record
from store.staff.changes import money_value
from store.staff.key_set import Part, part_of

KIND = "return"


class Which(StrEnum):
    """Which returns a list shows; those that wait are what a hand is needed for."""

    WAITING = "waiting"
    APPROVED = "approved"
    ALL = "all"


def thing_of(asked: Return) -> Thing:
    return Thing(KIND, str(asked.id), asked.order.number)


def returns(which: Which, cursor: str) -> Part[Return]:
    """Return some returns, the newest first."""
    wanted = (
        select(Return)
        .where(_condition(which))
        .options(
            selectinload(Return.order),
            selectinload(Return.lines),
        )
    )
    return part_of(wanted, [Return.id], cursor)


def waiting_returns() -> dict[ReturnState, int]:
    """Return how many returns wait for somebody here, by what they wait for."""
    rows = db.session.execute(
        select(Return.state, func.count()).where(text(WAITS)).group_by(Return.state)
    )
    return {ReturnState(state): count for state, count in rows}


def known_return(return_id: int) -> Return:
    found = db.session.get(Return, return_id)
    if found is None:
        raise NotFoundError(f"no return {return_id}")
    return found


def returns_of_order(order: Order) -> Sequence[Return]:
    return db.session.scalars(
        select(Return)
        .where(Return.order_id == order.id)
        .options(selectinload(Return.lines))
        .order_by(Return.id)
    ).all()


def last_instructions() -> str:
    """Return what was mailed with the latest return that was taken: mostly it is the same again."""
    latest = select(Return.instructions).where(Return.instructions != "")
    return db.session.scalar(latest.order_by(Return.id.desc()).limit(1)) or ""


def approve(return_id: int, instructions: str, services: Services, actor: Actor) -> None:
    """Take a return, and mail how to send it; flushes only, as all below."""
    with _deciding(return_id, "return.approved", services, actor) as (asked, told):
        deciding.approve(asked, instructions, services, actor=actor.name)
        told["instructions"] = instructions


def decline(return_id: int, refusal: str, services: Services, actor: Actor) -> None:
    with _deciding(return_id, "return.declined", services, actor) as (asked, told):
        deciding.decline(asked, refusal, services, actor=actor.name)
        told["reason"] = refusal


def take_in(
    return_id: int, arrived: Mapping[int, Arrived], services: Services, actor: Actor
) -> None:
    """Count what came out of the parcel."""
    with _deciding(return_id, "return.received", services, actor) as (asked, told):
        receive(asked, arrived, services, actor=actor.name)
        told["good"] = sum(one.good for one in arrived.values())
        told["damaged"] = sum(one.damaged for one in arrived.values())


def give_back(return_id: int, giving: Giving, services: Services, actor: Actor) -> int:
    """Write the refund of a return; return its id, which Stripe is asked for next."""
    with _deciding(return_id, "return.refunded", services, actor) as (asked, told):
        refund = write_return_refund(asked, giving, services, actor=actor.name)
        told["amount"] = money_value(refund.amount)
        return refund.id


def swap(return_id: int, services: Services, actor: Actor) -> str:
    """Have the other variant packed; return the number of the order that sends it."""
    with _deciding(return_id, "return.exchanged", services, actor) as (asked, told):
        number = exchange(asked, services, actor=actor.name).number
        told["replacement"] = number
        return number


@contextmanager
def _deciding(
    return_id: int, act: str, services: Services, actor: Actor
) -> Iterator[tuple[Return, dict[str, object]]]:
    """Give the return with its order locked, and write down what was done to it."""
    known = known_return(return_id)
    asked = return_of(locked_order(known.order_id), return_id)
    before, told = {"state": str(asked.state)}, dict[str, object]()
    yield asked, told
    db.session.refresh(asked, ["state"])
    after = {"state": str(asked.state), **told}
    record(actor, act, thing_of(asked), clock=services.clock, before=before, after=after)


def _condition(which: Which) -> ColumnElement[bool]:
    match which:
        case Which.WAITING:
            return text(WAITS)  # type: ignore[return-value] # a condition in the words of its index
        case Which.APPROVED:
            return Return.state == ReturnState.APPROVED
        case Which.ALL:
            return true()
