"""What two runs of the benches are told apart by: worse is said, chance is not."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from bench.__main__ import main
from bench.comparing import figures_of, worse
from bench.everything import BENCHES, Again, Bench, Gathered, Ran, as_json, compared, gather, read
from bench.figures import Amount, Rate, Results
from store.paths import ROOT

TOLD = [
    {"name": "Product page", "processor_ms": 4.0, "queries": 7, "note": "x", "is_page": True},
    {"name": "Weight", "value": 41.5, "unit": "kB"},
    {"database": "SQLite", "waits": {"check out": {"p50_ms": 90.0, "times": 3}}},
]
PAGE = "Product page · processor_ms"


def a_run(**figures: float) -> Gathered:
    named = {name.replace("_ms", " · processor_ms"): value for name, value in figures.items()}
    return Gathered("today", "short", {}, {"shop": Ran(1.0, "kept all bars", named, 10.0)})


def the_same(run: Gathered) -> Again:
    """Find once more what was found."""
    return lambda _names: run


def test_figures_are_named_by_what_they_are_of() -> None:
    assert dict(figures_of(TOLD)) == {
        "Product page · processor_ms": 4.0,
        "Product page · queries": 7.0,
        "Weight · kB": 41.5,
        "SQLite · waits · check out · p50_ms": 90.0,
    }


@pytest.mark.parametrize(
    ("name", "before", "now", "is_worse"),
    [
        (PAGE, 4.0, 4.8, False),
        (PAGE, 4.0, 6.0, True),
        (PAGE, 4.0, 2.0, False),
        ("A tiny page · processor_ms", 0.1, 0.3, False),
        ("Product page · queries", 7, 8, True),
        ("Home · ratio", 0.6, 0.45, True),
        ("Home · ratio", 0.6, 0.57, False),
        ("Home · per_second", 900, 500, True),
        ("Weight · kB", 41.5, 48.0, True),
    ],
)
def test_worse_is_what_chance_does_not_explain(
    name: str, before: float, now: float, *, is_worse: bool
) -> None:
    assert bool(worse({name: before}, {name: now}, 1.0)) is is_worse


def test_a_machine_that_is_twice_as_slow_makes_nothing_worse() -> None:
    slow = {PAGE: 8.0, "Home · per_second": 450.0, "Product page · queries": 7.0}
    before = {PAGE: 4.0, "Home · per_second": 900.0, "Product page · queries": 7.0}

    assert worse(before, slow, 2.0) == []
    assert [one.name for one in worse(before, slow, 1.0)]


def test_what_became_worse_is_said_the_worst_first() -> None:
    said: list[str] = []
    now = a_run(one_ms=8.0, two_ms=20.0)

    assert compared(a_run(one_ms=4.0, two_ms=4.0), now, said.append, the_same(now))
    assert said[-1].index("5.00 × shop · two") < said[-1].index("2.00 × shop · one")


def test_what_is_worse_but_once_is_chance() -> None:
    said: list[str] = []
    asked: list[Sequence[str]] = []
    before = a_run(one_ms=4.0, two_ms=4.0)

    def again(names: Sequence[str]) -> Gathered:
        asked.append(names)
        return a_run(one_ms=20.0, two_ms=4.0)

    assert not compared(before, a_run(one_ms=4.0, two_ms=20.0), said.append, again)
    assert asked == [["shop"]]
    assert said[-1] == "Nothing became worse than chance explains."


def test_what_could_not_be_measured_twice_is_told() -> None:
    before, now = a_run(one_ms=4.0), a_run(one_ms=20.0)
    left_out = replace(now, benches={"shop": Ran(0.0, "left out: the budget is used up")})

    assert compared(before, now, lambda _words: None, the_same(left_out))


def test_each_bench_is_compared_by_the_pace_of_its_own_minutes() -> None:
    before = a_run(one_ms=4.0)
    slow = {"shop": replace(before.benches["shop"], figures={PAGE: 8.0}, yardstick_ms=20.0)}
    now = replace(before, benches=slow)

    assert not compared(before, now, lambda _words: None, the_same(now))


def test_a_run_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    path.write_text(as_json(a_run(one_ms=4.0)), encoding="utf-8")

    assert read(path) == a_run(one_ms=4.0)


def test_short_and_long_forms_are_never_compared() -> None:
    told = json.loads(as_json(a_run(one_ms=4.0)))
    long = Gathered(**{**told, "form": "long", "benches": {}})

    assert compared(a_run(one_ms=4.0), long, lambda _words: None, the_same(long))


def test_what_does_not_fit_into_the_budget_is_left_out_and_told() -> None:
    said: list[str] = []
    hours = Bench("hours", (), (), 7_200, 7_200)

    gathered = gather([hours], None, said.append, is_long=False, budget_seconds=60)

    assert gathered.unkept == ["hours"]
    assert "left out" in said[0]


def test_a_bench_that_does_not_end_is_ended_and_told() -> None:
    said: list[str] = []
    endless = Bench("endless", (), (), 0.2, 0.2, module="tests.repository.never_ends")

    gathered = gather([endless], None, said.append, is_long=False, budget_seconds=60)

    assert gathered.unkept == ["endless"]
    assert "ended after 1 s" in said[0]


def test_a_bench_that_misses_a_bar_says_which_and_keeps_its_figures() -> None:
    said: list[str] = []
    missing = Bench("missing", (), (), 5, 5, module="tests.repository.misses_a_bar")

    gathered = gather([missing], None, said.append, is_long=False, budget_seconds=60)

    assert gathered.unkept == ["missing"]
    assert gathered.benches["missing"].figures == {"Cart · p95_ms": 120.0}
    assert "ended with 1: | Cart | 120 | **no** |" in said[0]
    assert "Home" not in said[0]


@pytest.mark.parametrize(("megabytes", "per_second"), [(151, 100), (149, 59)])
def test_the_shop_misses_a_bar_by_an_amount_or_by_a_rate(
    megabytes: float, per_second: float
) -> None:
    results = some_results(149, 60)
    assert results.is_good

    assert not some_results(megabytes, per_second).is_good


def some_results(megabytes: float, per_second: float) -> Results:
    results = Results({}, "today", 1.0, "two cores")
    results.amounts.append(Amount("Web process", megabytes, "MB", bar=150))
    results.add(Rate("Bare function", 100, 1.0, 2.0, 0, 0.1))
    results.add(Rate("Home", per_second, 1.0, 2.0, 0, 0.1, of="Bare function", bar=0.6))
    return results


def test_every_bench_of_the_project_is_among_them() -> None:
    commands = {
        path.stem
        for path in (ROOT / "bench").glob("*.py")
        if '"""`python -m bench.' in path.read_text(encoding="utf-8")[:40]
    }
    helpers = {"price_changes", "stories", "weighing"}

    assert commands - helpers <= {bench.name for bench in BENCHES}


def test_the_command_ends_with_2_where_a_bench_gave_nothing() -> None:
    result = CliRunner().invoke(main, ["--all", "--budget", "0"])

    assert result.exit_code == 2


@pytest.mark.parametrize("written", ["", "[]", "{}", '{"benches": {}, "yardstick_ms": 9.0}'])
def test_figures_that_cannot_be_compared_are_refused_before_anything_is_measured(
    tmp_path: Path, written: str
) -> None:
    path = tmp_path / "old.json"
    path.write_text(written)

    result = CliRunner().invoke(main, ["--all", "--budget", "0", "--compare", str(path)])

    assert result.exit_code == 2
    assert "holds no figures" in result.output
    assert "left out" not in result.output
