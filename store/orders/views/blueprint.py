"""The addresses under /orders, and what the modules beside this one share."""

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue

from store.errors import NotFoundError
from store.orders.links import order_behind, order_path
from store.orders.models import Order
from store.web.doors import services

blueprint = Blueprint("orders", __name__)


@blueprint.after_request
def keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    # The key stands in the address: it must not travel with a click to anywhere.
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def opened(number: str) -> Order:
    """Return the order that the key of this request opens; NotFoundError for any other."""
    keys = request.args.getlist("key")
    if len(keys) != 1 or not keys[0]:
        raise NotFoundError("an order opens with one key")
    return order_behind(number, keys[0], services().settings)


def key_given() -> str:
    """Return the key that opened this order, for links to its other pages."""
    return request.args["key"]


def back_to(order: Order, done: str = "") -> ResponseReturnValue:
    """Answer a post: the order's page again, with what was done."""
    path = order_path(order, services().settings)
    return redirect(f"{path}&done={done}" if done else path, 303)
