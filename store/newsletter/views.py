"""Signing up and leaving: one verb behind every box, and no change on any GET."""

from collections.abc import Collection
from functools import partial
from typing import Any

from flask import (
    Blueprint,
    Response,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import Forbidden

from store.database import writing
from store.mail.outgoing import UnmailableError
from store.newsletter.forms import NoTopicError, SignupForm
from store.newsletter.ledger import Circumstances
from store.newsletter.limits import SignupLimitError
from store.newsletter.models import Subscriber, SubscriberState
from store.newsletter.second_step.asking import Step
from store.newsletter.second_step.forms import given_answer
from store.newsletter.second_step.views import step_page
from store.newsletter.subscribing import ask_to_join, confirm, disown, leave
from store.newsletter.tokens import Act, TokenExpiredError, subscriber_behind
from store.newsletter.topics import EVERYTHING, TITLES, topic_titles
from store.newsletter.wording import answer, box_words
from store.web.doors import services
from store.web.filters import locale_in
from store.web.letterhead import shop_settings
from store.web.networks import counted_network, shortened_network
from store.web.page_policy import cached_for

blueprint = Blueprint("newsletter", __name__)


@blueprint.app_context_processor
def words_of_the_box() -> dict[str, Any]:
    """Give every page what its footer's box says; asked for only where a foot is rendered."""
    return {"signup_words": partial(box_words, shop_settings().brand_name)}


@blueprint.get("/newsletter")
@cached_for(300, stale=3600, parameters=("asked",))
def newsletter() -> str:
    return _page(is_asked="asked" in request.args)


@blueprint.post("/newsletter")
def sign_up() -> ResponseReturnValue:
    return _answer_signup(SignupForm(request.form))


@blueprint.post("/widget/v1/newsletter")
def sign_up_from_a_story() -> ResponseReturnValue:
    origin = request.headers.get("Origin", "null").lower()
    settings = services().settings
    if origin not in {"null", settings.public_url, *settings.news_origins}:
        raise Forbidden
    return _answer_signup(SignupForm(request.form))


@blueprint.get("/newsletter/confirm/<token>")
def ask_to_confirm(token: str) -> ResponseReturnValue:
    subscriber = _behind(token, Act.CONFIRM)
    return _by_link("confirm", _state(subscriber), token, topics=topic_titles(subscriber.topics))


@blueprint.post("/newsletter/confirm/<token>")
def take_confirmation(token: str) -> ResponseReturnValue:
    with writing():
        subscriber = _behind(token, Act.CONFIRM, locks=True)
        if is_disowned := "disown" in request.form:
            disown(subscriber, shortened_network(), services())
        else:
            confirm(subscriber, shortened_network(), services())
        state = None if is_disowned else _state(subscriber)
    return _by_link("disowned" if is_disowned else "confirm", state, token)


@blueprint.get("/newsletter/leave/<token>")
def ask_to_leave(token: str) -> ResponseReturnValue:
    return _by_link("leave", _state(_behind(token, Act.LEAVE)), token)


@blueprint.post("/newsletter/leave/<token>")
def take_leave(token: str) -> ResponseReturnValue:
    # RFC 8058: a mail program posts here with the token alone, and whatever body it likes.
    with writing():
        subscriber = _behind(token, Act.LEAVE, locks=True)
        leave(subscriber, shortened_network(), services())
        state = _state(subscriber)
    return _by_link("leave", state, token)


@blueprint.errorhandler(TokenExpiredError)
def offer_another(_error: TokenExpiredError) -> ResponseReturnValue:
    return _by_link("expired", None, ""), 410


def _answer_signup(form: SignupForm) -> ResponseReturnValue:
    """Give every address the same answer: neither words, status nor time tell who is known."""
    try:
        step = _ask(form)
    except UnmailableError:
        words = _("That is no e-mail address. It looks like name@example.org.")
        return _refusal(form, words, 422)
    except NoTopicError:
        return _refusal(form, "", 422, topic_error=_("Choose at least one."))
    except SignupLimitError as limit:
        words = _("Many people are signing up from your network. Try again in an hour.")
        response = _refusal(form, words, 429)
        response.headers["Retry-After"] = str(max(1, int(limit.retry_after.total_seconds())))
        return response
    if step is not None:
        return _ask_first(step)
    if _wants_json():
        return _document(answer(), 202)
    return redirect(url_for("newsletter.newsletter", asked=1), code=303)


def _ask(form: SignupForm) -> Step | None:
    doors = services()
    asked = form.to_request(
        counted=counted_network(),
        around=_circumstances(),
        own_origins={doors.settings.public_url, *doors.settings.news_origins},
        answer=given_answer(request.form),
    )
    if form.is_from_a_robot:
        return None
    with writing():
        return ask_to_join(asked, doors)


def _ask_first(step: Step) -> Response:
    """Put the question; what only shows words, such as a widget, says where it is put."""
    if not _wants_json():
        return step_page(step, url_for("newsletter.sign_up"))
    page = services().settings.public_url + url_for("newsletter.newsletter")
    words = _(
        "Many people are asking at this moment. Please sign up on our page: %(page)s", page=page
    )
    return _document(words, 422, page=page)


def _circumstances() -> Circumstances:
    """Return what is known of a signup beside its form, which the footers of all pages share."""
    return Circumstances(
        page=request.referrer or "",
        locale=str(locale_in(services().settings.country)).replace("_", "-"),
        network=shortened_network(),
    )


def _refusal(form: SignupForm, words: str, status: int, *, topic_error: str = "") -> Response:
    if _wants_json():
        return _document(words or topic_error, status)
    page = _page(email=form.typed, error=words, topics=form.chosen, topic_error=topic_error)
    return make_response(page, status)


def _document(words: str, status: int, **more: str) -> Response:
    response = jsonify(message=words, **more)
    response.status_code = status
    return response


def _wants_json() -> bool:
    accepts = request.accept_mimetypes
    return accepts["application/json"] > accepts["text/html"]


def _page(
    *,
    is_asked: bool = False,
    email: str = "",
    error: str = "",
    topics: Collection[str] = EVERYTHING,
    topic_error: str = "",
) -> str:
    brand_name = shop_settings().brand_name
    return render_template(
        "newsletter/newsletter.html",
        box=box_words(brand_name),
        is_asked=is_asked,
        email=email,
        error=error,
        topics=TITLES,
        chosen=topics,
        topic_error=topic_error,
        canonical=services().settings.public_url + url_for("newsletter.newsletter"),
    )


def _behind(token: str, act: Act, *, locks: bool = False) -> Subscriber:
    doors = services()
    return subscriber_behind(token, act, doors.settings, doors.clock, locks=locks)


def _state(subscriber: Subscriber) -> SubscriberState:
    return SubscriberState(subscriber.state)


def _by_link(page: str, state: SubscriberState | None, token: str, **shown: object) -> str:
    return render_template(f"newsletter/{page}.html", state=state, token=token, **shown)


@blueprint.after_request
def keep_links_private(response: Response) -> Response:
    if request.endpoint != "newsletter.newsletter":
        response.headers["Cache-Control"] = "no-store"
        # The token stands in the address: it must not travel with a click to anywhere.
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
    return response
