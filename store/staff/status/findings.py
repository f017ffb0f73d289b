"""What a look at the shop comes to: a verdict, words, and what to do about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from flask_babel import LazyString, format_timedelta
from sqlalchemy import RowMapping

from store.checkout.vitals import campaign_counts, looked_at
from store.jobs.leases import living_workers
from store.mail.resting import relay_trouble
from store.services import Services


class Verdict(StrEnum):
    """How well something is, the worst first; the values are as states are painted."""

    BAD = "bad"
    WARN = "warn"
    UNKNOWN = ""
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class Way:
    """Where in the rooms of staff something is mended."""

    path: str
    title: str


@dataclass(frozen=True, slots=True)
class Finding:
    about: str
    verdict: Verdict
    words: str
    advice: str = ""
    way: Way | None = None

    @property
    def wants_a_hand(self) -> bool:
        return self.verdict in {Verdict.BAD, Verdict.WARN}


@dataclass(frozen=True, slots=True)
class Area:
    """Findings that stand together; the key names them in the page's address."""

    key: str
    title: LazyString
    findings: Sequence[Finding]


@dataclass(frozen=True, slots=True)
class Seen:
    """What was asked for once, for all who look at it."""

    now: datetime
    found: RowMapping
    workers: int
    campaigns: dict[tuple[str, str], int]
    mail_server: str
    services: Services = field(repr=False)

    def since(self, name: str) -> timedelta | None:
        """Return how long something goes on or ago it was; None where there was nothing."""
        moment: datetime | None = self.found[name]
        return None if moment is None else max(timedelta(), self.now - moment)


def see(services: Services) -> Seen:
    """Ask the database four things, each by an index or of a few rows."""
    now = services.clock.now()
    return Seen(
        now,
        looked_at(now),
        living_workers(services.clock),
        campaign_counts(),
        relay_trouble(),
        services,
    )


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Return what wants a hand, in the order in which it matters."""
    order = list(Verdict)
    wanting = [finding for finding in findings if finding.wants_a_hand]
    return sorted(wanting, key=lambda finding: order.index(finding.verdict))


def long_words(length: timedelta) -> str:
    """Return a length of time as people say it: 3 minutes, 2 days."""
    return str(format_timedelta(length, threshold=0.99))
