"""One whole run: each target is served in turn, asked, and ended before the next begins."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, redirect_stderr
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from bench.figures import Amount, Rate, Results
from bench.filling import SEARCHES, FilledShop
from bench.in_process import (
    count_queries,
    page_weight,
    seconds_to_first_answer,
    time_checkouts,
)
from bench.loading import CONNECTIONS, Asked, load, warm_up
from bench.machine import Cores
from bench.recording import Recorded, UnexpectedAnswerError, ask, write_recordings
from bench.serving import Server, serving

BARE_PRODUCT = "Bare function, the product page’s bytes"
BARE_HOME = "Bare function, the home page’s bytes"
BARE_CARD = "Bare function, the card’s bytes"
BARE_FRAGMENT = "Bare function, the fragment’s bytes"
STORY = "?url=https%3A%2F%2Fnews.example%2Fa&title=The+pool+reopens&section=Sport&tags=swimming"
HOME = "/"
CARD, FRAGMENT = f"/widget/v1/card.json{STORY}", f"/widget/v1/card.html{STORY}"
HELLO = "Flask “hello”"
ROW = "Flask page of one row (SQLAlchemy, Jinja)"
INSERT = "Flask post that commits one INSERT"
SORTS = ("", "?sort=newest", "?sort=price", "?page=2", "?page=3")
ROWS_ASKED = 200
TURNS = 9

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Measurement:
    """One line of the table before it is measured."""

    name: str
    asked: Asked
    of: str = ""
    bar: float | None = None
    is_from_memory: bool | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """What every step of a run needs."""

    shop: FilledShop
    cores: Cores
    folder: Path
    seconds: float
    results: Results
    say: Say

    def everything(self) -> None:
        """Measure all there is, the fixed points first."""
        recordings = self._record()
        product = self.shop.product_paths[0]
        bare = {"BENCH_RECORDINGS": str(recordings)}
        self._serve(
            "bench.targets.bare:app",
            bare,
            Measurement(BARE_PRODUCT, Asked((product,))),
            Measurement(BARE_HOME, Asked((HOME,))),
            Measurement(BARE_CARD, Asked((CARD,))),
            Measurement(BARE_FRAGMENT, Asked((FRAGMENT,))),
        )
        self._serve("bench.targets.flask_hello:app", {}, Measurement(HELLO, Asked(("/",))))
        with self._serving("bench.targets.flask_rows:app", self._rows()) as rows:
            row, insert = _row_measurements(self.shop)
            for measurement in (row, insert):
                self._measure(rows, measurement)
            self._measure_shop(product, rows, insert)
            with self._serving(
                "bench.targets.shop_uncached:app", self.shop.environment
            ) as uncached:
                for measurement in _rendered(self.shop):
                    self._measure_in_turn(uncached, measurement, rows, row)
        self._look_inside(product)

    def _measure_shop(self, product: str, rows: Server, insert: Measurement) -> None:
        with self._serving("bench.targets.web_process:app", self.shop.environment) as server:
            self._weigh(server, product)
            page = self._measure(server, _remembered("Product page", product, BARE_PRODUCT))
            self.results.add(replace(page, name=f"{page.name}, beside Flask", of=HELLO, bar=2.5))
            self._measure(server, _remembered("Home", HOME, BARE_HOME))
            self._measure(server, _remembered("Card of a story", CARD, BARE_CARD))
            self._measure(server, _remembered("Fragment of a story", FRAGMENT, BARE_FRAGMENT))
            self._measure_in_turn(server, _adding(self.shop), rows, insert)
            self.results.amounts.append(
                Amount("Web process after all this", server.worker_mb, "MB", 150)
            )

    def _record(self) -> Path:
        recordings = self.folder / "recordings"
        with self._serving("store.wsgi:app", self.shop.environment) as server:
            paths = (self.shop.product_paths[0], HOME, CARD, FRAGMENT)
            # The bare function looks at no query: it answers one card.
            pages = {path.partition("?")[0]: _known(server, path) for path in paths}
        write_recordings(recordings, pages)
        return recordings

    def _rows(self) -> dict[str, str]:
        return {"BENCH_DATABASE_URL": f"sqlite:///{self.folder / 'rows.sqlite'}"}

    def _serve(
        self, target: str, environment: Mapping[str, str], *measurements: Measurement
    ) -> None:
        with self._serving(target, environment) as server:
            for measurement in measurements:
                self._measure(server, measurement)

    def _serving(
        self, target: str, environment: Mapping[str, str]
    ) -> AbstractContextManager[Server]:
        log = self.folder / "server.log"
        return serving(target, core=self.cores.server, environment=environment, log=log)

    def _measure(self, server: Server, measurement: Measurement) -> Rate:
        self._get_ready(server, measurement)
        found = load(server, measurement.asked, core=self.cores.tool, seconds=self.seconds)
        rate = Rate(
            measurement.name,
            found.per_second,
            found.p50_ms,
            found.p99_ms,
            found.failures,
            found.processor_ms,
            measurement.of,
            measurement.bar,
        )
        self.results.add(rate)
        self.say(f"{rate.name}: {rate.per_second:,.0f} a second")
        return rate

    def _measure_in_turn(
        self, server: Server, measurement: Measurement, other: Server, of: Measurement
    ) -> Rate:
        """Measure both by turns, many times for a short while; keep the median of each.

        Neighbours of a virtual machine take more and less of its processor from one second to the
        next, so what is measured a minute apart may have been measured on two machines.
        """
        self._get_ready(server, measurement)
        seconds, core = max(1.0, self.seconds / TURNS), self.cores.tool
        pairs = [
            (
                load(other, of.asked, core=core, seconds=seconds),
                load(server, measurement.asked, core=core, seconds=seconds),
            )
            for _ in range(TURNS)
        ]
        ours = [own for _, own in pairs]
        rate = Rate(
            measurement.name,
            median(own.per_second for own in ours),
            median(own.p50_ms for own in ours),
            median(own.p99_ms for own in ours),
            sum(theirs.failures + own.failures for theirs, own in pairs),
            median(own.processor_ms for own in ours),
            measurement.of,
            measurement.bar,
            median(own.per_second / theirs.per_second for theirs, own in pairs),
        )
        self.results.add(rate)
        self.say(f"{rate.name}: {rate.per_second:,.0f} a second")
        return rate

    def _get_ready(self, server: Server, measurement: Measurement) -> None:
        _look(server, measurement)
        warm_up(server, measurement.asked, core=self.cores.tool)

    def _weigh(self, server: Server, product: str) -> None:
        weight = page_weight(server.port, product)
        parts = ", ".join(f"{kind} {size / 1000:.1f}" for kind, size in weight.by_kind.items())
        note = parts if weight.is_built else f"{parts}; sources changed under the run, so not built"
        total = sum(weight.by_kind.values()) / 1000
        self.results.amounts.append(Amount("Product page, compressed", total, "kB", 60, note))

    def _look_inside(self, product: str) -> None:
        settings, environment = self.shop.settings, self.shop.environment
        start, used = seconds_to_first_answer(product, environment, core=self.cores.server)
        with (self.folder / "in-process.log").open("a") as log, redirect_stderr(log):
            queries = count_queries(settings, product)
            checkouts = time_checkouts(settings, self.shop.variant_ids, seconds=2 * self.seconds)
        self.results.amounts += [
            Amount("Queries of an uncached product page", queries, "queries", 8),
            Amount("From import to the first page", start, "s", 1.5, f"{used:.2f} s of processor"),
        ]
        for name, timing in zip(("Check out", "Thanks page, settling"), checkouts, strict=True):
            note = (
                f"{timing.times} times; the sandbox’s {timing.sandbox_median_ms:.1f} ms taken off"
            )
            self.results.amounts += [
                Amount(f"{name}, median", timing.median_ms, "ms", note=note),
                Amount(f"{name}, 95th percentile", timing.p95_ms, "ms"),
            ]


def set_up_words(cores: Cores) -> str:
    return (
        f"{cores.available} cores: granian with one worker on core {cores.server}, wrk with one "
        f"thread and {CONNECTIONS} kept-alive connections on core {cores.tool}; SQLite in WAL with "
        "synchronous=FULL; 200 products of six variants in six collections, without pictures; "
        "every address was answered once before it is measured; what is compared with a page or a "
        f"post of Flask’s was measured by turns with it, {TURNS} times, and each has its median."
    )


def _row_measurements(shop: FilledShop) -> tuple[Measurement, Measurement]:
    rows = tuple(f"/rows/row-{number}" for number in range(1, ROWS_ASKED + 1))
    posts = Asked(("/added",), "POST", _forms(shop), 303)
    return Measurement(ROW, Asked(rows)), Measurement(INSERT, posts)


def _remembered(what: str, path: str, bare: str) -> Measurement:
    return Measurement(f"{what} from memory", Asked((path,)), bare, 0.60, is_from_memory=True)


def _rendered(shop: FilledShop) -> tuple[Measurement, ...]:
    listings = (*(f"/products{sort}" for sort in SORTS), *shop.collection_paths)
    searches = tuple(f"/products?q={words.replace(' ', '+')}" for words in SEARCHES)
    return tuple(
        Measurement(name, Asked(addresses), ROW, bar, is_from_memory=False)
        for name, addresses, bar in (
            ("Product page, rendered", shop.product_paths, 0.25),
            ("Listing, rendered", listings, 0.15),
            ("Search, rendered", searches, 0.15),
        )
    )


def _adding(shop: FilledShop) -> Measurement:
    asked = Asked(("/cart/lines",), "POST", _forms(shop), 303)
    return Measurement("Add to cart, a new cart each", asked, INSERT, 0.25)


def _forms(shop: FilledShop) -> tuple[str, ...]:
    return tuple(f"variant_id={variant_id}&quantity=1" for variant_id in shop.variant_ids[:200])


def _known(server: Server, path: str) -> Recorded:
    page = ask(server.port, path)
    if page.status != 200:
        raise UnexpectedAnswerError(f"{path} answered {page.status}")
    return ask(server.port, path)


def _look(server: Server, measurement: Measurement) -> None:
    """Make sure that what is about to be measured is what its name says."""
    asked = measurement.asked
    form = asked.forms[0] if asked.forms else ""
    for _ in range(2):
        answer = ask(server.port, asked.addresses[0], method=asked.method, form=form)
    if answer.status != asked.status:
        raise UnexpectedAnswerError(f"{measurement.name}: answered {answer.status}")
    wanted = measurement.is_from_memory
    if wanted is not None and bool(answer.header("age")) is not wanted:
        raise UnexpectedAnswerError(f"{measurement.name}: from memory or not, contrary to its name")
