"""Says what is wrong with the values that a card is asked by, wherever they come from."""

from collections.abc import Iterator

from flask_babel import gettext as _

from store.settings import Settings
from store.story_urls import is_ours, normal_url, origin_of
from store.widget.asking import HANDLE, MOST_COUNT, Question
from store.widget.choosing import Choice
from store.widget.mending.faults import SHOWN, Fault
from store.widget.reading.linked_data import NO_WORDS
from store.widget.reading.words import Source, Word, query_of_words
from store.widget.stories import (
    LONGEST_SECTION,
    LONGEST_TAG,
    LONGEST_TITLE,
    MOST_PRODUCTS,
    MOST_TAGS,
)

LONGEST_QUERY = 8_000
"""Bytes of an address that servers usually let pass."""


def faults_of_words(
    words: tuple[Word, ...], question: Question, choice: Choice, settings: Settings
) -> Iterator[Fault]:
    """Return what to mend in the values, and what the question made of them."""
    given = {word.name: word for word in words if word.value}
    if "url" in given:
        yield from _url(given["url"], settings)
    for name, longest in (("title", LONGEST_TITLE), ("section", LONGEST_SECTION)):
        if name in given:
            yield from _length(given[name], longest)
    if "tags" in given:
        yield from _tags(given["tags"].value)
    if "products" in given:
        yield from _products(given["products"].value, choice)
    if "count" in given:
        yield from _count(given["count"].value)
    if "locale" in given and not question.locale:
        words_of_it = _(
            "“%(value)s” is no locale that prices can be printed for, such as en-AU; the store’s"
            " own counts.",
            value=given["locale"].value[:SHOWN],
        )
        yield Fault("locale", words_of_it)
    yield from _address(words)


def faults_of_place(page_url: str, words: tuple[Word, ...], settings: Settings) -> Iterator[Fault]:
    """Return where a story is counted, when that is not the page on which its tag stands."""
    url = next(word for word in words if word.name == "url")
    known_as = normal_url(url.value)
    if not is_ours(known_as, settings.news_origins) or known_as == normal_url(page_url):
        return
    words_of_it = _("It names another page, and what readers do here is counted there.")
    if url.source is Source.CANONICAL:
        words_of_it = _(
            "The canonical link names another page, and what readers do here is counted there."
        )
    yield Fault("url", words_of_it)


def _url(word: Word, settings: Settings) -> Iterator[Fault]:
    known_as = normal_url(word.value)
    if is_ours(known_as, settings.news_origins):
        return
    if not known_as:
        words = _("It is no web address: give the whole one, with https://.")
    elif word.source is Source.CANONICAL:
        words = _(
            "The canonical link leads to %(origin)s, which is none of our news sites, so nothing"
            " is counted: mend it, or add its origin to STORE_NEWS_ORIGINS.",
            origin=origin_of(known_as)[:SHOWN],
        )
    else:
        words = _(
            "It is on none of our news sites, so it is not read and nothing is counted: add its"
            " origin to STORE_NEWS_ORIGINS."
        )
    yield Fault("url", words)


def _length(word: Word, longest: int) -> Iterator[Fault]:
    if len(" ".join(word.value.split())) > longest:
        yield Fault(word.name, _("It is cut after %(number)s characters.", number=longest))


def _tags(value: str) -> Iterator[Fault]:
    tags = list(dict.fromkeys(filter(None, map(str.strip, value.split(",")))))
    if len(tags) > MOST_TAGS:
        words = _(
            "There are %(number)s; the first %(most)s count.", number=len(tags), most=MOST_TAGS
        )
        yield Fault("tags", words)
    if any(len(tag) > LONGEST_TAG for tag in tags[:MOST_TAGS]):
        words = _(
            "One of them is cut after %(number)s characters: are they separated by commas?",
            number=LONGEST_TAG,
        )
        yield Fault("tags", words)
    if NO_WORDS in tags:
        words = _("The keywords in JSON-LD are objects, which the tag cannot read: write words.")
        yield Fault("tags", words)


def _products(value: str, choice: Choice) -> Iterator[Fault]:
    handles = list(dict.fromkeys(filter(None, map(str.strip, value.split(",")))))
    if len(handles) > MOST_PRODUCTS:
        words = _(
            "There are %(number)s; the first %(most)s count.",
            number=len(handles),
            most=MOST_PRODUCTS,
        )
        yield Fault("products", words)
    for handle in handles[: 2 * MOST_PRODUCTS]:
        if not HANDLE.fullmatch(handle.lower()):
            words = _(
                "“%(handle)s” is no handle: take it from the product’s address.",
                handle=handle[:SHOWN],
            )
            yield Fault("products", words)
    for handle in choice.unknown_products:
        words = _(
            "“%(handle)s” is not for sale here: look for a typing mistake, or wait for stock.",
            handle=handle,
        )
        yield Fault("products", words)


def _count(value: str) -> Iterator[Fault]:
    is_number = value.isascii() and value.isdigit() and len(value) < 4
    if not is_number or int(value) > MOST_COUNT:
        yield Fault("count", _("It goes from 0 to %(most)s.", most=MOST_COUNT))


def _address(words: tuple[Word, ...]) -> Iterator[Fault]:
    length = len(query_of_words(words))
    if length > LONGEST_QUERY:
        too_long = _(
            "All words together make an address of %(size)s kB, which many servers refuse:"
            " shorten them in the tag.",
            size=round(length / 1000),
        )
        yield Fault("card", too_long)
