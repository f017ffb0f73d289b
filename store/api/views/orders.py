"""Orders to pack, and the parcels that are made of them."""

from flask import Blueprint
from pydantic import BaseModel

from store.api import packing, shapes
from store.api.operations import Operation, caller, operation
from store.api.problems import CONFLICT, Refusal
from store.connections.models import Scope
from store.errors import InvalidError, StoreError
from store.inventory.reservations import NotAllocatedError
from store.inventory.stock import NotOnShelfError
from store.orders.correcting import Tracking, parcel_of
from store.orders.models import Order
from store.orders.queries import locked_order
from store.orders.shipping import NotShippableError, Parcel, RefundUnderWayError
from store.staff import parcels
from store.web.doors import services

blueprint = Blueprint("orders", __name__)
CONFLICTING = "It is not paid, less is left than the parcel names, or a refund is under way."


@operation(
    blueprint,
    Operation(
        "GET",
        "/orders",
        "list_orders",
        "List orders to ship",
        Scope.READ_ORDERS,
        shapes.OrderList,
        asked=shapes.OrdersAsked,
    ),
)
def list_orders(asked: shapes.OrdersAsked) -> tuple[int, BaseModel]:
    return 200, packing.order_list(asked, _home())


@operation(
    blueprint,
    Operation(
        "GET",
        "/orders/{number}",
        "get_order",
        "Read one order",
        Scope.READ_ORDERS,
        shapes.Order,
        refusals={404: "No order of this number is sent by post."},
    ),
)
def get_order(number: str) -> tuple[int, BaseModel]:
    return 200, packing.one_order(number, _home())


@operation(
    blueprint,
    Operation(
        "POST",
        "/orders/{number}/parcels",
        "make_parcel",
        "Say that a parcel has left",
        Scope.WRITE_PARCELS,
        shapes.Parcel,
        status=201,
        given=shapes.ParcelGiven,
        wants_key=True,
        refusals={404: "No order of this number is sent by post.", 409: CONFLICTING},
    ),
)
def make_parcel(number: str, given: shapes.ParcelGiven) -> tuple[int, BaseModel]:
    order = _locked(number)
    units: dict[int, int] = {}
    for line in given.lines or ():
        units[line.line_id] = units.get(line.line_id, 0) + line.quantity
    parcel = Parcel(units, given.carrier.strip(), given.tracking_number.strip())
    try:
        sent = parcels.send(
            order, parcel, services(), actor=caller().actor, mails=given.notify_reader
        )
    except (NotShippableError, NotAllocatedError, NotOnShelfError, InvalidError) as refused:
        raise Refusal(CONFLICT, _why(refused)) from None
    return 201, packing.told_parcel(order, sent, _home())


@operation(
    blueprint,
    Operation(
        "GET",
        "/orders/{number}/parcels/{parcel_id}",
        "get_parcel",
        "Read one parcel",
        Scope.READ_ORDERS,
        shapes.Parcel,
        refusals={404: "The order has no such parcel."},
    ),
)
def get_parcel(number: str, parcel_id: int) -> tuple[int, BaseModel]:
    order = packing.sent_order(number)
    return 200, packing.told_parcel(order, parcel_of(order, parcel_id), _home())


@operation(
    blueprint,
    Operation(
        "POST",
        "/orders/{number}/parcels/{parcel_id}/delivery",
        "mark_delivered",
        "Say that a parcel has arrived",
        Scope.WRITE_PARCELS,
        shapes.Parcel,
        given=shapes.Nothing,
        refusals={404: "The order has no such parcel."},
    ),
)
def mark_delivered(number: str, parcel_id: int) -> tuple[int, BaseModel]:
    order = _locked(number)
    parcels.arrive(order, parcel_id, services(), actor=caller().actor)
    return 200, _as_it_stands(order, parcel_id)


@operation(
    blueprint,
    Operation(
        "POST",
        "/orders/{number}/parcels/{parcel_id}/tracking",
        "correct_tracking",
        "Correct the tracking number of a parcel",
        Scope.WRITE_PARCELS,
        shapes.Parcel,
        given=shapes.TrackingGiven,
        refusals={404: "The order has no such parcel."},
    ),
)
def correct_tracking(
    number: str, parcel_id: int, given: shapes.TrackingGiven
) -> tuple[int, BaseModel]:
    order = _locked(number)
    parcels.correct(
        order,
        parcel_id,
        Tracking(given.carrier.strip(), given.tracking_number.strip()),
        services(),
        seen=Tracking.of(parcel_of(order, parcel_id)),
        actor=caller().actor,
        mails=given.notify_reader,
    )
    return 200, _as_it_stands(order, parcel_id)


def _locked(number: str) -> Order:
    return locked_order(packing.sent_order_id(number))


def _as_it_stands(order: Order, parcel_id: int) -> shapes.Parcel:
    return packing.told_parcel(order, packing.fresh_parcel(order, parcel_id), _home())


def _home() -> str:
    return services().settings.country


def _why(refused: StoreError) -> str:
    match refused:
        case RefundUnderWayError():
            return "A refund of what would leave is under way."
        case NotOnShelfError():
            return "By the shop's books fewer units lie on the shelf. Count it first."
        case NotAllocatedError():
            return "Fewer units are promised to this order."
        case InvalidError():
            return "A line_id is none of this order."
        case _:
            return "It is not paid, or fewer units are left to ship than the parcel names."
