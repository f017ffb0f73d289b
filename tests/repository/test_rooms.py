"""Promises that rooms keep to themselves what is theirs."""

import re

import pytest

from store.paths import ROOT

STORE = ROOT / "store"
WRITES_LEVELS = re.compile(r"\b(update|delete|insert|insert_into)\(StockLevel\b|\bStockLevel\(")


def sources(*, outside: str) -> list[str]:
    kept_by = STORE / outside
    return [
        path.relative_to(ROOT).as_posix()
        for path in sorted(STORE.rglob("*.py"))
        if kept_by not in path.parents
    ]


@pytest.mark.parametrize("path", sources(outside="inventory"))
def test_stock_is_written_by_the_inventory_alone(path: str) -> None:
    assert not WRITES_LEVELS.search((ROOT / path).read_text(encoding="utf-8"))
