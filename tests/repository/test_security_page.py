"""Every test that docs/security.md names is in the tree, so that the page stays true."""

import ast
import re
from functools import cache

import pytest

from store.paths import ROOT

PAGE = ROOT / "docs" / "security.md"
NAMED = re.compile(r"`(tests/[\w/]+\.py)::([\w:]+)`")
MENTIONED = re.compile(r"`((?:store|tests|templates|static|docs)/[\w./-]+)`")
TABLE_ROW = re.compile(r"^\| (\d+) \|", re.MULTILINE)
CLASSES = 40


def page() -> str:
    return PAGE.read_text(encoding="utf-8")


@cache
def names_of(path: str) -> frozenset[str]:
    file = ROOT / path
    if not file.is_file():
        return frozenset()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


def missing_from(text: str) -> list[str]:
    """Return the tests that a text names and that nobody can run."""
    return sorted(
        f"{path}::{name}"
        for path, name in NAMED.findall(text)
        if name.rpartition("::")[2] not in names_of(path)
    )


def test_every_test_that_the_page_names_exists() -> None:
    assert missing_from(page()) == []


def test_every_file_that_the_page_names_exists() -> None:
    named = {path.rstrip("/") for path in MENTIONED.findall(page()) if "::" not in path}

    assert sorted(path for path in named if not (ROOT / path).exists()) == []


def test_every_class_has_a_row_that_names_a_test() -> None:
    rows = {int(row): line for line in page().splitlines() for row in TABLE_ROW.findall(line)}

    assert sorted(rows) == list(range(1, CLASSES + 1))
    assert [number for number, line in rows.items() if not NAMED.search(line)] == []


@pytest.mark.parametrize(
    "text",
    [
        "`tests/repository/test_security_page.py::test_that_nobody_wrote`",
        "`tests/repository/test_nowhere.py::test_every_test_that_the_page_names_exists`",
    ],
)
def test_a_name_that_leads_nowhere_is_noticed(text: str) -> None:
    assert len(missing_from(text)) == 1
