"""Tells the results as a page of Markdown and as JSON."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from bench.figures import Amount, Chosen, Rate, Results

PARTS = re.compile(r"^(?=##? )", re.MULTILINE)
"""Where the parts of a page begin; each is written by the command that measures it."""
READ_ME = (
    "Read the ratios, not the rates: everything was measured in one run on one machine, so a ratio "
    "says what the shop adds to the least that could answer the same, and it travels to other "
    "machines where a rate does not. "
    "A bar is what this shop asks of itself; a figure with a failed answer in it counts as failed, "
    "however fast it was. MB are a million bytes."
)

AGAIN = (
    "Again: `.venv/bin/python -m bench --postgresql --markdown docs/benchmarks.md` writes this and "
    "the part about stories; every other part names the command that writes it. "
    "`python -m bench --all --json NEW.json --compare OLD.json` runs all of them in a form of "
    "minutes and tells what became worse than chance explains; `--all --long --budget 240 "
    "--markdown docs/benchmarks.md` writes every part anew."
)


def markdown(results: Results) -> str:
    parts = [
        "# Benchmarks",
        "",
        READ_ME,
        "",
        f"Taken {results.taken_at}; {results.set_up}",
        "",
        *_rates(results),
        "",
        *_amounts(results.amounts),
        "",
        *_machine(results),
        "",
        AGAIN,
    ]
    return "\n".join(parts) + "\n"


def stories_section(chosen: Chosen) -> list[str]:
    """Return the part that tells how products are chosen for stories."""
    return [
        "## Products for stories",
        "",
        f"Taken {chosen.taken_at}; {chosen.set_up}",
        "",
        *(f"- {line}" for line in chosen.quality),
        "",
        *_amounts(chosen.amounts),
        "",
    ]


def put_part(path: Path, part: str) -> None:
    """Write a part, which begins with its heading, where it stood before; a new one comes last."""
    page = path.read_text(encoding="utf-8") if path.exists() else ""
    parts = [kept for kept in PARTS.split(page) if kept.strip()]
    headings = [kept.partition("\n")[0] for kept in parts]
    heading = part.partition("\n")[0]
    at = headings.index(heading) if heading in headings else len(parts)
    parts[at : at + 1] = [part]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join(kept.strip() for kept in parts) + "\n", encoding="utf-8")


def tell_figures(figures: object, json_path: Path | None) -> None:
    """Print figures as JSON, and write them where somebody asks for them."""
    told = json.dumps(figures, indent=2, ensure_ascii=False)
    click.echo(told)
    if json_path:
        json_path.parent.mkdir(parents=True, exist_ok=True)
        json_path.write_text(f"{told}\n", encoding="utf-8")


def as_json(results: Results) -> str:
    rates = [
        asdict(rate) | {"ratio": results.ratio(rate), "clears": results.clears(rate)}
        for rate in results.rates.values()
    ]
    amounts = [asdict(amount) | {"clears": amount.clears} for amount in results.amounts]
    whole = asdict(results) | {"rates": rates, "amounts": amounts}
    return json.dumps(whole, indent=2) + "\n"


def _rates(results: Results) -> list[str]:
    head = "| | ratio | of | bar | cleared | requests/s | p50 ms | p99 ms | processor ms | failed |"
    return [head, _rule(10), *(_rate(rate, results) for rate in results.rates.values())]


def _rate(rate: Rate, results: Results) -> str:
    ratio = results.ratio(rate)
    cells = [
        rate.name,
        _ratio(ratio) if ratio is not None else ("failed" if rate.of else "–"),
        rate.of or "–",
        "–" if rate.bar is None else f"≥ {_ratio(rate.bar)}",
        _yes(results.clears(rate)),
        f"{rate.per_second:,.0f}",
        f"{rate.p50_ms:.1f}",
        f"{rate.p99_ms:.1f}",
        f"{rate.processor_ms:.3f}",
        str(rate.failures),
    ]
    return _row(cells)


def _amounts(amounts: Sequence[Amount]) -> list[str]:
    rows = [
        _row(
            [
                amount.name,
                f"{_number(amount.value)} {amount.unit}",
                "–" if amount.bar is None else f"≤ {_number(amount.bar)} {amount.unit}",
                _yes(amount.clears),
                amount.note or "–",
            ]
        )
        for amount in amounts
    ]
    return ["| | measured | bar | cleared | |", _rule(5), *rows]


def _machine(results: Results) -> list[str]:
    rows = [_row([name, words]) for name, words in results.machine.items()]
    return ["| machine | |", _rule(2), *rows]


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _rule(columns: int) -> str:
    return "|---" * columns + "|"


def _ratio(ratio: float) -> str:
    return f"{ratio:.2f} ×" if ratio >= 1 else f"{ratio * 100:.0f} %"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"


def _yes(clears: bool | None) -> str:  # noqa: FBT001 - a cell of the table, not a choice
    return {True: "yes", False: "**no**", None: "–"}[clears]
