"""Tokens of the API: made by owners who have just shown a second factor, and shown once."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import writing
from store.staff import connections
from store.staff.audit import Actor
from store.staff.connection_words import SCOPE_WORDS
from store.staff.connections import NameTakenError
from store.staff.forms.connections import DAYS, TokenForm
from store.staff.permissions import may, signed_in, wants_fresh_factor
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.views.connections.blueprint import blueprint
from store.web.doors import services


@blueprint.get("/tokens/new")
@may(Permission.CONNECT)
@wants_fresh_factor
def new_token() -> str:
    return _page(TokenForm())


@blueprint.post("/tokens")
@may(Permission.CONNECT)
@wants_fresh_factor
def make_token() -> ResponseReturnValue:
    form, actor, doors = TokenForm(request.form), Actor.of(signed_in()), services()
    if not form.validate():
        return _page(form), 422
    try:
        with writing():
            token, key = connections.make_token(form.to_wanted(doors.clock.now()), actor, doors)
            name = token.name
    except NameTakenError:
        form.name.errors = [_("A token of this name counts already.")]
        return _page(form), 422
    return render_template("staff/connections/shown_once.html", name=name, key=key, endpoint=None)


@blueprint.post("/tokens/<int:token_id>/revocation")
@may(Permission.CONNECT)
def revoke_token(token_id: int) -> ResponseReturnValue:
    actor = Actor.of(signed_in())
    with writing():
        was_revoked = connections.revoke_token(token_id, actor, services())
    say(_("Revoked. It opens nothing from now on.") if was_revoked else _("It was revoked before."))
    return redirect(url_for("connections.index"), 303)


def _page(form: TokenForm) -> str:
    return render_template(
        "staff/connections/token.html",
        form=form,
        scope_words=SCOPE_WORDS.items(),
        days=DAYS.items(),
    )
