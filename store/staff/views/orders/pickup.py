"""Handing over: what is picked up lies ready, and then it is gone."""

from collections.abc import Callable

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import writing
from store.errors import StoreError
from store.orders import picking_up
from store.orders.models import Order
from store.orders.queries import locked_order
from store.services import Services
from store.staff.audit import Actor, record
from store.staff.parcels import thing_of
from store.staff.permissions import may, signed_in
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.views.orders.blueprint import back_to, blueprint, found
from store.staff.views.orders.sheet import refused_page
from store.web.doors import services


@blueprint.post("/<number>/ready")
@may(Permission.SHIP)
def make_ready(number: str) -> ResponseReturnValue:
    def ready(order: Order, doors: Services, actor: str) -> None:
        picking_up.make_ready(order, doors, actor=actor)

    return _do(number, ready, "order.ready", _("It lies ready, and its reader is told."))


@blueprint.post("/<number>/handed-over")
@may(Permission.SHIP)
def hand_over(number: str) -> ResponseReturnValue:
    def gone(order: Order, doors: Services, actor: str) -> None:
        picking_up.hand_over(order, doors, actor=actor)

    return _do(number, gone, "order.handed_over", _("Picked up."))


def _do(
    number: str, verb: Callable[[Order, Services, str], None], act: str, words: str
) -> ResponseReturnValue:
    order, actor, doors = found(number), Actor.of(signed_in()), services()
    order_id = order.id
    try:
        with writing():
            order = locked_order(order_id)
            verb(order, doors, actor.name)
            record(actor, act, thing_of(order), clock=doors.clock)
    except StoreError:
        return refused_page(number, _("It stands otherwise by now. This is how."))
    say(words)
    return back_to(number)
