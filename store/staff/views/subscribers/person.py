"""One subscriber: where she stands, every step of her consent, and what is done at her wish."""

import json

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import writing
from store.newsletter.own_data import NewsletterKeeper
from store.newsletter.preferences.choosing import is_paused
from store.newsletter.subscribing import silence
from store.newsletter.topics import topic_titles
from store.staff import changes, subscribers
from store.staff.audit import Actor, Thing, history, record
from store.staff.permissions import may, signed_in, wants_fresh_factor
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.subscriber_words import (
    DELIVERIES,
    KINDS_OF_STATE,
    REASONS,
    SOURCES,
    SUBSCRIBER_STATES,
    step_words,
)
from store.staff.undoing import UNDOING
from store.staff.views.subscribers.blueprint import blueprint
from store.web.doors import services

KIND = "subscriber"


@blueprint.get("/<int:subscriber_id>")
@may(Permission.SEE_SUBSCRIBERS)
def one(subscriber_id: int) -> str:
    found, doors = subscribers.subscriber_of(subscriber_id), services()
    kept = subscribers.kept_under(found.email, doors)
    return render_template(
        "staff/subscribers/subscriber.html",
        subscriber=found,
        topics=topic_titles(found.topics),
        is_paused=is_paused(found, doors.clock),
        suppression=kept.suppression,
        steps=[step_words(entry, words, doors.settings) for entry, words in kept.steps],
        deliveries=subscribers.deliveries_to(found),
        states=SUBSCRIBER_STATES,
        kinds=KINDS_OF_STATE,
        sources=SOURCES,
        reasons=REASONS,
        delivery_words=DELIVERIES,
        changes=changes.shown(history(_thing(subscriber_id)), UNDOING, may_undo=False),
    )


@blueprint.post("/<int:subscriber_id>/export")
@may(Permission.EDIT_SUBSCRIBERS)
def export(subscriber_id: int) -> Response:
    """Give everything that this room keeps of her; that it was taken stands in the audit."""
    actor, doors = Actor.of(signed_in()), services()
    with writing():
        found = subscribers.subscriber_of(subscriber_id)
        kept = NewsletterKeeper().kept(found.email, doors)
        record(actor, "subscriber.exported", _thing(subscriber_id), clock=doors.clock)
    response = Response(json.dumps(kept, ensure_ascii=False, indent=2), mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="subscriber.json"'
    return response


@blueprint.post("/<int:subscriber_id>/suppression")
@may(Permission.EDIT_SUBSCRIBERS)
def suppress(subscriber_id: int) -> ResponseReturnValue:
    actor, doors = Actor.of(signed_in()), services()
    with writing():
        silence(subscribers.subscriber_of(subscriber_id).email, doors)
        record(actor, "subscriber.suppressed", _thing(subscriber_id), clock=doors.clock)
    say(_("Nothing is sent to this address any more, but for mails about its orders."))
    return redirect(url_for("subscribers.one", subscriber_id=subscriber_id), 303)


@blueprint.post("/<int:subscriber_id>/erasure")
@may(Permission.EDIT_SUBSCRIBERS)
@wants_fresh_factor
def erase(subscriber_id: int) -> ResponseReturnValue:
    actor, doors = Actor.of(signed_in()), services()
    with writing():
        NewsletterKeeper().erase(subscribers.subscriber_of(subscriber_id).email, doors)
        # The audit says that it happened, and nothing of who it was.
        record(actor, "subscriber.erased", _thing(subscriber_id), clock=doors.clock)
    say(_("Erased. The address comes back only if its owner confirms it again."))
    return redirect(url_for("subscribers.index"), 303)


def _thing(subscriber_id: int) -> Thing:
    return Thing(KIND, str(subscriber_id))
