"""What is measured, against what, and the bar that each figure has to clear."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Rate:
    """Requests a second of one address; it is compared with the rate named by `of`."""

    name: str
    per_second: float
    p50_ms: float
    p99_ms: float
    failures: int
    processor_ms: float
    of: str = ""
    bar: float | None = None
    beside: float | None = None
    """The ratio where both were measured in turn; else it is that of the rates."""

    @property
    def is_sound(self) -> bool:
        return self.failures == 0


@dataclass(frozen=True, slots=True)
class Amount:
    """Something that is not a rate: seconds, bytes, queries; less is better."""

    name: str
    value: float
    unit: str
    bar: float | None = None
    note: str = ""

    @property
    def clears(self) -> bool | None:
        return None if self.bar is None else self.value <= self.bar


@dataclass(frozen=True, slots=True)
class Chosen:
    """How well and how fast products are chosen for stories."""

    taken_at: str
    set_up: str
    quality: tuple[str, ...]
    """A line for each set of stories."""
    amounts: tuple[Amount, ...]


@dataclass(slots=True)
class Results:
    """Everything that one run found; rates are kept by name, in the order of measuring."""

    machine: dict[str, str]
    taken_at: str
    seconds: float
    set_up: str
    rates: dict[str, Rate] = field(default_factory=dict)
    amounts: list[Amount] = field(default_factory=list)
    chosen: Chosen | None = None

    def add(self, rate: Rate) -> None:
        self.rates[rate.name] = rate

    def ratio(self, rate: Rate) -> float | None:
        """Return the rate as a part of what it is compared with; None where a figure failed."""
        base = self.rates.get(rate.of)
        if base is None or not rate.is_sound or not base.is_sound:
            return None
        return rate.beside or rate.per_second / base.per_second

    def clears(self, rate: Rate) -> bool | None:
        """Say whether it clears its bar; None where it has none."""
        if rate.bar is None:
            return None
        ratio = self.ratio(rate)
        return ratio is not None and ratio >= rate.bar

    @property
    def is_good(self) -> bool:
        """Whether every answer was right and no bar was missed."""
        rates = self.rates.values()
        amounts = [*self.amounts, *(self.chosen.amounts if self.chosen else ())]
        cleared = [*map(self.clears, rates), *(amount.clears for amount in amounts)]
        return all(rate.is_sound for rate in rates) and False not in cleared
