"""The job that makes a picture's widths and formats; whoever stores a picture enqueues it."""

from dataclasses import dataclass
from typing import ClassVar

from store.jobs.queue import Job


@dataclass(frozen=True, slots=True)
class MakeRenditions(Job):
    """Make the widths and formats of one picture; enqueue it when the picture was stored."""

    kind: ClassVar[str] = "catalog.make_renditions"

    content_hash: str
