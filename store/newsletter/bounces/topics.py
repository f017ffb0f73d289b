"""The topics by which Amazon tells us: how it is asked, and how one of ours is opened.

Workers open topics, so nothing here needs what proves a signature, which is large.
"""

from dataclasses import dataclass
from typing import ClassVar

from store.database import end_reading
from store.fetching.asking import head
from store.fetching.strangers import Manners, fetch
from store.jobs.queue import Job
from store.services import Services
from store.settings import Settings

SECONDS = 5.0
MOST_BYTES = 32 * 1024


@dataclass(frozen=True, slots=True)
class OpenTopic(Job):
    """Tell Amazon that we want a topic which staff named."""

    kind: ClassVar[str] = "bounces.open_topic"

    url: str


def open_topic(url: str, services: Services) -> None:
    """Follow the link that Amazon sent for a topic of ours; asks outside any transaction."""
    end_reading()
    fetch(url, manners(services.settings, "text/xml"))


def manners(settings: Settings, accept: str) -> Manners:
    """Return how Amazon is asked: at public addresses only, and wherever it leads is not gone."""
    return Manners(
        head(settings.brand_name, settings.public_url, accept=accept),
        seconds=SECONDS,
        most_bytes=MOST_BYTES,
        follows=False,
    )
