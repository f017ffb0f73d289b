"""Shows an editor what a story would carry, why, and what is wrong with its attributes."""

from collections.abc import Iterator

from flask import Blueprint, Response, make_response, render_template, request
from flask_babel import gettext as _

from store.catalog.queries import cards_for
from store.story_urls import is_ours
from store.web.doors import services
from store.widget.asking import HANDLE, MOST_COUNT, question_of
from store.widget.choosing import Choice, Ground, Pick, QuietGround
from store.widget.matching import choose
from store.widget.snippets import tag
from store.widget.stories import Story

blueprint = Blueprint("widget_check", __name__)


@blueprint.get("/widget/check")
def check() -> Response:
    question = question_of(request.query_string.decode("latin-1"))
    story, now = question.story, services().clock.now()
    is_asked = bool(story.title or story.url or story.section or story.tags)
    choice = choose(story, now=now)
    cards = {
        card.product_id: card
        for card in cards_for([pick.product_id for pick in choice.picks], now=now)
    }
    page = render_template(
        "widget/check.html",
        story=story,
        is_asked=is_asked,
        shown=[(cards[p.product_id], _ground(p)) for p in choice.picks if p.product_id in cards],
        quiet=_quiet(choice),
        faults=_faults(story, choice),
        snippet=tag(services().settings),
    )
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _ground(pick: Pick) -> str:
    words = {
        Ground.EDITOR: _("named in the tag’s products attribute"),
        Ground.PINNED: _("pinned by staff to this story, its section or one of its tags"),
        Ground.BESTSELLER: _(
            "no word of the story speaks for a product, so a best-seller stands in"
        ),
    }
    if pick.ground is not Ground.MATCHED:
        return str(words[pick.ground])
    matched: str = _(
        "the story says %(words)s; score %(score)s",
        words=", ".join(f"“{word}”" for word in pick.words[:4]),
        score=pick.score,
    )
    return matched


def _quiet(choice: Choice) -> str:
    if choice.quiet is None:
        return ""
    words = {
        QuietGround.EDITOR: _("The tag says quiet, so the story carries the two lines alone."),
        QuietGround.SILENCED: _("Every widget is silenced: “store widget speak” ends it."),
        QuietGround.TOPIC: _(
            "Nothing is sold under this story, because of %(words)s. Name products in the tag if"
            " that is a mistake.",
            words=", ".join(f"“{word}”" for word in choice.quiet.words[:4]),
        ),
    }
    return str(words[choice.quiet.ground])


def _faults(story: Story, choice: Choice) -> list[str]:
    return [*_faults_of_url(story), *_faults_of_products(choice), *_faults_of_count()]


def _faults_of_url(story: Story) -> Iterator[str]:
    if request.args.get("url") and not story.url:
        yield _("url is no web address: give the whole one, with https://.")
    elif story.url and not is_ours(story.url, services().settings.news_origins):
        yield _(
            "url is on none of our news sites, so nothing is counted: add its origin to"
            " STORE_NEWS_ORIGINS."
        )


def _faults_of_products(choice: Choice) -> Iterator[str]:
    for handle in filter(None, map(str.strip, request.args.get("products", "").split(","))):
        if not HANDLE.fullmatch(handle.lower()):
            yield _(
                "“%(handle)s” is no handle: take it from the product’s address.",
                handle=handle[:80],
            )
    for handle in choice.unknown_products:
        yield _(
            "“%(handle)s” is not for sale here: look for a typing mistake, or wait for stock.",
            handle=handle,
        )


def _faults_of_count() -> Iterator[str]:
    count = request.args.get("count", "")
    if count and not (count.isascii() and count.isdigit() and int(count[:4]) <= MOST_COUNT):
        yield _("count goes from 0 to %(most)s.", most=MOST_COUNT)
