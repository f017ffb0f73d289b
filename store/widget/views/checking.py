"""Shows an editor what a story would carry, why, and what is wrong with its tag and its words."""

from collections.abc import Iterator, Mapping
from threading import BoundedSemaphore

from flask import Blueprint, Response, make_response, render_template, request

from store.catalog.presenting import ProductCard
from store.catalog.queries import cards_for
from store.web.doors import own_story, services
from store.web.letterhead import shop_settings
from store.widget.asking import NOTHING, PARAMETERS, question_of
from store.widget.choosing import Choice
from store.widget.explaining import ground_of, quiet_of, rows_of, why_unread
from store.widget.matching import choose
from store.widget.mending.faults import Fault
from store.widget.mending.tag import faults_of_tag
from store.widget.mending.words import faults_of_place, faults_of_words
from store.widget.reading.fetching import fetch_page
from store.widget.reading.pages import StoryPage, Tag, story_page
from store.widget.reading.unread import TooManyReadersError, UnreadPageError
from store.widget.reading.words import Source, Word, query_of_words, words_of
from store.widget.snippets import tag

blueprint = Blueprint("widget_check", __name__)

MOST_READING = 2
"""Pages that one process reads at once: a news site that is slow keeps no reader waiting."""

_reading = BoundedSemaphore(MOST_READING)


@blueprint.get("/widget/check")
def check() -> Response:
    given = {name: ",".join(_values(name)).strip() for name in PARAMETERS}
    page, unread = _page(given)
    words = _words(given, page)
    question = question_of(query_of_words(words))
    choice = choose(question.story, now=services().clock.now())
    faults = faults_of_words(words, question, choice, services().settings)
    response = make_response(
        render_template(
            "widget/check.html",
            given=given | {"quiet": _quiet_of_form(given["quiet"])},
            is_asked=any(given.values()),
            asks_for_nothing="read" in request.args and not any(given.values()),
            page=page,
            unread=unread,
            rows=list(rows_of(words, words_of(page, _tag(page)), _tag(page))) if page else [],
            faults=[*_faults_of_page(page, words), *faults],
            shown=_shown(choice),
            quiet=quiet_of(choice),
            snippet=tag(shop_settings()),
        )
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _values(name: str) -> list[str]:
    values = request.args.getlist(name)
    return values if name in {"tags", "products"} else values[:1]


def _page(given: Mapping[str, str]) -> tuple[StoryPage | None, str]:
    """Return the page when it was asked for and is ours, else nothing, or why it is not here."""
    is_alone = not any(value for name, value in given.items() if name != "url")
    if not (is_alone or request.args.get("read")) or not own_story(given["url"]):
        return None, ""
    try:
        return _read(given["url"]), ""
    except UnreadPageError as error:
        return None, why_unread(error)


def _read(url: str) -> StoryPage:
    if not _reading.acquire(blocking=False):
        raise TooManyReadersError
    try:
        return story_page(fetch_page(url, services().settings))
    finally:
        _reading.release()


def _tag(page: StoryPage) -> Tag:
    """Return the tag that stands first, or the one that somebody is about to paste."""
    return page.tags[0] if page.tags else Tag()


def _words(given: Mapping[str, str], page: StoryPage | None) -> tuple[Word, ...]:
    """Return what is asked by: the form's word where it has one, else the page's."""
    typed = tuple(Word(name, given[name], Source.FORM) for name in PARAMETERS)
    if page is None:
        return typed
    # The form's address says which page to read, and not what that page says.
    return tuple(
        mine if mine.value and mine.name != "url" else theirs
        for mine, theirs in zip(typed, words_of(page, _tag(page)), strict=True)
    )


def _faults_of_page(page: StoryPage | None, words: tuple[Word, ...]) -> Iterator[Fault]:
    if page is not None:
        yield from faults_of_tag(page, services().settings)
        yield from faults_of_place(page.url, words, services().settings)


def _shown(choice: Choice) -> list[tuple[ProductCard, str]]:
    ids = [pick.product_id for pick in choice.picks]
    cards = {card.product_id: card for card in cards_for(ids, now=services().clock.now())}
    return [(cards[p.product_id], ground_of(p)) for p in choice.picks if p.product_id in cards]


def _quiet_of_form(given: str) -> str:
    """Return the choice that stands for it: the page's word, quiet, or not quiet."""
    if not given:
        return ""
    return "0" if given.lower() in NOTHING else "1"
