"""The page of one order."""

from flask import render_template, request
from flask_babel import gettext as _

from store.mail.letterhead import branded
from store.orders.ahead.calling_off import can_call_ahead_off
from store.orders.cancelling import can_be_cancelled_by_reader
from store.orders.downloads.presenting import shown_downloads
from store.orders.links import order_path
from store.orders.models import Order
from store.orders.papers.presenting import paper_links
from store.orders.presenting import shown
from store.orders.readdressing import can_be_readdressed
from store.orders.returning.presenting import replacement_words, shown_returns
from store.orders.returning.windows import may_return
from store.orders.shortage.presenting import filled_in, shown_shortfalls
from store.orders.views.blueprint import blueprint, key_given, opened
from store.web.doors import services


@blueprint.get("/orders/<number>")
def order(number: str) -> str:
    return order_page(opened(number))


def order_page(found: Order, *, alert: str = "") -> str:
    """Render the order with what its reader may do as it stands."""
    doors = services()
    return render_template(
        "orders/order.html",
        order=shown(found),
        key=key_given(),
        link=order_path(found, doors.settings),
        downloads=shown_downloads(found, doors),
        papers=paper_links(found, branded(doors.settings)),
        returns=shown_returns(found, doors.settings),
        replaces=replacement_words(found, doors.settings),
        fills_in=filled_in(found, doors.settings),
        missing=shown_shortfalls(found, branded(doors.settings), doors.clock),
        may_readdress=can_be_readdressed(found),
        may_cancel=can_be_cancelled_by_reader(found, doors),
        may_call_off=can_call_ahead_off(found),
        may_return=may_return(found, doors),
        done=_done(request.args.get("done", "")),
        alert=alert,
    )


def _done(what: str) -> str:
    words = {
        "address": _("The address is changed. Your parcel goes there."),
        "same": _("Nothing was changed: it is the address that we had."),
        "cancelled": _("The order is cancelled. Your money is on its way back."),
        "called_off": _("What was put off is called off. Its money is on its way back."),
        "return": _("We have it. A person reads it and mails you what comes next."),
        "chosen": _("We have your choice, and mail you what happens."),
        "withdrawn": _("The return is withdrawn. Keep what you have."),
    }
    return str(words.get(what, ""))
