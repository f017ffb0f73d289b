"""What concerns the reader of an order: where it goes, and the mails about it."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import writing
from store.money import Money
from store.orders.mailing_again import MailedJustNowError, NothingToMailError, mail_again
from store.orders.models import Order
from store.orders.postage_there import dearer_by
from store.orders.presenting import label_lines
from store.orders.queries import locked_order
from store.orders.readdressing import (
    Destination,
    NothingLeftToSendError,
    OutsideError,
    ReaddressedSinceError,
    can_be_readdressed,
    destination_of,
    readdress,
)
from store.staff.audit import Actor, record
from store.staff.forms.orders import AddressForm
from store.staff.order_words import countries_named, country_name
from store.staff.parcels import thing_of
from store.staff.permissions import may, signed_in
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.views.orders.blueprint import back_to, blueprint, found
from store.staff.views.orders.sheet import refused_page
from store.web.doors import services


@blueprint.get("/<number>/address")
@may(Permission.SHIP)
def address(number: str) -> ResponseReturnValue:
    order = found(number)
    if not can_be_readdressed(order):
        return refused_page(number, _nothing_left())
    return _address_page(order, AddressForm.of(destination_of(order)))


@blueprint.post("/<number>/address")
@may(Permission.SHIP)
def change_address(number: str) -> ResponseReturnValue:
    order, form, actor = found(number), AddressForm(request.form), Actor.of(signed_in())
    if not form.validate():
        return _address_page(order, form), 422
    dearer = dearer_by(order, form.to_destination().address)
    if dearer and "anyway" not in request.form:
        return _address_page(order, form, dearer=dearer), 409
    try:
        has_changed = _write_address(order.id, form.to_destination(), actor)
    except OutsideError as refused:
        form.country.errors = [_outside(refused)]
        return _address_page(found(number), form), 422
    except ReaddressedSinceError:
        words = _("Somebody gave it another address since you opened this page. It stands above.")
        return _address_page(found(number), form, alert=words), 409
    except NothingLeftToSendError:
        return refused_page(number, _nothing_left())
    say(_("The address is changed.") if has_changed else _("Nothing was changed."))
    return back_to(number)


@blueprint.post("/<number>/mails")
@may(Permission.SHIP)
def mail(number: str) -> ResponseReturnValue:
    order_id, actor = found(number).id, Actor.of(signed_in())
    what, doors = request.form.get("what", "")[:20], services()
    try:
        with writing():
            order = locked_order(order_id)
            mail_again(order, what, doors, actor=actor.name)
            thing = thing_of(order)
            record(actor, "order.mailed_again", thing, clock=doors.clock, after={"mail": what})
    except MailedJustNowError:
        return refused_page(number, _("That mail was sent again a moment ago."))
    except NothingToMailError:
        return refused_page(number, _("Nothing was confirmed yet, so there is nothing to repeat."))
    say(_("On its way to the reader again."))
    return back_to(number)


def _write_address(order_id: int, to: Destination, actor: Actor) -> bool:
    doors = services()
    with writing():
        order = locked_order(order_id)
        before, after = readdress(order, to, doors, actor=actor.name)
        entry = record(
            actor,
            "order.readdressed",
            thing_of(order),
            clock=doors.clock,
            before=_told(before),
            after=_told(after),
        )
        return entry is not None


def _told(to: Destination) -> dict[str, object]:
    """Return an address as the audit keeps it: whole, so that the first one is never lost."""
    return {"goes_to": label_lines(to.label()), "phone": to.phone}


def _address_page(
    order: Order, form: AddressForm, *, alert: str = "", dearer: Money | None = None
) -> str:
    now = destination_of(order)
    if alert:
        form.version.data = str(now.version)
    codes = order.countries or [now.address.get("country", "")]
    return render_template(
        "staff/orders/address.html",
        number=order.number,
        now=label_lines(now.label()),
        form=form,
        alert=alert,
        dearer=dearer,
        countries=list(countries_named(codes)),
        has_parcels=bool(order.fulfilments),
    )


def _nothing_left() -> str:
    return str(_("Nothing of it waits for a parcel any more, so an address would change nothing."))


def _outside(refused: OutsideError) -> str:
    words = _(
        "The shipping that was paid does not lead to %(country)s.",
        country=country_name(refused.country) or _("no country"),
    )
    return str(words)
