"""Which views may be kept, for how long, and by which parameters of their address."""

from collections.abc import Callable, Sequence
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
NextChange = Callable[[datetime], datetime | None]
"""Given now, the next moment at which public pages change by themselves."""


@dataclass(frozen=True, slots=True)
class PagePolicy:
    """How long a page is fresh, how long it may then stand in, and what it reads of its query."""

    seconds: int
    stale: int
    parameters: frozenset[str]


def cached_for(
    seconds: int, *, stale: int = 0, parameters: tuple[str, ...] = ()
) -> Callable[[View], View]:
    """Declare a GET view public: the same bytes for every reader, kept for this many seconds.

    The view is rendered for nobody: it sees its path and these parameters, no cookie, no other
    header. Its page also ends when the catalogue's version rises.
    """
    policy = PagePolicy(seconds, stale, frozenset(parameters))

    def mark(view: View) -> View:
        setattr(view, MARK, policy)
        return view

    return mark


def policy_of(view: Callable[..., object] | None) -> PagePolicy | None:
    policy: PagePolicy | None = getattr(view, MARK, None)
    return policy


def known_query(raw: str, parameters: frozenset[str]) -> str | None:
    """Return the query with known parameters only, in one order; None when it is too long to keep.

    What is repeated keeps its order; what is given empty stays, because a view may tell it apart.
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
    known = [pair for pair in pairs if pair[0] in parameters]
    query = urlencode(sorted(known, key=lambda pair: pair[0]))
    return query if len(query) <= LONGEST_QUERY else None


class Schedule:
    """When public pages change by themselves, asked of the rooms once for each version."""

    def __init__(self, next_changes: Sequence[NextChange], zone: ZoneInfo) -> None:
        self._next_changes = next_changes
        self._zone = zone
        self._known: tuple[int, datetime] | None = None

    def next_change(self, now: datetime, version: int) -> datetime:
        known = self._known
        if known is None or known[0] != version or known[1] <= now:
            moments = [change(now) for change in self._next_changes]
            ends = min([_next_midnight(now, self._zone), *filter(None, moments)])
            self._known = known = (version, ends)
        return known[1]


def lifetime(policy: PagePolicy, now: datetime, ends: datetime) -> Lifetime:
    """Return until when a page rendered now may be shown: never past a change known beforehand."""
    fresh_until = min(now + timedelta(seconds=policy.seconds), ends)
    stale_until = min(fresh_until + timedelta(seconds=policy.stale), ends)
    return Lifetime(now, fresh_until, stale_until)


def _next_midnight(now: datetime, zone: ZoneInfo) -> datetime:
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=zone).astimezone(now.tzinfo)
