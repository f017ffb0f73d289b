"""`python -m bench.weighing`: fits the weights by which headlines are told to be quiet."""

import csv
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf

import click

from bench.choosing import SETS, told
from bench.regression import SEED, Example, fitted, held_out_in_turn, score
from store.widget import weighing
from store.widget.quiet import decides, listed_features
from store.widget.stories import Story

SPENT = (
    "tuning",
    "tuning_two",
    "held_out",
    "held_out_two",
    "held_out_three",
    "held_out_four",
    "held_out_five",
)
HEADLINES = ("desk", "metro", "community", "world", "soft")
NEVER_LISTED = (
    "desk",
    "world",
    "soft",
    "held_out_two",
    "held_out_three",
    "held_out_four",
    "held_out_five",
)
"""The lists were written without these, so only here they find as little as they do in life."""
FOLDS = 8
STRENGTH = 0.3
FALSELY_QUIET = 0.1
"""How many of the ordinary stories may stay empty, judged on those held out in turn."""


@dataclass(frozen=True, slots=True)
class Known:
    """A headline of a set, with the answer of a careful editor."""

    name: str
    story: Story
    is_quiet: bool


@click.command()
@click.option("--write", is_flag=True, help="Write the weights; without it they are only judged.")
def main(*, write: bool) -> None:
    """Judge the weights on stories held out in turn, set by set; then fit them on all."""
    known = [*_of_stories(), *_of_headlines()]
    random.Random(SEED).shuffle(known)
    words = [Example(_said(k), k.is_quiet) for k in known]
    said = held_out_in_turn(words, STRENGTH, FOLDS)
    both = _listed_beside(known, said)
    beside = fitted(
        [e for k, e in zip(known, both, strict=True) if k.name in NEVER_LISTED], STRENGTH
    )
    judged = [
        (k, inf if decides(e.features) else score(beside, e.features))
        for k, e in zip(known, both, strict=True)
    ]
    enough = _threshold([s for k, s in judged if k.name in SPENT and not k.is_quiet])
    for name in (*SPENT, *HEADLINES):
        of_set = [(k.is_quiet, s >= enough) for k, s in judged if k.name == name]
        click.echo(f"{name}: {_told_apart(of_set)}")
    if write:
        _write(_joined(fitted(words, STRENGTH), beside, enough))


def _said(known: Known) -> dict[str, float]:
    return {**weighing.features_of(known.story), "bias": 1.0}


def _listed_beside(known: Sequence[Known], said: Sequence[float]) -> list[Example]:
    """Return what the lists find as features beside the one verdict of all words together."""
    return [
        Example({**listed_features(k.story), "said": s, "bias": 1.0}, k.is_quiet)
        for k, s in zip(known, said, strict=True)
    ]


def _joined(words: dict[str, float], beside: dict[str, float], enough: float) -> dict[str, float]:
    """Return one set of weights for both steps, shifted so that enough is 0."""
    trust = beside.pop("said")
    joined = {name: weight * trust for name, weight in words.items()} | {
        name: weight for name, weight in beside.items() if name != "bias"
    }
    joined["bias"] += beside["bias"] - enough
    return joined


def _threshold(glad: Sequence[float]) -> float:
    """Return a score that just so many of these stories pass."""
    highest = sorted(glad, reverse=True)
    most = int(FALSELY_QUIET * len(glad))
    return (highest[most - 1] + highest[most]) / 2


def _told_apart(answers: Sequence[tuple[bool, bool]]) -> str:
    sad = [found for is_quiet, found in answers if is_quiet]
    glad = [found for is_quiet, found in answers if not is_quiet]
    return (
        f"quiet recall {sum(sad) / len(sad):.3f}, falsely quiet {sum(glad) / len(glad):.3f}"
        f" of {len(answers)} stories"
    )


def _write(weights: dict[str, float]) -> None:
    hundredths = {name: round(weights[name] * weighing.PER_UNIT) for name in sorted(weights)}
    kept = {name: weight for name, weight in hundredths.items() if weight}
    text = json.dumps(kept, indent=0, ensure_ascii=False)
    weighing.FILE.write_text(f"{text}\n", encoding="utf-8")


def _of_stories() -> Iterator[Known]:
    for name in SPENT:
        for read in told(name):
            yield Known(name, read.story, bool(read.row.get("quiet")))


def _of_headlines() -> Iterator[Known]:
    for name in HEADLINES:
        with (SETS / "headlines" / f"{name}.csv").open(newline="") as lines:
            for row in csv.DictReader(lines):
                tags = tuple(filter(None, row["tags"].split("|")))
                story = Story(title=row["title"], section=row["section"], tags=tags)
                yield Known(name, story, row["quiet"] == "1")


if __name__ == "__main__":
    main()
