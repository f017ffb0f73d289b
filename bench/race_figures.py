"""What the races came to: who had it, who was told, how long it took, and whether it held."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles


@dataclass(frozen=True, slots=True)
class Race:
    database: str
    name: str
    processes: int
    endings: Counter[str]
    """How each contender's try ended, in a word."""
    seconds: float
    """From the moment in which all began until the last one knew."""
    answers_ms: list[float]
    """How long each waited for the answer that decided."""
    faults: list[str]
    """What is not as it has to be afterwards; nothing where the race was fair."""
    said: Counter[str] = field(default_factory=Counter)
    """The words that were shown to those who came too late."""

    @property
    def contenders(self) -> int:
        return self.endings.total()


def section(races: Sequence[Race], taken_at: str, machine: str, again: str) -> str:
    """Return the part of the page of figures; it begins with its heading."""
    about = (
        f"Taken {taken_at} on {machine}: each contender is a connection and a cart of its own, all"
        " begin at one moment, and whoever gets to the pay page pays. Web processes are real ones,"
        " each at a port of its own. Afterwards every row is compared with its ledger and"
        " everything with the payment sandbox; a race with a difference ends the command with 1."
    )
    rows = [_row(COLUMNS), _row(["---"] * len(COLUMNS)), *(_row(_cells(race)) for race in races)]
    told = [
        f"- {race.database}, {race.name.lower()}: {_words(race)}" for race in races if race.said
    ]
    late = ["Who came too late read in her cart:", "", *told]
    return "\n".join(["## Races", "", about, "", *rows, "", *late, "", f"Again: `{again}`."])


COLUMNS = (
    "",
    "race",
    "processes",
    "contenders",
    "how it ended",
    "first to last",
    "answer, p50 / p95 / most ms",
    "as it has to be",
)


def _words(race: Race) -> str:
    return "; ".join(f"{words} ({count:,})" for words, count in race.said.most_common())


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cells(race: Race) -> list[str]:
    return [
        race.database,
        race.name,
        str(race.processes),
        f"{race.contenders:,}",
        ", ".join(f"{count:,} {ending}" for ending, count in race.endings.most_common()),
        f"{race.seconds:.1f} s",
        _spread(race.answers_ms),
        "yes" if not race.faults else f"**no**: {race.faults[0]}",
    ]


def _spread(waits: Sequence[float]) -> str:
    if len(waits) < 2:
        return "–"
    return f"{median(waits):,.0f} / {quantiles(waits, n=20)[-1]:,.0f} / {max(waits):,.0f}"
