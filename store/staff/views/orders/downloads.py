"""What a reader may download, looked after at the desk: more of it, and what came later."""

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import writing
from store.errors import NotFoundError
from store.orders.downloads.giving import (
    NothingToGiveError,
    downloads_of,
    give_missing,
    grant_more,
)
from store.orders.downloads.models import Download
from store.orders.models import Order
from store.orders.queries import locked_order
from store.staff.audit import Actor, record
from store.staff.forms.downloads import GrantForm
from store.staff.parcels import thing_of
from store.staff.permissions import may, signed_in
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.views.orders.blueprint import back_to, blueprint, found
from store.staff.views.orders.sheet import refused_page, sheet_page
from store.web.doors import services


@blueprint.post("/<number>/downloads")
@may(Permission.SHIP)
def give_files(number: str) -> ResponseReturnValue:
    """Give the order the files that were put on sale after it was paid."""
    order_id, actor, doors = found(number).id, Actor.of(signed_in()), services()
    try:
        with writing():
            order = locked_order(order_id)
            names = [given.file.name for given in give_missing(order, doors)]
            thing, told = thing_of(order), {"file": ", ".join(names)}
            record(actor, "order.files_given", thing, clock=doors.clock, after=told)
    except NothingToGiveError:
        return refused_page(number, _("The order has every file that it paid for."))
    say(_("Given. The reader finds them on the page of the order."))
    return back_to(number, "downloads")


@blueprint.post("/<number>/downloads/<int:download_id>")
@may(Permission.SHIP)
def grant(number: str, download_id: int) -> ResponseReturnValue:
    order, form, actor = found(number), GrantForm(request.form), Actor.of(signed_in())
    _of(order, download_id)
    if not form.validate():
        return sheet_page(order, grant_form=form, granted_id=download_id), 422
    try:
        _grant(order.id, download_id, form, actor)
    except NothingToGiveError:
        return refused_page(number, _("Its money went back, or is on its way: it has ended."))
    say(_("Allowed. The button is back on the page of the order."))
    return back_to(number, "downloads")


def _grant(order_id: int, download_id: int, form: GrantForm, actor: Actor) -> None:
    doors = services()
    with writing():
        order = locked_order(order_id)
        download = _of(order, download_id)
        before = _told(download)
        times, days = form.times.data or 0, form.days.data or 1
        grant_more(order, download, times=times, days=days, clock=doors.clock)
        record(
            actor,
            "order.downloads_granted",
            thing_of(order),
            clock=doors.clock,
            before=before,
            after=_told(download),
        )


def _told(download: Download) -> dict[str, object]:
    return {
        "file": download.file.name,
        "allowed": download.allowed,
        "expires_at": download.expires_at.isoformat(),
    }


def _of(order: Order, download_id: int) -> Download:
    for download in downloads_of(order):
        if download.id == download_id:
            return download
    raise NotFoundError(f"order {order.number} has no download {download_id}")
