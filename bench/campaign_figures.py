"""What a campaign under a hail of kills came to, and whether each promise was kept."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles


@dataclass(frozen=True, slots=True)
class CampaignRun:
    database: str
    readers: int
    workers: int
    kills: int
    seconds: float
    """From its beginning until the last mail, waits for dead workers' claims among them."""
    per_second: float
    """While mails went at all: a second without any is no second of sending."""
    peak_megabytes: float
    """Of the worker that held the most memory at once."""
    written_to: int
    twice: int
    missing: int
    message_ids: int
    is_sent: bool
    order_waits_ms: list[float] = field(default_factory=list)
    """From the commit of an order's mail until the server had it, during the campaign."""
    order_waits_alone_ms: list[float] = field(default_factory=list)
    """The same in the same shop while nothing is sent to many."""
    order_mails_of_killed: int = 0
    """Whose worker was killed while it had them in hand: they wait for its claim to end."""

    def judged(self) -> dict[str, bool]:
        return {
            "every address is written to": self.missing == 0,
            "at most one mail a kill goes twice": self.twice <= self.kills,
            "a mail that goes twice has one Message-ID": self.message_ids == self.readers,
            "the campaign knows that it is sent": self.is_sent,
        }


def counted(recipients: Sequence[str], wanted: Sequence[str]) -> tuple[int, int, int]:
    """Return how many were written to, how many mails went twice, and who was left out."""
    times = Counter(recipients)
    extra = sum(number - 1 for number in times.values())
    return len(times), extra, len(set(wanted) - set(times))


def sending_rate(moments: Sequence[float]) -> float:
    """Return mails a second over those seconds in which any went."""
    busy = {int(moment) for moment in moments}
    return len(moments) / len(busy) if busy else 0.0


def section(runs: Sequence[CampaignRun], taken_at: str, machine: str) -> str:
    """Return the part of the page of figures; it begins with its heading."""
    about = (
        f"Taken {taken_at} on {machine}: a mail with four product cards to everybody, real worker"
        " processes of which one is killed by -9 and replaced at random points, a mail server on"
        " loopback that takes everything. Each mail is recorded in a transaction of its own."
    )
    again = (
        "Again: `.venv/bin/python -m bench.campaign --postgresql --workers 6"
        " --markdown docs/benchmarks.md`."
        " The minutes hold the two that those mails wait which a killed worker had claimed."
    )
    rows = [_row(COLUMNS), _row(["---"] * len(COLUMNS)), *(_row(_cells(run)) for run in runs)]
    return "\n".join(["## A campaign", "", about, "", *rows, "", again])


COLUMNS = (
    "",
    "readers",
    "workers",
    "kills",
    "mails twice",
    "left out",
    "mails/s",
    "minutes",
    "worker, most MB",
    "order mail alone, p50 / p95 ms",
    "order mail beside it, p50 / p95 / most ms",
    "kept",
)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cells(run: CampaignRun) -> list[str]:
    return [
        run.database,
        f"{run.readers:,}",
        str(run.workers),
        str(run.kills),
        str(run.twice),
        str(run.missing),
        f"{run.per_second:.0f}",
        f"{run.seconds / 60:.1f}",
        f"{run.peak_megabytes:.0f}",
        _spread(run.order_waits_alone_ms),
        f"{_spread(run.order_waits_ms)} / {max(run.order_waits_ms, default=0):.0f}",
        "yes" if all(run.judged().values()) else "**no**",
    ]


def _spread(waits: Sequence[float]) -> str:
    if len(waits) < 2:
        return "–"
    return f"{median(waits):.0f} / {quantiles(waits, n=20)[-1]:.0f}"
