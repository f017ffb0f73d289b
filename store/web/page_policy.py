"""Which views may be kept, for how long, and by which parameters of their address."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

import werkzeug.urls  # noqa: F401 - it registers how invalid bytes are read, by Flask and here

from store.web.page_copies import Lifetime

MARK = "page_policy"
LONGEST_QUERY = 512
MOST_PARAMETERS = 40
STAY_QUOTED = "werkzeug.url_quote"
"""How Flask reads bytes that are no UTF-8; a page read otherwise would not be the same page."""

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
    reads_first_only: bool = False
    """What is repeated counts once, as it was given first."""

    def query(self, raw: str) -> str | None:
        """Return the query by which the page is known; None when it is too long to keep."""
        if self.canonical is not None:
            return self.canonical(raw)
        return known_query(raw, self.parameters, self.choices, first_only=self.reads_first_only)


def cached_for(
    seconds: int,
    *,
    stale: int = 0,
    parameters: tuple[str, ...] = (),
    choices: tuple[str, ...] = (),
    canonical: Canonical | None = None,
    reads_first_only: bool = False,
) -> Callable[[View], View]:
    """Declare a GET view public: the same bytes for every reader, kept for this many seconds.

    The view is rendered for nobody: it sees its path and these parameters, no cookie, no other
    header. Its page also ends when the catalogue's version rises. What brings queries into a form
    of its own must bound them, and leave out what the view does not read.
    """
    choice_names = frozenset(choices)
    policy = PagePolicy(
        seconds,
        stale,
        frozenset(parameters) | choice_names,
        choice_names,
        canonical,
        reads_first_only,
    )

    def mark(view: View) -> View:
        setattr(view, MARK, policy)
        return view

    return mark


def policy_of(view: Callable[..., object] | None) -> PagePolicy | None:
    policy: PagePolicy | None = getattr(view, MARK, None)
    return policy


def known_query(
    raw: str,
    parameters: frozenset[str],
    choices: frozenset[str] = frozenset(),
    *,
    first_only: bool = False,
) -> str | None:
    """Return the query with known parameters only, in one order; None when it is too long to keep.

    What is repeated keeps its order, unless it is a choice: of those each value counts once, in the
    order of the alphabet. What is given empty stays, because a view may tell it apart; a choice of
    nothing is none.
    """
    if not raw or not parameters:
        return ""
    # A WSGI environ carries bytes as Latin-1.
    text = raw.encode("latin-1").decode(errors=STAY_QUOTED)
    named = "&".join(part for part in text.split("&") if _may_name(part, parameters))
    pairs = parse_qsl(named, keep_blank_values=True, errors=STAY_QUOTED)
    known = [pair for pair in pairs if pair[0] in parameters - choices]
    if first_only:
        known = list(dict(reversed(known)).items())
    known += sorted({pair for pair in pairs if pair[0] in choices and pair[1]})
    if len(known) > MOST_PARAMETERS:
        return None
    query = urlencode(sorted(known, key=lambda pair: pair[0]))
    return query if len(query) <= LONGEST_QUERY else None


def _may_name(part: str, parameters: frozenset[str]) -> bool:
    """Say whether it is worth reading: thousands of unknown parameters cost a look each."""
    name = part.partition("=")[0]
    return name in parameters or "%" in name


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
    return _midnight_after(now.astimezone(zone).date(), zone)


@lru_cache(maxsize=8)
def _midnight_after(day: date, zone: ZoneInfo) -> datetime:
    tomorrow = day + timedelta(days=1)
    midnight = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=zone)
    return midnight.astimezone(UTC)
