"""Which views may be kept, for how long, and by which parameters of their address."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from store.web.page_copies import Lifetime

MARK = "page_policy"
LONGEST_QUERY = 512
MOST_PARAMETERS = 40

View = TypeVar("View", bound=Callable[..., object])
Canonical = Callable[[str], str]
"""Brings a query, as it stands in a WSGI environ, into the one form of all that ask the same."""


@dataclass(frozen=True, slots=True)
class PagePolicy:
    """How long a page is fresh, how long it may then stand in, and what it reads of its query."""

    seconds: int
    stale: int
    parameters: frozenset[str]
    choices: frozenset[str] = frozenset()
    """Parameters that are sets: given several times, in any order, they ask the same."""
    canonical: Canonical | None = None
    """Set for cards: they know longer queries, and have a share of the memory of their own."""

    def query(self, raw: str) -> str | None:
        """Return the query by which the page is known; None when it is too long to keep."""
        if self.canonical is not None:
            return self.canonical(raw)
        return known_query(raw, self.parameters, self.choices)


def cached_for(
    seconds: int,
    *,
    stale: int = 0,
    parameters: tuple[str, ...] = (),
    choices: tuple[str, ...] = (),
    canonical: Canonical | None = None,
) -> Callable[[View], View]:
    """Declare a GET view public: the same bytes for every reader, kept for this many seconds.

    The view is rendered for nobody: it sees its path and these parameters, no cookie, no other
    header. Its page also ends when the catalogue's version rises. What brings queries into a form
    of its own must bound them, and leave out what the view does not read.
    """
    policy = PagePolicy(
        seconds, stale, frozenset(parameters) | frozenset(choices), frozenset(choices), canonical
    )

    def mark(view: View) -> View:
        setattr(view, MARK, policy)
        return view

    return mark


def policy_of(view: Callable[..., object] | None) -> PagePolicy | None:
    policy: PagePolicy | None = getattr(view, MARK, None)
    return policy


def known_query(
    raw: str, parameters: frozenset[str], choices: frozenset[str] = frozenset()
) -> str | None:
    """Return the query with known parameters only, in one order; None when it is too long to keep.

    What is repeated keeps its order, unless it is a choice: of those each value counts once, in the
    order of the alphabet. What is given empty stays, because a view may tell it apart; a choice of
    nothing is none.
    """
    if not raw or not parameters:
        return ""
    if len(raw) > LONGEST_QUERY * 4:
        return None
    # A WSGI environ carries bytes as Latin-1.
    text = raw.encode("latin-1").decode(errors="replace")
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        return None
    known = [pair for pair in pairs if pair[0] in parameters - choices]
    known += sorted({pair for pair in pairs if pair[0] in choices and pair[1]})
    query = urlencode(sorted(known, key=lambda pair: pair[0]))
    return query if len(query) <= LONGEST_QUERY else None


def lifetime(
    policy: PagePolicy, now: datetime, zone: ZoneInfo, next_change: datetime | None
) -> Lifetime:
    """Return until when a page rendered now may be shown: never past a change known beforehand."""
    midnight = _next_midnight(now, zone)
    ends = min(midnight, next_change or midnight)
    fresh_until = min(now + timedelta(seconds=policy.seconds), ends)
    stale_until = min(fresh_until + timedelta(seconds=policy.stale), ends)
    return Lifetime(now, fresh_until, stale_until)


def _next_midnight(now: datetime, zone: ZoneInfo) -> datetime:
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=zone).astimezone(now.tzinfo)
