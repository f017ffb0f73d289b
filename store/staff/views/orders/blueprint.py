"""The addresses under /staff/orders, and what the modules beside this one share."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from store.errors import NotFoundError
from store.orders.models import Order
from store.orders.numbers import tidy_number
from store.staff.order_sheet import order_for_sheet

blueprint = Blueprint("orders", __name__, url_prefix="/orders")


def found(number: str) -> Order:
    """Return the order of this number, however it was typed; NotFoundError where there is none."""
    order = order_for_sheet(tidy_number(number))
    if order is None:
        raise NotFoundError(f"no order {number[:40]}")
    return order


def back_to(number: str, part: str = "") -> ResponseReturnValue:
    """Answer a post: the order's page again, at one of its parts."""
    return redirect(url_for("orders.sheet", number=number, _anchor=part or None), 303)
