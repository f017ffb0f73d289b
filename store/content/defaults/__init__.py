"""The text pages that ship with the store: Markdown files with a title and a description on top."""

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
SLUGS = ("about", "privacy", "returns", "shipping", "terms")


@cache
def default_page(slug: str) -> tuple[str, str, str] | None:
    """Return title, description and Markdown body, or nothing when no such page ships."""
    if slug not in SLUGS:
        return None
    text = (FOLDER / f"{slug}.md").read_text(encoding="utf-8")
    head, _, body = text.partition("\n\n")
    title, _, description = head.partition("\n")
    return title.removeprefix("# "), description, body
