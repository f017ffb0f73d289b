"""The text pages that ship with the store: Markdown files with a title and a description on top."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent
SLUGS = ("about", "shipping", "returns", "privacy", "terms")


class ShippedPage(NamedTuple):
    title: str
    description: str
    body: str


@cache
def shipped_page(slug: str) -> ShippedPage:
    """Read the page of one of SLUGS."""
    text = (FOLDER / f"{slug}.md").read_text(encoding="utf-8")
    head, _, body = text.partition("\n\n")
    title, _, description = head.partition("\n")
    return ShippedPage(title.removeprefix("# "), description, body)
