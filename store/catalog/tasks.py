"""The catalogue's jobs: ids in, verb calls out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import update

from store.catalog.models import Image
from store.database import bump_public_version, db, writing
from store.jobs.queue import Handler, Job
from store.media.renditions import make_renditions
from store.services import Services


@dataclass(frozen=True, slots=True)
class MakeRenditions(Job):
    """Make the widths and formats of one picture; enqueue it when the picture was stored."""

    kind: ClassVar[str] = "catalog.make_renditions"

    content_hash: str


def handlers(services: Services) -> dict[str, Handler]:
    def make(payload: Mapping[str, Any]) -> None:
        content_hash = str(payload["content_hash"])
        make_renditions(content_hash, services.media)
        show_renditions([content_hash])

    return {MakeRenditions.kind: make}


def show_renditions(content_hashes: list[str]) -> None:
    """Let pages name the renditions of these pictures from now on; opens its own scope."""
    with writing():
        changed = db.session.scalars(
            update(Image)
            .where(Image.content_hash.in_(content_hashes), Image.has_renditions.is_(False))
            .values(has_renditions=True)
            .returning(Image.id)
        ).all()
        if changed:
            bump_public_version()
