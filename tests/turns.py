"""Which tests a quick check runs: those that were changed, and of the others a part by turns."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

from store.paths import ROOT


def is_due(name: str, turn: int, turns: int) -> bool:
    """Say whether a test is run in this turn; of so many that follow each other it is in one."""
    return crc32(name.encode()) % turns == turn % turns


def turn_of_this_commit(root: Path = ROOT) -> int:
    """Return a number that rises with each commit, so that trying again runs the same tests."""
    return int(_git(root, "rev-list", "--count", "HEAD") or 0)


def changed_tests(root: Path = ROOT) -> set[Path]:
    """Return the files of tests that no commit has as they are, or that are named for such code."""
    changed = _git(root, "diff", "--name-only", "HEAD")
    added = _git(root, "ls-files", "--others", "--exclude-standard")
    return set(_tests_for([Path(line) for line in (changed + added).splitlines()], root))


def _tests_for(changed: list[Path], root: Path) -> Iterator[Path]:
    for path in changed:
        if path.parts[0] == "tests":
            yield root / path
        elif path.parts[0] == "store":
            yield from (root / "tests" / path.parts[1]).glob(f"**/test_{path.stem}*.py")


def _git(root: Path, *words: str) -> str:
    """Return what git answers; without it nothing is known as changed, and no commit counted."""
    try:
        told = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return told.stdout
