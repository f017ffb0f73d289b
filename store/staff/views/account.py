"""One's own account: where one is signed in."""

from flask import Blueprint, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from store.database import writing
from store.staff.permissions import may, signed_in
from store.staff.roles import Permission
from store.staff.sessions import end_session, live_session, sessions_of
from store.staff.sign_in import TOKEN
from store.web.doors import services

blueprint = Blueprint("account", __name__, url_prefix="/account")


@blueprint.get("/")
@may(Permission.OWN_ACCOUNT)
def account() -> str:
    clock = services().clock
    user = signed_in()
    here = live_session(user.id, session.get(TOKEN, ""), clock)
    return render_template(
        "staff/account/account.html",
        sessions=sessions_of(user.id, clock),
        here_id=here.id if here else None,
    )


@blueprint.post("/sessions/<int:session_id>/end")
@may(Permission.OWN_ACCOUNT)
def end(session_id: int) -> ResponseReturnValue:
    user_id = signed_in().id
    with writing():
        end_session(session_id, user_id, services().clock)
    return redirect(url_for("account.account"), 303)
