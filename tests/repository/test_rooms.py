"""Promises that rooms keep to themselves what is theirs."""

import re

from store.paths import ROOT

STORE = ROOT / "store"
WRITES_LEVELS = re.compile(r"\b(update|delete|insert|insert_into)\(StockLevel\b|\bStockLevel\(")
FOLLOWS_FACTS = re.compile(r"\b(follow_rules|index_products)\b")


def holding(pattern: re.Pattern[str], *, outside: str) -> list[str]:
    """Return the modules that hold such words, but those to whom they belong."""
    own = re.compile(outside)
    paths = {path.relative_to(STORE).as_posix(): path for path in sorted(STORE.rglob("*.py"))}
    return [
        name
        for name, path in paths.items()
        if not own.match(name) and pattern.search(path.read_text(encoding="utf-8"))
    ]


def test_stock_is_written_by_the_inventory_alone() -> None:
    assert holding(WRITES_LEVELS, outside="inventory/") == []


def test_rules_and_search_follow_facts_in_one_place() -> None:
    assert holding(FOLLOWS_FACTS, outside=r"catalog/(following|rules|search_index)\.py") == []
