"""Which mails of the house somebody who works here wants."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import writing
from store.mail.recipients import want, wanted_by
from store.orders.messages import ATTENTION, NEW
from store.staff.audit import Actor, record
from store.staff.forms.mails import MailsForm
from store.staff.people import thing_of
from store.staff.permissions import may, signed_in
from store.staff.roles import Permission
from store.staff.saying import say
from store.web.doors import services

blueprint = Blueprint("mails", __name__, url_prefix="/account/mails")
OFFERED = frozenset({NEW, ATTENTION})


@blueprint.get("")
@may(Permission.OWN_ACCOUNT)
def mails() -> str:
    wanted = wanted_by(signed_in().email)
    return render_template(
        "staff/mails/mails.html",
        wants_new=NEW in wanted,
        wants_attention=ATTENTION in wanted,
        address=signed_in().email,
        newsroom=services().settings.newsroom_email,
    )


# Such a mail names who bought what, and where she lives.
@blueprint.post("")
@may(Permission.SEE_ORDERS)
def choose() -> ResponseReturnValue:
    person, chosen = signed_in(), MailsForm(request.form).to_kinds()
    actor, thing, address = Actor.of(person), thing_of(person), person.email
    with writing():
        before = wanted_by(address)
        want(address, chosen, OFFERED)
        record(
            actor,
            "person.mails_chosen",
            thing,
            clock=services().clock,
            before={"mails": sorted(before)},
            after={"mails": sorted(chosen)},
        )
    say(_("Saved; it counts from the next order on."))
    return redirect(url_for("mails.mails"), 303)
