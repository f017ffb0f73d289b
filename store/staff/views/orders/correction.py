"""Another tracking number for a parcel that has left."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import writing
from store.orders.correcting import CorrectedSinceError, Tracking, parcel_of
from store.orders.models import Fulfilment, Order
from store.orders.queries import locked_order
from store.staff import parcels
from store.staff.audit import Actor
from store.staff.forms.tracking import TrackingForm, doubt_of
from store.staff.parcels import recent_carriers
from store.staff.permissions import may, signed_in
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.views.orders.blueprint import back_to, blueprint, found
from store.web.doors import services


@blueprint.get("/<number>/parcels/<int:parcel_id>/tracking")
@may(Permission.SHIP)
def correction(number: str, parcel_id: int) -> str:
    order = found(number)
    parcel = parcel_of(order, parcel_id)
    return _page(order, parcel, TrackingForm.of(parcel))


@blueprint.post("/<number>/parcels/<int:parcel_id>/tracking")
@may(Permission.SHIP)
def correct(number: str, parcel_id: int) -> ResponseReturnValue:
    order, form, actor = found(number), TrackingForm(request.form), Actor.of(signed_in())
    parcel = parcel_of(order, parcel_id)
    to, home = parcel.sent_to.get("country", ""), services().settings.country
    if not form.validate() or form.is_doubted(doubt_of(form, to=to, home=home)):
        return _page(order, parcel, form), 422
    try:
        has_changed = _correct(order.id, parcel_id, form, actor)
    except CorrectedSinceError:
        words = _("Somebody corrected it since you opened this page. It stands as below now.")
        order = found(number)
        parcel = parcel_of(order, parcel_id)
        return _page(order, parcel, TrackingForm.of(parcel), alert=words), 409
    say(_("The tracking number is corrected.") if has_changed else _("Nothing was changed."))
    return back_to(number, "parcels")


def _correct(order_id: int, parcel_id: int, form: TrackingForm, actor: Actor) -> bool:
    with writing():
        return parcels.correct(
            locked_order(order_id),
            parcel_id,
            form.to_tracking(),
            services(),
            seen=form.to_seen(),
            actor=actor,
            mails=bool(form.mails.data),
        )


def _page(order: Order, parcel: Fulfilment, form: TrackingForm, *, alert: str = "") -> str:
    return render_template(
        "staff/orders/correction.html",
        number=order.number,
        parcel_id=parcel.id,
        now=Tracking.of(parcel),
        form=form,
        carriers=recent_carriers(),
        alert=alert,
    )
