"""Runs `store catalog import` in this process; its last line on stderr is its time and its peak."""

import json
import sys
from pathlib import Path
from time import perf_counter, process_time

_started = perf_counter()
# As on a server: where structlog finds rich it imports it, with all that colours programs.
sys.modules["rich"] = None  # type: ignore[assignment]


def peak_mb() -> float:
    """Return the most memory that this process ever had resident, by its own count."""
    # The kernel's figure for children would begin with what their parent had.
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def run(path: str) -> None:
    from store.cli.main import main

    sys.argv = ["store", "catalog", "import", path]
    try:
        main()
    finally:
        figures = {
            "seconds": perf_counter() - _started,
            "cpu_seconds": process_time(),
            "peak_mb": peak_mb(),
        }
        print(json.dumps(figures), file=sys.stderr)


if __name__ == "__main__":
    run(sys.argv[1])
