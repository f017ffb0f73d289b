"""Asking to be told, confirming and leaving: the newsletter's manners, and no change on any GET."""

from typing import Any

from flask import (
    Blueprint,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import writing
from store.mail.outgoing import UnmailableError
from store.newsletter.back_in_stock.answering import confirm, disown, leave
from store.newsletter.back_in_stock.asking import ask_to_be_told
from store.newsletter.back_in_stock.forms import LARGEST_ID, StockForm
from store.newsletter.back_in_stock.models import RequestState, StockRequest
from store.newsletter.back_in_stock.queries import wanted_by, wanted_variant
from store.newsletter.back_in_stock.tokens import RequestEndedError, request_behind
from store.newsletter.back_in_stock.wording import answer, stock_words
from store.newsletter.ledger import Circumstances
from store.newsletter.limits import SignupLimitError
from store.newsletter.second_step.asking import Step
from store.newsletter.second_step.forms import given_answer
from store.newsletter.second_step.views import step_page
from store.newsletter.tokens import Act
from store.web.doors import services
from store.web.filters import locale_in, own_path
from store.web.networks import counted_network, shortened_network
from store.web.page_policy import cached_for

blueprint = Blueprint("back_in_stock", __name__)


@blueprint.app_context_processor
def words_of_the_form() -> dict[str, Any]:
    """Give product pages what their form says; asked for only where one is rendered."""
    return {"stock_words": stock_words}


@blueprint.get("/back-in-stock")
@cached_for(120, stale=600, parameters=("asked", "variant"))
def form() -> str:
    given = request.args.get("variant", "")
    variant_id = int(given) if given.isascii() and given.isdigit() and len(given) < 11 else 0
    return _page(min(variant_id, LARGEST_ID), is_asked="asked" in request.args)


@blueprint.post("/back-in-stock")
def ask() -> ResponseReturnValue:
    """Give every address the same answer: neither words, status nor time tell who is known."""
    given = StockForm(request.form)
    try:
        step = _ask(given)
    except UnmailableError:
        return _refusal(given, _("That is no e-mail address. It looks like name@example.org."), 422)
    except SignupLimitError as limit:
        words = _("Many people are asking from your network. Try again in an hour.")
        response = _refusal(given, words, 429)
        response.headers["Retry-After"] = str(max(1, int(limit.retry_after.total_seconds())))
        return response
    if step is not None:
        return step_page(step, url_for("back_in_stock.ask"))
    return redirect(
        own_path(url_for("back_in_stock.form"), asked=1, variant=given.variant or None), code=303
    )


@blueprint.get("/back-in-stock/confirm/<token>")
def ask_to_confirm(token: str) -> ResponseReturnValue:
    return _by_link("confirm", _behind(token, Act.CONFIRM), token)


@blueprint.post("/back-in-stock/confirm/<token>")
def take_confirmation(token: str) -> ResponseReturnValue:
    with writing():
        found = _behind(token, Act.CONFIRM, locks=True)
        if "disown" in request.form:
            disown(found, shortened_network(), services())
            return _over("disowned")
        confirm(found, shortened_network(), services())
        return _by_link("confirm", found, token)


@blueprint.get("/back-in-stock/leave/<token>")
def ask_to_leave(token: str) -> ResponseReturnValue:
    return _by_link("leave", _behind(token, Act.LEAVE), token)


@blueprint.post("/back-in-stock/leave/<token>")
def take_leave(token: str) -> ResponseReturnValue:
    # RFC 8058: a mail program posts here with the token alone, and whatever body it likes.
    with writing():
        leave(_behind(token, Act.LEAVE, locks=True), shortened_network(), services())
    return _over("left")


@blueprint.errorhandler(RequestEndedError)
def say_it_ended(_error: RequestEndedError) -> ResponseReturnValue:
    return _over("ended"), 410


def _ask(given: StockForm) -> Step | None:
    doors = services()
    question = given.to_question(
        counted=counted_network(),
        around=_circumstances(),
        own_origins={doors.settings.public_url},
        answer=given_answer(request.form),
    )
    if given.is_from_a_robot:
        return None
    with writing():
        return ask_to_be_told(question, doors)


def _circumstances() -> Circumstances:
    return Circumstances(
        page=request.referrer or "",
        locale=str(locale_in(services().settings.country)).replace("_", "-"),
        network=shortened_network(),
    )


def _refusal(given: StockForm, words: str, status: int) -> Response:
    return make_response(_page(given.variant, email=given.typed, error=words), status)


def _page(variant_id: int, *, is_asked: bool = False, email: str = "", error: str = "") -> str:
    return render_template(
        "back_in_stock/form.html",
        wanted=wanted_variant(variant_id, now=services().clock.now()),
        answer=answer() if is_asked else "",
        email=email,
        error=error,
    )


def _behind(token: str, act: Act, *, locks: bool = False) -> StockRequest:
    doors = services()
    return request_behind(token, act, doors.settings, doors.clock, locks=locks)


def _by_link(page: str, found: StockRequest, token: str) -> str:
    state = RequestState(found.state)
    return render_template(
        f"back_in_stock/{page}.html",
        state=state,
        wanted=wanted_by(found) if state is not RequestState.TOLD else (),
        token=token,
    )


def _over(outcome: str) -> str:
    return render_template("back_in_stock/over.html", outcome=outcome)


@blueprint.after_request
def keep_links_private(response: Response) -> Response:
    if request.endpoint != "back_in_stock.form":
        response.headers["Cache-Control"] = "no-store"
        # The token stands in the address: it must not travel with a click to anywhere.
        response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
