"""What the figures were taken on, and which of its cores serve and which ask."""

import os
import platform
import subprocess
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from store.clock import SystemClock

PACKAGES = ("flask", "werkzeug", "sqlalchemy", "jinja2", "granian", "brotli")


@dataclass(frozen=True, slots=True)
class Cores:
    """One for the load tool, one for the server: neither takes time from the other."""

    tool: int
    server: int
    available: int


def cores() -> Cores | None:
    """Return the two cores of a run; None where there is only one."""
    usable = sorted(os.sched_getaffinity(0))
    return Cores(usable[0], usable[-1], len(usable)) if len(usable) > 1 else None


def describe() -> dict[str, str]:
    """Return what a reader needs to judge the figures, by name."""
    return {
        **hardware(),
        "load tool": _wrk_version(),
        **{package: version(package) for package in PACKAGES},
    }


def taken_at() -> str:
    """Return the moment, as each part of the page begins."""
    return f"{SystemClock().now():%Y-%m-%d %H:%M} UTC"


def processors() -> str:
    """Return how many there are of which kind."""
    return f"{os.cpu_count()} cores of {_processor()}"


def hardware() -> dict[str, str]:
    """Return what the figures of a run without a load tool depend on."""
    return {
        "processor": _processor(),
        "memory": _memory(),
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def _memory() -> str:
    total_kb = int(Path("/proc/meminfo").read_text().split("MemTotal:")[1].split()[0])
    return f"{total_kb / 1024**2:.1f} GiB"


def _wrk_version() -> str:
    said = subprocess.run(["wrk", "--version"], capture_output=True, text=True, check=False)
    return " ".join(said.stdout.split()[:2])
