"""The page of one order, and the notes on its timeline."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import end_reading, writing
from store.mail.letterhead import branded
from store.orders.disputing.standing import disputes_of
from store.orders.downloads.giving import files_to_give
from store.orders.downloads.presenting import shown_downloads
from store.orders.models import Order, OrderState
from store.orders.notes import LONGEST_NOTE, write_note
from store.orders.papers.presenting import paper_links
from store.orders.queries import locked_order
from store.orders.shortage.presenting import shown_shortfalls
from store.staff import changes
from store.staff.audit import Actor, history, record
from store.staff.dispute_words import shown as shown_dispute
from store.staff.forms.downloads import GrantForm
from store.staff.forms.orders import NoteForm, ParcelForm, Units
from store.staff.order_sheet import sheet_of
from store.staff.order_words import RETURNS, SHORTFALLS
from store.staff.parcels import recent_carriers, thing_of
from store.staff.permissions import may, signed_in
from store.staff.returns import returns_of_order
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.tracking_words import doubt_words
from store.staff.undoing import UNDOING
from store.staff.views.orders.blueprint import back_to, blueprint, found
from store.web.doors import services

TEST_KEYS = ("sk_test_", "rk_test_")
NO_UNITS = Units({}, {}, {})


@blueprint.get("/<number>")
@may(Permission.SEE_ORDERS)
def sheet(number: str) -> str:
    return sheet_page(found(number))


@blueprint.post("/<number>/notes")
@may(Permission.SHIP)
def add_note(number: str) -> ResponseReturnValue:
    order, form, actor = found(number), NoteForm(request.form), Actor.of(signed_in())
    if not form.validate():
        return sheet_page(order, note_form=form), 422
    order_id, clock = order.id, services().clock
    with writing():
        order = locked_order(order_id)
        event = write_note(order, form.text.data or "", clock, actor=actor.name)
        kept = {"note": event.detail["text"]}
        record(actor, "order.noted", thing_of(order), clock=clock, after=kept)
    say(_("Noted."))
    return back_to(number, "timeline")


def sheet_page(
    order: Order,
    *,
    alert: str = "",
    parcel_form: ParcelForm | None = None,
    units: Units = NO_UNITS,
    note_form: NoteForm | None = None,
    grant_form: GrantForm | None = None,
    granted_id: int = 0,
) -> str:
    """Render the order as it stands, with what was typed and what spoke against it."""
    carriers = recent_carriers()
    if parcel_form is None:
        parcel_form = ParcelForm(data={"carrier": carriers[0] if carriers else "", "mails": True})
    shown = sheet_of(order, is_live=_is_live(), home=services().settings.country)
    return render_template(
        "staff/orders/order.html",
        sheet=shown,
        returns=returns_of_order(order),
        return_states=RETURNS,
        downloads=shown_downloads(order, services()),
        files_missing=_files_missing(order),
        grant_form=grant_form or GrantForm.usual(services().settings),
        granted_id=granted_id,
        disputes=[shown_dispute(one, services().clock.now()) for one in disputes_of(order)],
        missing=shown_shortfalls(order, branded(services().settings), services().clock),
        missing_states=SHORTFALLS,
        papers=paper_links(order, branded(services().settings)),
        alert=alert,
        carriers=carriers,
        doubt_words=doubt_words,
        parcel_form=parcel_form,
        units=units,
        note_form=note_form or NoteForm(),
        longest_note=LONGEST_NOTE,
        changes=changes.shown(history(thing_of(order), limit=20), UNDOING, may_undo=False),
    )


def refused_page(number: str, alert: str, status: int = 409) -> ResponseReturnValue:
    """Render the order anew, read after a refusal, with the words for it."""
    end_reading()
    return sheet_page(found(number), alert=alert), status


def _files_missing(order: Order) -> list[str]:
    """Return what was put on sale with its goods after the order was paid."""
    if order.state != OrderState.PAID:
        return []
    return [file.name for _line, file in files_to_give(order)]


def _is_live() -> bool:
    return not services().settings.stripe_key.get_secret_value().startswith(TEST_KEYS)
