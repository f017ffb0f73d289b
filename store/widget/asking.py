"""Reads the question of a card from its query: whatever is sent, a story that makes sense."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote_plus, unquote_plus

from babel import Locale
from babel.core import UnknownLocaleError

from store.story_urls import normal_url
from store.widget.stories import (
    LONGEST_HANDLE,
    LONGEST_SECTION,
    LONGEST_TAG,
    LONGEST_TITLE,
    MOST_PRODUCTS,
    MOST_TAGS,
    Story,
)

PARAMETERS = ("url", "title", "section", "tags", "products", "quiet", "count", "locale")
"""In the order in which the tag writes them, so that most questions are in one form already."""
USUAL_COUNT = 3
MOST_COUNT = 4
MOST_FIELDS = 600
LONGEST_FIELD = 16_000
"""Bytes of a value that are looked at; what is further back would be cut anyhow."""
NOTHING = frozenset({"", "0", "false", "no", "off"})
HANDLE = re.compile(rf"[a-z0-9][a-z0-9-]{{0,{LONGEST_HANDLE - 1}}}")
TERRITORY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Question:
    """A story, and the locale that its readers read; empty for the shop's own."""

    story: Story = field(default_factory=Story)
    locale: str = ""
    """A language and, where known, a territory, as in en-AU."""


def question_of(raw: str) -> Question:
    """Return what a query asks, each value bounded, in normal form, or left out as nonsense."""
    given = _fields(raw)
    story = Story(
        url=normal_url(given.get("url", "")),
        title=_line(given.get("title", ""), LONGEST_TITLE),
        section=_line(given.get("section", ""), LONGEST_SECTION),
        tags=_tags(given.get("tags", "")),
        products=_handles(given.get("products", "")),
        is_quiet=given.get("quiet", "").strip().lower() not in NOTHING,
        count=_count(given.get("count", "")),
    )
    return Question(story, _locale(given.get("locale", "")))


def query_of(question: Question) -> str:
    """Return the one query by which a question is known: the page memory keeps its card under it.

    It is written as browsers write a form. A quiet story carries no products, so what would
    choose them is left out.
    """
    story = question.story
    asked = {"url": story.url}
    if not story.is_quiet:
        asked |= {
            "title": story.title,
            "section": story.section,
            "tags": ",".join(story.tags),
            "products": ",".join(story.products),
        }
    asked |= {
        "quiet": "1" if story.is_quiet else "",
        "count": "" if story.is_quiet or story.count == USUAL_COUNT else str(story.count),
        "locale": question.locale,
    }
    return "&".join(f"{name}={_encoded(asked[name])}" for name in PARAMETERS if asked.get(name))


def canonical_query(raw: str) -> str:
    """Return the form under which all queries that ask the same share one card."""
    return query_of(question_of(raw))


def _fields(raw: str) -> dict[str, str]:
    """Return the first value of each known field; the lists gather all that were sent."""
    found: dict[str, str] = {}
    for name, value in _pairs(raw):
        if name not in found:
            found[name] = value
        elif name in {"tags", "products"} and len(found[name]) < LONGEST_FIELD:
            found[name] += f",{value}"
    return found


def _pairs(raw: str) -> Iterator[tuple[str, str]]:
    for part in raw.split("&", MOST_FIELDS)[:MOST_FIELDS]:
        name, _, value = part.partition("=")
        if name in PARAMETERS:
            # A WSGI environ carries bytes as Latin-1.
            text = value[:LONGEST_FIELD].encode("latin-1", "replace").decode(errors="replace")
            yield name, unquote_plus(text, errors="replace")


def _line(text: str, longest: int) -> str:
    """Return the text on one line, without what no headline holds, cut where it is too long."""
    printable = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(printable.split())[:longest].rstrip()


def _tags(text: str) -> tuple[str, ...]:
    tags = (_line(tag, LONGEST_TAG) for tag in text.split(","))
    return tuple(dict.fromkeys(filter(None, tags)))[:MOST_TAGS]


def _handles(text: str) -> tuple[str, ...]:
    handles = (handle.strip().lower() for handle in text.split(","))
    return tuple(dict.fromkeys(filter(HANDLE.fullmatch, handles)))[:MOST_PRODUCTS]


def _count(text: str) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) < 4
    return min(int(text), MOST_COUNT) if is_number else USUAL_COUNT


def _locale(text: str) -> str:
    """Return a locale that the shop can print prices for; empty for what is none."""
    language, *parts = text.strip().replace("_", "-").split("-")[:4]
    territory = next((part for part in map(str.upper, parts) if TERRITORY.fullmatch(part)), "")
    wanted = "-".join(filter(None, (language.lower(), territory)))
    for name in (wanted, language.lower()):
        try:
            Locale.parse(name, sep="-")
        except (UnknownLocaleError, ValueError, TypeError):
            continue
        return name
    return ""


def _encoded(text: str) -> str:
    return quote_plus(text, safe="*").replace("~", "%7E")
