"""The snippets of the paper for news sites, as they are printed there."""

import re

from store.paths import ROOT

PAPER = ROOT / "docs" / "embedding.md"


def snippets(heading: str) -> list[str]:
    """Return the blocks of code from a bold heading up to the next one."""
    words = PAPER.read_text(encoding="utf-8")
    (part,) = re.findall(
        rf"^\*\*{re.escape(heading)}\*\*(.*?)(?=^\*\*|^#|\Z)", words, re.MULTILINE | re.DOTALL
    )
    return re.findall(r"^```\w+\n(.*?)^```$", part, re.MULTILINE | re.DOTALL)
