"""What only we can reckon is compared in constant time, wherever it is compared."""

import ast

from store.paths import ROOT

STORE = ROOT / "store"
TELLING = frozenset({"expected", "signature", "signed", "token", "mac", "secret", "hexdigest"})
RECKONS = ("keyed(", "hmac.digest(", "hmac.new(")


def compared_openly(source: str) -> list[int]:
    """Return the lines that compare something secret by == or !=."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Compare)
        and any(isinstance(operator, ast.Eq | ast.NotEq) for operator in node.ops)
        and any(_is_telling(side) for side in (node.left, *node.comparators))
    ]


def _is_telling(side: ast.expr) -> bool:
    if isinstance(side, ast.Call):
        return _is_telling(side.func)
    name = side.id if isinstance(side, ast.Name) else getattr(side, "attr", "")
    return name in TELLING or name in {"keyed", "_signed", "digest"}


def test_nothing_secret_is_compared_openly() -> None:
    reckoning = {
        path.relative_to(STORE).as_posix(): source
        for path in sorted(STORE.rglob("*.py"))
        for source in [path.read_text(encoding="utf-8")]
        if any(words in source for words in RECKONS) and "sandbox" not in path.parts
    }

    assert len(reckoning) > 10
    assert {name: lines for name, s in reckoning.items() if (lines := compared_openly(s))} == {}


def test_an_open_comparison_is_noticed() -> None:
    assert compared_openly("def is_ours(expected, given):\n    return given == expected\n") == [2]
    assert compared_openly("ok = keyed(settings, 'x', 'y') != given\n") == [1]
    assert compared_openly("ok = compare_digest(expected, given)\n") == []
