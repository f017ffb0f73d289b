"""What a reader may be written to about; each campaign is about one of them."""

from collections.abc import Iterable
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l


class Topic(StrEnum):
    DROPS = "drops"
    SALES = "sales"
    BACK_IN_STOCK = "back_in_stock"


TITLES: dict[Topic, LazyString] = {
    Topic.DROPS: _l("New things in the shop"),
    Topic.SALES: _l("Sales"),
    Topic.BACK_IN_STOCK: _l("What is back in stock"),
}
EVERYTHING = tuple(Topic)
"""What somebody gets who chose nothing."""


def known_topics(given: Iterable[str]) -> tuple[Topic, ...]:
    """Return those of ours among what was given, each once, in our order."""
    chosen = frozenset(given)
    return tuple(topic for topic in Topic if topic in chosen)


def topic_titles(topics: Iterable[str]) -> list[str]:
    """Return what topics are called."""
    return [str(TITLES[topic]) for topic in known_topics(topics)]
