"""`python -m bench.nodes`: one shop on two machines, and whether it keeps what it promises."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import click

from bench.loading import result_in
from bench.machine import processors, taken_at
from bench.nodes_figures import Kept, NodesRun, Throughput, section
from bench.serving import Server
from bench.writing import put_part, tell_figures
from store.paths import ROOT
from store.web.assets import ensure_built
from tests.nodes import promises
from tests.nodes.cluster import Cluster, Node
from tests.nodes.load import Told
from tests.nodes.places import by_port, have_networks, in_networks, inside_new_network
from tests.nodes.release import next_release
from tests.nodes.setting_up import a_cluster, missing
from tests.throwaway_pgbouncer import find_pgbouncer

INSIDE = "BENCH_NODES_INSIDE"
"""Set once the program runs in a network of its own."""
MOST_SECONDS = 2.0
"""Within which an edit at one node is on the pages of all; the shop says within one."""
CONNECTIONS = 16


@dataclass(frozen=True, slots=True)
class Plan:
    edits: int
    jobs: int
    turns: int
    readers: int
    rounds: int
    kills: int
    seconds: float


@click.command()
@click.option("--edits", default=40, show_default=True)
@click.option("--jobs", default=200, show_default=True)
@click.option("--turns", default=10, show_default=True, help="How often a sweep is made due.")
@click.option("--readers", default=6, show_default=True, help="Who come while nodes come and go.")
@click.option("--rounds", default=5, show_default=True, help="How often every node is replaced.")
@click.option("--kills", default=5, show_default=True)
@click.option("--seconds", default=8.0, show_default=True, help="Of each rate; 0 for none.")
@click.option("--pgbouncer", is_flag=True, help="All of it behind a PgBouncer as well.")
@click.option("--by-port", "is_by_port", is_flag=True, help="Nodes at ports, without namespaces.")
@click.option("--json", "json_path", type=click.Path(path_type=Path), help="Write figures there.")
@click.option(
    "--markdown", "page_path", type=click.Path(path_type=Path), help="Write a section there."
)
def main(
    json_path: Path | None,
    page_path: Path | None,
    *,
    pgbouncer: bool,
    is_by_port: bool,
    **sizes: int,
) -> None:
    """Print what was found; end with 1 where a promise was not kept, 2 where it cannot be tried."""
    if lacking := missing():
        click.echo(f"This machine lacks {lacking} (Debian: apt-get install …).", err=True)
        sys.exit(2)
    if pgbouncer and find_pgbouncer() is None:
        click.echo("pgbouncer is missing (Debian: apt-get install pgbouncer).", err=True)
        sys.exit(2)
    if not is_by_port and INSIDE not in os.environ and have_networks():
        command = inside_new_network([sys.executable, "-m", "bench.nodes", *sys.argv[1:]])
        os.execvpe(command[0], command, os.environ | {INSIDE: "1"})
    # Whoever ends the program ends all that it started.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))
    ensure_built()
    plan = Plan(**sizes)
    machines = in_networks() if INSIDE in os.environ else by_port()
    runs = []
    for is_pooled in (False, True)[: 1 + pgbouncer]:
        with tempfile.TemporaryDirectory(prefix="bench-nodes-") as made:
            folder = Path(made)
            (folder / "shop").mkdir()
            with a_cluster(folder / "shop", machines, is_pooled=is_pooled) as cluster:
                name = "PostgreSQL behind PgBouncer" if is_pooled else "PostgreSQL"
                run = NodesRun(machines.words, name)
                _try_everything(plan, cluster, run, next_release(folder))
                runs.append(run)
    _tell(runs, json_path, page_path)
    if not all(run.is_sound for run in runs):
        sys.exit(1)


def _try_everything(plan: Plan, cluster: Cluster, run: NodesRun, release: Path) -> None:
    """Ask for each promise in turn; one that is broken is told, and the others asked all the same.

    What replaces and kills comes last, and after it money and stock have to agree.
    """
    steps = (*_beside_one_another(plan, cluster), *_coming_and_going(plan, cluster, release))
    for promise, tried, ask in steps:
        try:
            kept = Kept(promise, tried, ask())
        except AssertionError as broken:
            kept = Kept(promise, tried, str(broken)[:400].replace("\n", " "), is_kept=False)
        click.echo(f"{promise}: {kept.found} {'' if kept.is_kept else '(BROKEN)'}", err=True)
        run.kept.append(kept)
    if plan.seconds:
        run.throughput += _throughput(plan, cluster)


Step = tuple[str, str, Callable[[], str]]


def _beside_one_another(plan: Plan, cluster: Cluster) -> list[Step]:
    return [
        (
            "No session sticks to a node",
            "cart, desk, checkout and return, each request at another node than the last",
            lambda: _nothing_sticks(cluster),
        ),
        (
            "An edit at either node is on the pages of both",
            f"{plan.edits} edits, bar {MOST_SECONDS:.0f} s",
            lambda: _edits(plan, cluster),
        ),
        (
            "Limits hold over both nodes",
            "balances (Redis), signups and wrong passwords (rows), at the nodes in turn",
            lambda: _quietly(promises.limits_hold_over_all_nodes, cluster),
        ),
        (
            "A job runs in one worker",
            f"{plan.jobs} mails, two workers",
            lambda: _quietly(promises.jobs_run_once, cluster, plan.jobs),
        ),
        (
            "A sweep runs in one worker",
            f"{plan.turns} turns, two workers",
            lambda: _quietly(promises.sweeps_run_once, cluster, plan.turns),
        ),
        (
            "A picture sent to one node is served by the other",
            "PNG of 800 × 1,000",
            lambda: _quietly(promises.picture_is_served_by_the_other, cluster),
        ),
    ]


def _coming_and_going(plan: Plan, cluster: Cluster, release: Path) -> list[Step]:
    return [
        (
            "Nodes are replaced in turn without a failed request",
            f"{plan.rounds} rounds of both, {plan.readers} readers at once",
            lambda: _replaced(plan, cluster, None),
        ),
        (
            "The next release is brought out without a failed request",
            "two upgrades at once behind a long read, then both nodes in turn",
            lambda: _replaced(plan, cluster, release),
        ),
        (
            "A node killed by -9 takes along what it had in hand, and no more",
            f"{plan.kills} kills, {plan.readers} readers at once",
            lambda: _deaths(plan, cluster),
        ),
        (
            "Afterwards money and stock agree",
            "`store orders reconcile`, `store stock prove`",
            lambda: _quietly(promises.money_and_stock_agree, cluster),
        ),
    ]


def _quietly(promise: Callable[..., None], *given: object) -> str:
    promise(*given)
    return "as promised"


def _nothing_sticks(cluster: Cluster) -> str:
    promises.cart_follows_its_reader(cluster)
    promises.staff_stay_signed_in(cluster)
    promises.checkout_comes_back(cluster)
    return "as promised"


def _edits(plan: Plan, cluster: Cluster) -> str:
    took = promises.edit_is_seen_everywhere(cluster, plan.edits)
    assert max(took) <= MOST_SECONDS, f"the slowest took {max(took):.2f} s"
    late = sum(one > 1 for one in took)
    return f"median {median(took):.2f} s, slowest {max(took):.2f} s, {late} above one second"


def _replaced(plan: Plan, cluster: Cluster, release: Path | None) -> str:
    told: list[Told] = []
    for _round in range(1 if release else plan.rounds):
        told += promises.nodes_are_replaced_in_turn(cluster, plan.readers, release)
    slowest = max(one.seconds for one in told)
    return f"{len(told):,} requests, 0 failed, slowest {slowest:.1f} s"


def _deaths(plan: Plan, cluster: Cluster) -> str:
    deaths = [promises.node_dies(cluster, plan.readers) for _kill in range(plan.kills)]
    answers, failed = sum(one.answers for one in deaths), sum(one.failed for one in deaths)
    in_hand = sum(one.in_hand for one in deaths)
    longest = max(one.seconds_to_next for one in deaths)
    return (
        f"{answers:,} requests, {in_hand} in hand, {failed} of them failed; the next ten answers"
        f" came within {longest:.1f} s"
    )


def _throughput(plan: Plan, cluster: Cluster) -> list[Throughput]:
    """Ask the same of one node and of both, through nginx."""
    goods = cluster.goods
    forms = [f"variant_id={one.variant}&quantity=1" for one in goods]
    asked = {
        "Product page from memory": ["GET", "200", goods[0].path],
        "Add to cart, a new cart each": ["POST", "303", "/cart/lines", *forms],
    }
    return [_compared(plan, cluster, what, words) for what, words in asked.items()]


def _compared(plan: Plan, cluster: Cluster, what: str, words: Sequence[str]) -> Throughput:
    cluster.serve_by(cluster.nodes[0])
    one = _rate(plan, cluster, cluster.nodes[:1], words)
    cluster.serve_by(*cluster.nodes)
    two = _rate(plan, cluster, cluster.nodes, words)
    failures = round(one["unexpected"] + one["lost"] + two["unexpected"] + two["lost"])
    return Throughput(what, one["rate"], two["rate"], one["ms"], two["ms"], failures)


def _rate(
    plan: Plan, cluster: Cluster, nodes: Sequence[Node], words: Sequence[str]
) -> dict[str, float]:
    _wrk(cluster, 1, words)
    before = _used(nodes)
    found = _wrk(cluster, plan.seconds, words)
    used_ms = (_used(nodes) - before) * 1e3
    answers = max(1.0, found["requests"])
    return found | {"rate": found["requests"] / found["seconds"], "ms": used_ms / answers}


def _used(nodes: Sequence[Node]) -> float:
    running = [(node, node.process) for node in nodes if node.process is not None]
    return sum(Server(node.port, process.pid).processor_seconds for node, process in running)


def _wrk(cluster: Cluster, seconds: float, words: Sequence[str]) -> dict[str, float]:
    path = words[2]
    options = ["-t", "1", "-c", str(CONNECTIONS), "-d", f"{max(1, round(seconds))}s"]
    headers = ["-H", "Sec-Fetch-Site: same-origin", "-H", "Accept-Encoding: br"]
    script = ["-s", "bench/rotate.lua", f"https://{cluster.host}{path}", "--", *words]
    said = subprocess.run(
        ["wrk", *options, *headers, "--timeout", "10s", *script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=seconds + 60,
        check=True,
    ).stdout
    return result_in(said)


def _tell(runs: Sequence[NodesRun], json_path: Path | None, page_path: Path | None) -> None:
    tell_figures([asdict(run) for run in runs], json_path)
    if page_path:
        again = ".venv/bin/python -m bench.nodes --pgbouncer --markdown docs/benchmarks.md"
        put_part(page_path, section(runs, taken_at(), processors(), again))


if __name__ == "__main__":
    main()
