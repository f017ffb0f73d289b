"""Says what the tag's script would ask a card by, value by value, and where it takes each from."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from urllib.parse import urlencode, urlsplit

from store.widget.asking import PARAMETERS
from store.widget.reading.linked_data import as_list, as_words
from store.widget.reading.pages import StoryPage, Tag

# As in static/widget/tag.js; a test compares them.
LIMITS = MappingProxyType(
    {"theme": "auto|light|dark", "count": "[0-4]", "newsletter": "on|off", "heading-level": "[2-6]"}
)
OTHERWISE = MappingProxyType(
    {"theme": "auto", "count": "3", "newsletter": "on", "heading-level": "2"}
)
ATTRIBUTES = ("store", *PARAMETERS, "theme", "newsletter", "heading-level")


class Source(StrEnum):
    """Where a value was found."""

    FORM = "form"
    ATTRIBUTE = "attribute"
    CANONICAL = "canonical"
    ADDRESS = "address"
    """The page's own."""
    META = "meta"
    LINKED_DATA = "linked_data"
    TITLE = "title"
    LANGUAGE = "language"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Word:
    """One value that a card is asked by."""

    name: str
    value: str
    source: Source
    inside: str = ""
    """The property of the meta element or of the JSON-LD."""


def words_of(page: StoryPage, tag: Tag) -> tuple[Word, ...]:
    """Return the words of a question in its order, each from the first place that has it."""
    return tuple(_word(name, page, tag) for name in PARAMETERS)


def query_of_words(words: tuple[Word, ...]) -> str:
    """Return the query that the tag would send."""
    return urlencode({word.name: word.value for word in words if word.value})


def has_sound(name: str, attributes: Mapping[str, str]) -> bool:
    """Whether a limited attribute is there with a value that the script takes."""
    return name in attributes and re.fullmatch(LIMITS[name], attributes[name]) is not None


def _word(name: str, page: StoryPage, tag: Tag) -> Word:
    if name == "quiet":
        is_quiet = name in tag.attributes
        return Word(name, "1", Source.ATTRIBUTE) if is_quiet else Word(name, "", Source.NOWHERE)
    if name in LIMITS:
        is_given = has_sound(name, tag.attributes)
        value = tag.attributes[name] if is_given else ""
        return Word(name, value, Source.ATTRIBUTE if is_given else Source.NOWHERE)
    # An attribute counts as soon as it is there, be it empty.
    if name in tag.attributes:
        return Word(name, tag.attributes[name], Source.ATTRIBUTE)
    return next(
        (word for word in _others(name, page) if word.value), Word(name, "", Source.NOWHERE)
    )


def _others(name: str, page: StoryPage) -> Iterator[Word]:
    if name == "url":
        yield Word(name, page.canonical, Source.CANONICAL)
        yield Word(name, urlsplit(page.url)._replace(query="").geturl(), Source.ADDRESS)
    elif name == "title":
        yield Word(name, _first(page, "og:title"), Source.META, "og:title")
        yield Word(name, as_words(page.linked_data.get("headline")), Source.LINKED_DATA, "headline")
        yield Word(name, page.title, Source.TITLE)
    elif name == "section":
        yield Word(name, _first(page, "article:section"), Source.META, "article:section")
        sections = as_list(page.linked_data.get("articleSection"))[:1]
        yield Word(name, "".join(map(as_words, sections)), Source.LINKED_DATA, "articleSection")
    elif name == "tags":
        yield Word(
            name, ",".join(page.properties.get("article:tag", ())), Source.META, "article:tag"
        )
        keywords = as_words(as_list(page.linked_data.get("keywords")))
        yield Word(name, keywords, Source.LINKED_DATA, "keywords")
    elif name == "locale":
        yield Word(name, page.language, Source.LANGUAGE)


def _first(page: StoryPage, named: str) -> str:
    return next(iter(page.properties.get(named, ())), "")
