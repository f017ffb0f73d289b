"""Runs `store catalog import` in this process; its last line on stderr is its time and its peak."""

import json
import sys
from time import perf_counter, process_time

from bench.memory import most_resident_mb

_started = perf_counter()
# As on a server: where structlog finds rich it imports it, with all that colours programs.
sys.modules["rich"] = None  # type: ignore[assignment]


def run(path: str) -> None:
    from store.cli.main import main

    sys.argv = ["store", "catalog", "import", path]
    try:
        main()
    finally:
        figures = {
            "seconds": perf_counter() - _started,
            "cpu_seconds": process_time(),
            # The kernel's figure for children would begin with what their parent had.
            "peak_mb": most_resident_mb("self"),
        }
        print(json.dumps(figures), file=sys.stderr)


if __name__ == "__main__":
    run(sys.argv[1])
