"""A quick check leaves no test out for longer than its turns take, and none that was changed."""

import os
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.turns import changed_tests, is_due, turn_of_this_commit

NAMES = [f"tests/cart/test_basket.py::test_{number}" for number in range(400)]
ME = ("-c", "user.name=Robin", "-c", "user.email=robin@example.org", "-c", "commit.gpgsign=false")


@pytest.fixture(autouse=True)
def _no_other_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever checks from a hook of git is told by it which repository everything is about."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)


@pytest.mark.parametrize("first", [0, 1711])
def test_each_test_is_run_in_one_of_the_commits_that_follow_each_other(first: int) -> None:
    runs = Counter(
        name for turn in range(first, first + 4) for name in NAMES if is_due(name, turn, 4)
    )

    assert runs == Counter(NAMES)


def test_what_was_changed_is_run_whole(tmp_path: Path) -> None:
    _write(tmp_path, "store/cart/basket.py", "store/cart/views.py", "tests/cart/test_views.py")
    _write(tmp_path, "tests/cart/test_basket.py", "tests/cart/sums/test_basket_sums.py")
    _commit(tmp_path)
    (tmp_path / "store/cart/basket.py").write_text("changed")
    _write(tmp_path, "tests/cart/test_new.py")

    changed = changed_tests(tmp_path)

    assert {path.name for path in changed} == {
        "test_basket.py",
        "test_basket_sums.py",
        "test_new.py",
    }


def test_turns_move_on_with_each_commit_and_not_before(tmp_path: Path) -> None:
    _write(tmp_path, "one")
    _commit(tmp_path)
    first = turn_of_this_commit(tmp_path)

    _write(tmp_path, "two")
    again = turn_of_this_commit(tmp_path)
    _commit(tmp_path)

    assert (again - first, turn_of_this_commit(tmp_path) - first) == (0, 1)


def _write(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("as it was")


def _commit(root: Path) -> None:
    for words in (("init", "-q"), ("add", "."), (*ME, "commit", "-qm", "Go on")):
        subprocess.run(["git", *words], cwd=root, check=True)
