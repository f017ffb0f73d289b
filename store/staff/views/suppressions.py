"""Who is not written to: looked up, noted and lifted one address at a time."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import writing
from store.newsletter.bounces.suppressing import NotLiftableError
from store.staff import changes, suppressions
from store.staff.audit import Actor
from store.staff.forms.suppressions import AddressForm, ReasonForm
from store.staff.permissions import may, signed_in
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.suppression_words import REASONS, WRITTEN_TO
from store.staff.suppressions import Looked
from store.staff.undoing import UNDOING
from store.web.doors import services

blueprint = Blueprint("suppressions", __name__, url_prefix="/suppressions")


@blueprint.get("/")
@may(Permission.SEE_SUBSCRIBERS)
def index() -> str:
    return _page(AddressForm())


# A post although it changes nothing: addresses in addresses end up in logs and histories.
@blueprint.post("/look-up")
@may(Permission.SEE_SUBSCRIBERS)
def look_up() -> ResponseReturnValue:
    form = AddressForm(request.form)
    if not form.validate():
        return _page(form), 422
    return _page(form, suppressions.look_up(form.to_email(), services()))


@blueprint.post("/")
@may(Permission.SEE_SUBSCRIBERS)
def add() -> ResponseReturnValue:
    form, actor = ReasonForm(request.form), Actor.of(signed_in())
    if not form.validate():
        return _again(form)
    with writing():
        is_new = suppressions.add(form.to_email(), form.to_words(), actor, services())
    say(_("Noted. Only mails about orders go there.") if is_new else _("It was noted before."))
    return redirect(url_for("suppressions.index"), 303)


@blueprint.post("/lift")
@may(Permission.LIFT_SUPPRESSIONS)
def lift() -> ResponseReturnValue:
    form, actor = ReasonForm(request.form), Actor.of(signed_in())
    if not form.validate():
        return _again(form)
    try:
        with writing():
            after = suppressions.lift_again(form.to_email(), form.to_words(), actor, services())
    except NotLiftableError:
        return _page(form, suppressions.look_up(form.to_email(), services())), 409
    if after == WRITTEN_TO:
        say(_("Lifted. What did not arrive so far counts no longer."))
    else:
        say(_("Lifted. Its owner had it erased, and alone can bring it back."))
    return redirect(url_for("suppressions.index"), 303)


@blueprint.post("/reports/<int:report_id>/put-aside")
@may(Permission.SEE_SUBSCRIBERS)
def put_aside(report_id: int) -> ResponseReturnValue:
    actor = Actor.of(signed_in())
    with writing():
        suppressions.put_aside(report_id, actor, services())
    say(_("Put aside."))
    return redirect(url_for("suppressions.index", _anchor="unclear"), 303)


def _again(form: ReasonForm) -> ResponseReturnValue:
    """Show the form anew with what is wrong, and the address where that is none of it."""
    if form.email.errors:
        return _page(form), 422
    return _page(form, suppressions.look_up(form.to_email(), services())), 422


def _page(form: AddressForm, looked: Looked | None = None) -> str:
    entries = looked.entries if looked else ()
    return render_template(
        "staff/suppressions/suppressions.html",
        form=form,
        looked=looked,
        words=form.words if isinstance(form, ReasonForm) else None,
        reasons=REASONS,
        counts=suppressions.counts_by_reason(),
        weeks=suppressions.last_weeks(services().clock.now()),
        unclear=suppressions.unclear(request.args.get("at", "")),
        changes=changes.shown(entries, UNDOING, may_undo=False),
        has_mailbox=bool(services().settings.bounces_url.get_secret_value()),
    )
