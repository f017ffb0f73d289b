"""A reader's own page behind a signed link: shown by GET, changed by POST alone."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import writing
from store.newsletter.models import Subscriber, SubscriberState
from store.newsletter.preferences.choosing import (
    PAUSES,
    NotOnTheListError,
    choose_topics,
    is_paused,
    pause,
    resume,
)
from store.newsletter.preferences.forms import PauseForm, TopicsForm
from store.newsletter.subscribing import leave
from store.newsletter.tokens import Act, subscriber_behind
from store.newsletter.topics import TITLES
from store.web.doors import services
from store.web.networks import shortened_network

blueprint = Blueprint("preferences", __name__, url_prefix="/newsletter/preferences")


@blueprint.get("/<token>")
def preferences(token: str) -> str:
    return _page(_behind(token), token)


@blueprint.post("/<token>")
def take_topics(token: str) -> ResponseReturnValue:
    chosen = TopicsForm(request.form).chosen
    if not chosen:
        words = _("Choose at least one, or leave the list below.")
        return _page(_behind(token), token, error=words), 422
    with writing():
        choose_topics(_behind(token, locks=True), chosen, shortened_network(), services())
    return _back(token, "topics")


@blueprint.post("/<token>/pause")
def take_pause(token: str) -> ResponseReturnValue:
    months = PauseForm(request.form).to_months()
    with writing():
        subscriber = _behind(token, locks=True)
        if months:
            pause(subscriber, months, shortened_network(), services())
        else:
            resume(subscriber, shortened_network(), services())
    return _back(token, "paused" if months else "resumed")


@blueprint.post("/<token>/leave")
def take_leave(token: str) -> str:
    with writing():
        leave(_behind(token, locks=True), shortened_network(), services())
    return render_template("newsletter/leave.html", state=SubscriberState.LEFT, token="")  # nosec B106 # empty: of nobody


@blueprint.errorhandler(NotOnTheListError)
def say_who_is_not_on_it(_error: NotOnTheListError) -> ResponseReturnValue:
    return render_template("newsletter/preferences.html", subscriber=None), 409


@blueprint.after_request
def keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    # The token stands in the address: it must not travel with a click to anywhere.
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _behind(token: str, *, locks: bool = False) -> Subscriber:
    doors = services()
    return subscriber_behind(token, Act.PREFERENCES, doors.settings, doors.clock, locks=locks)


def _back(token: str, said: str) -> ResponseReturnValue:
    return redirect(url_for("preferences.preferences", token=token, said=said), 303)


def _page(subscriber: Subscriber, token: str, *, error: str = "") -> str:
    is_on_it = subscriber.state == SubscriberState.CONFIRMED
    return render_template(
        "newsletter/preferences.html",
        subscriber=subscriber if is_on_it else None,
        is_paused=is_paused(subscriber, services().clock),
        topics=TITLES,
        pauses=PAUSES,
        token=token,
        said=_said(request.args.get("said", "")),
        error=error,
    )


def _said(what: str) -> str:
    words = {
        "topics": _("Kept. From now on we mail you about these."),
        "paused": _("Kept. We leave you alone until then."),
        "resumed": _("Kept. The next mail goes to you too."),
    }
    return str(words.get(what, ""))
