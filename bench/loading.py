"""Asks a server for as much as it can answer, with wrk on a core of its own."""

import json
import subprocess
from dataclasses import dataclass

from bench.recording import AS_A_BROWSER, UnexpectedAnswerError, ask
from bench.serving import Server
from store.paths import ROOT

CONNECTIONS = 32
WARM_UP_SECONDS = 1


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: addresses in turn or, of a POST, one address with forms in turn."""

    addresses: tuple[str, ...]
    method: str = "GET"
    forms: tuple[str, ...] = ()
    status: int = 200

    @property
    def is_one_page(self) -> bool:
        return self.method == "GET" and len(self.addresses) == 1


@dataclass(frozen=True, slots=True)
class Load:
    """What came back; a figure with failures among its answers is no figure."""

    per_second: float
    p50_ms: float
    p99_ms: float
    failures: int
    processor_ms: float
    """Of the server's core, for each answer."""


def warm_up(server: Server, asked: Asked, *, core: int) -> None:
    """Have the server answer every address once, and then be under load for a moment.

    Else whatever has the most addresses is measured while its process still gets to know them.
    """
    if asked.method == "GET":
        for address in asked.addresses:
            ask(server.port, address)
    _run(server.port, asked, core=core, seconds=WARM_UP_SECONDS)


def load(server: Server, asked: Asked, *, core: int, seconds: float) -> Load:
    """Measure a server that is warm."""
    before = server.processor_seconds
    result = _run(server.port, asked, core=core, seconds=seconds)
    used_ms = (server.processor_seconds - before) * 1e3
    return Load(
        per_second=result["requests"] / result["seconds"],
        p50_ms=result["p50_ms"],
        p99_ms=result["p99_ms"],
        failures=round(result["unexpected"] + result["lost"]),
        processor_ms=used_ms / max(1, result["requests"]),
    )


def _run(port: int, asked: Asked, *, core: int, seconds: float) -> dict[str, float]:
    whole = max(1, round(seconds))
    headers = [part for name, value in AS_A_BROWSER.items() for part in ("-H", f"{name}: {value}")]
    pinned = ["taskset", "-c", str(core), "wrk", "-t", "1", "-c", str(CONNECTIONS)]
    timing = ["-d", f"{whole}s", "--timeout", "5s"]
    said = subprocess.run(
        [*pinned, *timing, *headers, *_script(port, asked)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=whole + 20,
        check=True,
    ).stdout
    return result_in(said)


def result_in(said: str) -> dict[str, float]:
    """Return what our scripts have wrk tell at its end; raises UnexpectedAnswerError."""
    found = [line for line in said.splitlines() if line.startswith("RESULT ")]
    if not found:
        raise UnexpectedAnswerError(said)
    result: dict[str, float] = json.loads(found[0].removeprefix("RESULT "))
    return result


def _script(port: int, asked: Asked) -> list[str]:
    address = f"http://127.0.0.1:{port}{asked.addresses[0]}"
    if asked.is_one_page:
        # A request that never changes is sent by wrk itself, faster than any server answers.
        return ["-s", "bench/report.lua", address]
    turns = [*asked.addresses, *asked.forms]
    return ["-s", "bench/rotate.lua", address, "--", asked.method, str(asked.status), *turns]
