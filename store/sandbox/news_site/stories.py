"""The latest stories of an invented newsroom, read from the file beside this module."""

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

WORDS_A_MINUTE = 220


@dataclass(frozen=True, slots=True)
class Story:
    """One story; its age is told in hours, so that no demonstration grows old."""

    slug: str
    section: str
    title: str
    standfirst: str
    byline: str
    paragraphs: tuple[str, ...]
    tags: tuple[str, ...]
    hours: int
    updated_hours: int
    is_quiet: bool
    """The editor's word in the tag; other sad stories are left for the store to notice."""
    has_picture: bool

    @property
    def minutes(self) -> int:
        """How long it takes to read."""
        words = sum(len(paragraph.split()) for paragraph in (self.standfirst, *self.paragraphs))
        return max(1, round(words / WORDS_A_MINUTE))

    def published_at(self, now: datetime) -> datetime:
        return now - timedelta(hours=self.hours)

    def updated_at(self, now: datetime) -> datetime:
        return now - timedelta(hours=self.updated_hours)


def _read(row: dict[str, Any]) -> Story:
    paragraphs = tuple(part.replace("\n", " ").strip() for part in row["text"].split("\n\n"))
    words = {name: row[name] for name in ("slug", "section", "title", "standfirst", "byline")}
    return Story(
        **words,
        paragraphs=paragraphs,
        tags=tuple(row["tags"]),
        hours=row["hours"],
        updated_hours=row["updated_hours"],
        is_quiet=row.get("is_quiet", False),
        has_picture=row.get("has_picture", True),
    )


_FILE = Path(__file__).with_name("stories.toml")
STORIES = tuple(
    sorted(
        (_read(row) for row in tomllib.loads(_FILE.read_text(encoding="utf-8"))["story"]),
        key=lambda story: story.hours,
    )
)
SECTIONS = tuple(dict.fromkeys(sorted(story.section for story in STORIES)))
