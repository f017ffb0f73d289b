"""The way from a story to the shop: counts the click, and remembers the story for the cart."""

import structlog
from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue
from flask_limiter import RateLimitExceeded
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.urls import iri_to_uri

from store.database import writing
from store.errors import StoreError
from store.web.cookies import ARTICLE
from store.web.doors import own_story, services
from store.widget.counting import count_click
from store.widget.leading import own_path_of

blueprint = Blueprint("leading", __name__)

log = structlog.get_logger(__name__)


@blueprint.get("/from")
def follow() -> Response:
    response = _lead()
    story = own_story(request.args.get("story", ""))
    if story and _is_followed():
        _count(story)
        ARTICLE.give(response, story, services().settings)
    return response


@blueprint.errorhandler(RateLimitExceeded)
def lead_uncounted(_error: RateLimitExceeded) -> ResponseReturnValue:
    """Lead a reader in a hurry to where she wants to go all the same."""
    return _lead()


def _lead() -> Response:
    path = own_path_of(request.args.get("to", ""))
    answer = redirect(iri_to_uri(path), code=303, Response=Response)
    assert isinstance(answer, Response)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _is_followed() -> bool:
    """Whether a reader asked, and not a browser or a proxy that thinks she might."""
    purposes = (request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz"))
    is_guess = any("prefetch" in purpose or "prerender" in purpose for purpose in purposes)
    return request.method == "GET" and not is_guess


def _count(story: str) -> None:
    try:
        with writing():
            count_click(story, services().settings, services().clock)
    except (StoreError, SQLAlchemyError) as error:
        # The way matters more than its count.
        log.warning("click_not_counted", error=type(error).__name__)
