"""What did not work by itself: refused mails, jobs that gave up, events, differences to Stripe."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.checkout.inbox import failing_events
from store.checkout.reconciling import last_reconciliation
from store.database import writing
from store.errors import ConflictError
from store.jobs.outbox import failed_jobs, put_aside, try_again
from store.mail.refused import forget_refused, refused_mails, send_again
from store.staff.audit import Actor, Thing, record
from store.staff.permissions import may, signed_in
from store.staff.roles import Permission
from store.staff.saying import say
from store.web.doors import services

blueprint = Blueprint("faults", __name__, url_prefix="/faults")

MOST_SHOWN = 50


class SettledAlreadyError(ConflictError):
    """Somebody else was quicker, or it went well after all."""


@blueprint.get("/")
@may(Permission.EDIT_SETTINGS)
def index() -> str:
    return render_template(
        "staff/faults/faults.html",
        mails=refused_mails(MOST_SHOWN),
        jobs=failed_jobs(MOST_SHOWN),
        events=failing_events(MOST_SHOWN),
        stripe=last_reconciliation(),
    )


@blueprint.post("/mails/<int:row_id>/tries")
@may(Permission.EDIT_SETTINGS)
def send_mail(row_id: int) -> ResponseReturnValue:
    clock, actor = services().clock, Actor.of(signed_in())
    with writing():
        _note(actor, "mail.tried_again", row_id, send_again(row_id, clock))
    say(_("It goes out once more, within a minute."))
    return redirect(url_for("faults.index"), 303)


@blueprint.post("/mails/<int:row_id>/end")
@may(Permission.EDIT_SETTINGS)
def end_mail(row_id: int) -> ResponseReturnValue:
    actor = Actor.of(signed_in())
    with writing():
        _note(actor, "mail.forgotten", row_id, forget_refused(row_id))
    say(_("Put aside, with its words and its address."))
    return redirect(url_for("faults.index"), 303)


@blueprint.post("/jobs/<int:row_id>/tries")
@may(Permission.EDIT_SETTINGS)
def run_job(row_id: int) -> ResponseReturnValue:
    clock, actor = services().clock, Actor.of(signed_in())
    with writing():
        _note(actor, "job.tried_again", row_id, try_again(row_id, clock))
    say(_("It runs once more, within a minute."))
    return redirect(url_for("faults.index"), 303)


@blueprint.post("/jobs/<int:row_id>/end")
@may(Permission.EDIT_SETTINGS)
def end_job(row_id: int) -> ResponseReturnValue:
    clock, actor = services().clock, Actor.of(signed_in())
    with writing():
        _note(actor, "job.put_aside", row_id, put_aside(row_id, clock))
    say(_("Put aside; it will not run any more."))
    return redirect(url_for("faults.index"), 303)


def _note(actor: Actor, act: str, row_id: int, kind: str | None) -> None:
    if kind is None:
        raise SettledAlreadyError(f"{act}: {row_id} does not wait")
    thing = Thing(act.partition(".")[0], str(row_id), kind)
    record(actor, act, thing, clock=services().clock)
