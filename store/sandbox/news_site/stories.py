"""A morning of stories of an invented newsroom, read from the file beside this module."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Story:
    slug: str
    section: str
    title: str
    standfirst: str
    byline: str
    paragraphs: tuple[str, ...]
    tags: tuple[str, ...]


def _read(row: dict[str, Any]) -> Story:
    paragraphs = tuple(part.replace("\n", " ").strip() for part in row["text"].split("\n\n"))
    words = {name: row[name] for name in ("slug", "section", "title", "standfirst", "byline")}
    return Story(**words, paragraphs=paragraphs, tags=tuple(row["tags"]))


_FILE = Path(__file__).with_name("stories.toml")
STORIES = tuple(_read(row) for row in tomllib.loads(_FILE.read_text(encoding="utf-8"))["story"])
