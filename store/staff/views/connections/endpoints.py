"""Addresses that are told: kept, tried, switched off and on, and what each of them was sent."""

import json

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from store.connections import endpoints as keeping
from store.connections.endpoints import (
    EndpointEndedError,
    EndpointRefusedError,
    TooManyEndpointsError,
    endpoint_of,
)
from store.connections.models import CHOSEN_KINDS, Endpoint
from store.database import writing
from store.errors import StoreError
from store.staff import changes, connections
from store.staff.audit import Actor, history
from store.staff.connection_words import KIND_WORDS
from store.staff.connections import NameTakenError, RotatedSinceError
from store.staff.forms.connections import EndpointForm
from store.staff.permissions import may, signed_in, wants_fresh_factor
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.undoing import UNDOING
from store.staff.views.connections.blueprint import blueprint
from store.web.doors import services

CHOSEN_WORDS = [(kind.value, KIND_WORDS[kind]) for kind in CHOSEN_KINDS]


@blueprint.get("/endpoints/new")
@may(Permission.CONNECT)
@wants_fresh_factor
def new_endpoint() -> str:
    return _new_page(EndpointForm())


@blueprint.post("/endpoints")
@may(Permission.CONNECT)
@wants_fresh_factor
def add_endpoint() -> ResponseReturnValue:
    form, actor = EndpointForm(request.form), Actor.of(signed_in())
    if not form.validate():
        return _new_page(form), 422
    try:
        with writing():
            endpoint, secret = connections.add_endpoint(form.to_wanted(), actor, services())
            endpoint_id, name = endpoint.id, endpoint.name
    except (NameTakenError, EndpointRefusedError, TooManyEndpointsError) as refused:
        _blame(form, refused)
        return _new_page(form), 422
    return _secret_page(endpoint_id, name, secret)


@blueprint.get("/endpoints/<int:endpoint_id>")
@may(Permission.CONNECT)
def endpoint(endpoint_id: int) -> str:
    found = endpoint_of(endpoint_id)
    return _page(found, EndpointForm.of(found))


@blueprint.post("/endpoints/<int:endpoint_id>")
@may(Permission.CONNECT)
@wants_fresh_factor
def change_endpoint(endpoint_id: int) -> ResponseReturnValue:
    form, actor = EndpointForm(request.form), Actor.of(signed_in())
    if not form.validate():
        return _page(endpoint_of(endpoint_id), form), 422
    try:
        with writing():
            found = endpoint_of(endpoint_id)
            has_changed = connections.change_endpoint(found, form.to_wanted(), actor, services())
    except (NameTakenError, EndpointRefusedError) as refused:
        _blame(form, refused)
        return _page(endpoint_of(endpoint_id), form), 422
    return _back(endpoint_id, _("Saved.") if has_changed else _("Nothing was changed."))


@blueprint.post("/endpoints/<int:endpoint_id>/secrets")
@may(Permission.CONNECT)
@wants_fresh_factor
def rotate_secret(endpoint_id: int) -> ResponseReturnValue:
    actor, ends_old = Actor.of(signed_in()), "ends_old" in request.form
    try:
        with writing():
            found = endpoint_of(endpoint_id)
            name, seen = found.name, request.form.get("seen", "")
            secret = connections.rotate_secret(found, seen, actor, services(), ends_old=ends_old)
    except RotatedSinceError:
        found = endpoint_of(endpoint_id)
        words = _("The secret was changed since you opened this page. Nothing was changed again.")
        return _page(found, EndpointForm.of(found), alert=words), 409
    return _secret_page(endpoint_id, name, secret)


@blueprint.post("/endpoints/<int:endpoint_id>/pings")
@may(Permission.CONNECT)
def ping(endpoint_id: int) -> ResponseReturnValue:
    try:
        with writing():
            keeping.ping(endpoint_of(endpoint_id), services().clock)
    except EndpointEndedError:
        return _is_off(endpoint_id)
    return _back(endpoint_id, _("A test is on its way. Reload the page to see what came back."))


@blueprint.post("/endpoints/<int:endpoint_id>/end")
@may(Permission.CONNECT)
def end_endpoint(endpoint_id: int) -> ResponseReturnValue:
    actor, doors = Actor.of(signed_in()), services()
    with writing():
        found = endpoint_of(endpoint_id)
        if found.ended_at is None:
            keeping.end_endpoint(found, doors.clock)
            connections.note(found, "ended", actor, doors)
    return _back(endpoint_id, _("It is told nothing any more."))


@blueprint.post("/endpoints/<int:endpoint_id>/resumption")
@may(Permission.CONNECT)
def resume_endpoint(endpoint_id: int) -> ResponseReturnValue:
    actor, doors = Actor.of(signed_in()), services()
    with writing():
        found = endpoint_of(endpoint_id)
        if found.ended_at is not None:
            keeping.resume_endpoint(found)
            connections.note(found, "resumed", actor, doors)
    return _back(endpoint_id, _("It is told again what happens from now on."))


@blueprint.post("/endpoints/<int:endpoint_id>/removal")
@may(Permission.CONNECT)
@wants_fresh_factor
def forget_endpoint(endpoint_id: int) -> ResponseReturnValue:
    actor, doors = Actor.of(signed_in()), services()
    with writing():
        found = endpoint_of(endpoint_id)
        connections.note(found, "removed", actor, doors, before=connections.values_of(found))
        keeping.forget_endpoint(found)
    say(_("Removed, with everything that it was told."))
    return redirect(url_for("connections.index"), 303)


@blueprint.post("/endpoints/<int:endpoint_id>/repetitions")
@may(Permission.CONNECT)
def repeat_failed(endpoint_id: int) -> ResponseReturnValue:
    actor, doors = Actor.of(signed_in()), services()
    try:
        with writing():
            found = endpoint_of(endpoint_id)
            number = keeping.send_failed_again(found, doors.clock)
            connections.note(found, "repeated", actor, doors, after={"messages": number})
    except EndpointEndedError:
        return _is_off(endpoint_id)
    words = ngettext("One is on its way again.", "%(num)s are on their way again.", number)
    return _back(endpoint_id, words)


@blueprint.get("/endpoints/<int:endpoint_id>/deliveries/<int:delivery_id>")
@may(Permission.CONNECT)
def delivery(endpoint_id: int, delivery_id: int) -> str:
    found = endpoint_of(endpoint_id)
    shown = connections.delivery_of(found, delivery_id)
    return render_template(
        "staff/connections/delivery.html",
        endpoint=found,
        delivery=shown,
        body=json.dumps(json.loads(shown.body), indent=2, ensure_ascii=False),
        kind_words=KIND_WORDS,
    )


@blueprint.post("/endpoints/<int:endpoint_id>/deliveries/<int:delivery_id>/repetition")
@may(Permission.CONNECT)
def repeat(endpoint_id: int, delivery_id: int) -> ResponseReturnValue:
    actor, doors = Actor.of(signed_in()), services()
    try:
        with writing():
            found = endpoint_of(endpoint_id)
            keeping.send_again(keeping.delivery_of(found, delivery_id), doors.clock)
            connections.note(found, "repeated", actor, doors, after={"messages": 1})
    except EndpointEndedError:
        return _is_off(endpoint_id)
    say(_("On its way again. Reload the page to see what came back."))
    to = url_for("connections.delivery", endpoint_id=endpoint_id, delivery_id=delivery_id)
    return redirect(to, 303)


def _is_off(endpoint_id: int) -> ResponseReturnValue:
    found = endpoint_of(endpoint_id)
    words = _("It is switched off. Switch it on first.")
    return _page(found, EndpointForm.of(found), alert=words), 409


def _back(endpoint_id: int, words: str) -> ResponseReturnValue:
    say(words)
    return redirect(url_for("connections.endpoint", endpoint_id=endpoint_id), 303)


def _blame(form: EndpointForm, refused: StoreError) -> None:
    match refused:
        case NameTakenError():
            form.name.errors = [_("Another one goes by this name.")]
        case TooManyEndpointsError():
            form.url.errors = [_("There are 20 already. Remove one first.")]
        case _:
            form.url.errors = [_("It begins with https:// and has no password in it.")]


def _secret_page(endpoint_id: int, name: str, secret: str) -> str:
    return render_template(
        "staff/connections/shown_once.html", name=name, key=secret, endpoint=endpoint_id
    )


def _new_page(form: EndpointForm) -> str:
    return render_template(
        "staff/connections/new_endpoint.html", form=form, chosen_kinds=CHOSEN_WORDS
    )


def _page(endpoint: Endpoint, form: EndpointForm, *, alert: str = "") -> str:
    thing = connections.endpoint_thing(endpoint)
    return render_template(
        "staff/connections/endpoint.html",
        endpoint=endpoint,
        form=form,
        alert=alert,
        seen=connections.mark_of(endpoint),
        both_count=endpoint.old_until is not None and endpoint.old_until > services().clock.now(),
        part=connections.deliveries(endpoint.id, request.args.get("at", "")),
        numbers=keeping.counted([endpoint.id])[endpoint.id],
        chosen_kinds=CHOSEN_WORDS,
        changes=changes.shown(history(thing, limit=20), UNDOING, may_undo=False),
    )
