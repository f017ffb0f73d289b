"""The card of a story, for the tag as JSON and for servers as a fragment: always an answer."""

import structlog
from babel import Locale
from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from werkzeug.exceptions import HTTPException

from store.catalog.queries import cards_for
from store.database import db
from store.paths import STATIC
from store.web.doors import own_story, services
from store.web.filters import locale_in
from store.web.letterhead import shop_settings
from store.web.page_policy import cached_for
from store.web.page_rendering import COUNTED
from store.web.stylesheets import minified
from store.widget.asking import Question, canonical_query, question_of
from store.widget.cards import Card, Surroundings, as_json, card_of, plain_card
from store.widget.matching import choose

blueprint = Blueprint("card", __name__)

SECONDS = 60
"""How long anybody may show a card: as long as what sold out may still be in it."""
STYLESHEET = STATIC / "widget" / "fragment.css"

log = structlog.get_logger(__name__)


@blueprint.get("/widget/v1/card.json")
@cached_for(SECONDS, canonical=canonical_query)
def card_json() -> Response:
    return _json(_counted_card(_question()))


@blueprint.get("/widget/v1/card.html")
@cached_for(SECONDS, canonical=canonical_query)
def card_html() -> Response:
    question = _question()
    return _fragment(_counted_card(question), question)


@blueprint.get("/widget/v1.css")
@cached_for(3600, stale=86_400)
def stylesheet() -> Response:
    return Response(minified(STYLESHEET.read_text()), mimetype="text/css")


@blueprint.errorhandler(Exception)
def card_all_the_same(error: Exception) -> ResponseReturnValue:
    """Answer with the two lines that need nobody: a story is no place for our failures."""
    if not isinstance(error, HTTPException):
        log.error("card_failed", exc_info=error)
    db.session.rollback()
    question = _question()
    with force_locale(_locale(question)):
        card = plain_card(question.story, _surroundings(question), quiet=False)
    is_json = request.endpoint is not None and request.endpoint.endswith("card_json")
    response = _json(card) if is_json else _fragment(card, question)
    response.headers["Cache-Control"] = "no-store"
    return response


def _question() -> Question:
    return question_of(request.query_string.decode("latin-1"))


def _counted_card(question: Question) -> Card:
    card = _card(question)
    # The page memory counts each showing of it, its own included.
    request.environ[COUNTED] = own_story(question.story.url)
    return card


def _card(question: Question) -> Card:
    story, now = question.story, services().clock.now()
    with force_locale(_locale(question)):
        choice = choose(story, now=now)
        products = cards_for([pick.product_id for pick in choice.picks], now=now)
        return card_of(choice, products, story, _surroundings(question))


def _surroundings(question: Question) -> Surroundings:
    return Surroundings(shop_settings(), _locale(question))


def _locale(question: Question) -> Locale:
    if question.locale:
        return Locale.parse(question.locale, sep="-")
    return locale_in(services().settings.country)


def _json(card: Card) -> Response:
    return Response(as_json(card), mimetype="application/json")


def _fragment(card: Card, question: Question) -> Response:
    settings = services().settings
    return make_response(
        render_template(
            "widget/card.html",
            card=card,
            stylesheet=f"{settings.public_url}/widget/v1.css",
            page=own_story(question.story.url),
            section=question.story.section,
            locale=question.locale,
        )
    )
