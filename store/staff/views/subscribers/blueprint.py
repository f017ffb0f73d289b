"""The addresses under /staff/subscribers, and the page that all of them start from."""

import csv
import io

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from store.database import writing
from store.newsletter.models import SubscriberState
from store.newsletter.topics import TITLES, Topic
from store.staff import subscribers
from store.staff.audit import Actor, Thing, record
from store.staff.permissions import may, signed_in, wants_fresh_factor
from store.staff.roles import Permission
from store.staff.subscriber_words import (
    KINDS_OF_STATE,
    REASONS,
    SOURCES,
    SUBSCRIBER_STATES,
    step_words,
)
from store.staff.subscribers import LONGEST_SEARCH, Narrowed
from store.web.doors import services

blueprint = Blueprint("subscribers", __name__, url_prefix="/subscribers")


@blueprint.get("/")
@may(Permission.SEE_SUBSCRIBERS)
def index() -> ResponseReturnValue:
    typed = request.args.get("q", "")[:LONGEST_SEARCH].strip()
    address = subscribers.address_of(typed) if typed else ""
    found = subscribers.subscriber_at(address) if address else None
    if found is not None:
        return redirect(url_for("subscribers.one", subscriber_id=found.id), 303)
    narrowed, doors = _narrowed(), services()
    now = doors.clock.now()
    return render_template(
        "staff/subscribers/subscribers.html",
        part=subscribers.listed(narrowed, request.args.get("at", "")),
        narrowed=narrowed,
        counts=subscribers.counts(now),
        weeks=subscribers.weeks(now, doors.settings),
        query=typed,
        is_address=bool(address),
        kept=_kept(address) if address else None,
        now=now,
        states=SUBSCRIBER_STATES,
        kinds=KINDS_OF_STATE,
        topics=TITLES,
        sources=SOURCES,
        reasons=REASONS,
    )


@blueprint.post("/addresses.csv")
@may(Permission.EDIT_SUBSCRIBERS)
@wants_fresh_factor
def download() -> Response:
    """Write addresses into a file; whoever takes them away stands in the audit."""
    actor, narrowed = Actor.of(signed_in()), _narrowed()
    written = io.StringIO()
    rows = list(subscribers.table_rows(narrowed))
    csv.writer(written).writerows(rows)
    after = {
        "addresses": len(rows) - 1,
        "state": narrowed.state,
        "topics": [narrowed.topic] if narrowed.topic else [],
    }
    with writing():
        thing = Thing("subscribers", "all")
        record(actor, "subscribers.exported", thing, clock=services().clock, after=after)
    response = Response(written.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="subscribers.csv"'
    return response


def _kept(address: str) -> dict[str, object]:
    kept = subscribers.kept_under(address, services())
    settings = services().settings
    return {
        "suppression": kept.suppression,
        "steps": [step_words(entry, words, settings) for entry, words in kept.steps],
    }


def _narrowed() -> Narrowed:
    asked = request.values
    state, topic, source = asked.get("state", ""), asked.get("topic", ""), asked.get("source", "")
    return Narrowed(
        SubscriberState(state) if state in set(SubscriberState) else None,
        Topic(topic) if topic in set(Topic) else None,
        source if source in SOURCES else "",
    )
