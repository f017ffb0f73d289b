"""The inbox: what readers told the newsroom."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import writing
from store.staff import inbox
from store.staff.audit import Actor, Thing, record
from store.staff.permissions import may, signed_in
from store.staff.roles import Permission
from store.staff.saying import say
from store.tips.telling import forget_tip, take_up
from store.web.doors import services

blueprint = Blueprint("inbox", __name__, url_prefix="/inbox")


@blueprint.get("/")
@may(Permission.SEE_INBOX)
def index() -> ResponseReturnValue:
    return redirect(url_for("inbox.tips"), 303)


@blueprint.get("/tips")
@may(Permission.SEE_INBOX)
def tips() -> str:
    shows_all = "all" in request.args
    part = inbox.tips(request.args.get("at", ""), waiting_only=not shows_all)
    return render_template(
        "staff/inbox/tips.html",
        part=part,
        files=inbox.files_of([tip.id for tip in part.rows]),
        shows_all=shows_all,
        waiting=inbox.waiting_tips(),
    )


@blueprint.get("/tips/<int:tip_id>/file")
@may(Permission.SEE_INBOX)
def tip_file(tip_id: int) -> Response:
    file = inbox.file_of(tip_id)
    # Never shown, always saved: a stranger's file is not opened in the shop's own origin.
    response = Response(file.content, mimetype="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=file.name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@blueprint.post("/tips/<int:tip_id>/handled")
@may(Permission.SEE_INBOX)
def handle_tip(tip_id: int) -> ResponseReturnValue:
    is_handled = request.form.get("handled") == "1"
    with writing():
        take_up(tip_id, services().clock, is_handled=is_handled)
    return redirect(url_for("inbox.tips", all=None if is_handled else 1), 303)


@blueprint.post("/tips/<int:tip_id>/forget")
@may(Permission.SEE_INBOX)
def forget(tip_id: int) -> ResponseReturnValue:
    actor = Actor.of(signed_in())
    with writing():
        forget_tip(tip_id)
        # The audit says that it happened, and nothing of what the tip said.
        record(actor, "tip.forgotten", Thing("tip", str(tip_id)), clock=services().clock)
    say(_("Forgotten, with its file."))
    return redirect(url_for("inbox.tips"), 303)


@blueprint.get("/newsletter")
@may(Permission.SEE_SUBSCRIBERS)
def newsletter() -> ResponseReturnValue:
    """Lead on whoever kept this address: subscribers have a section of their own."""
    return redirect(url_for("subscribers.index"), 303)
