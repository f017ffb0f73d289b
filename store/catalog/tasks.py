"""The catalogue's jobs: ids in, verb calls out.

What reads pictures is imported when one is to be read: a worker without any need not hold it.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from store.catalog.changes import forget_changes
from store.catalog.following import facts_changed
from store.catalog.importing.runs import (
    FetchImportPictures,
    ReadImport,
    WriteImport,
    forget_imports,
    read_import,
    write_import,
)
from store.catalog.importing.undoing import UndoImport, undo_import
from store.catalog.models import Image
from store.catalog.prices.changing import FollowPrices, settle_prices
from store.catalog.renditions import MakeRenditions
from store.catalog.telling import has_stock_moved, tell_stock
from store.database import bump_public_version, db, writing
from store.jobs.queue import Handler
from store.jobs.sweeps import Sweep
from store.services import Services

__all__ = ["MakeRenditions", "handlers", "show_renditions", "sweeps"]


def handlers(services: Services) -> dict[str, Handler]:
    def make(payload: Mapping[str, Any]) -> None:
        from store.media.renditions import make_renditions

        content_hash = str(payload["content_hash"])
        make_renditions(content_hash, services.media)
        show_renditions([content_hash])

    def read(payload: Mapping[str, Any]) -> None:
        read_import(int(payload["import_id"]), services)

    def write(payload: Mapping[str, Any]) -> None:
        write_import(int(payload["import_id"]), services)

    def undo(payload: Mapping[str, Any]) -> None:
        undo_import(int(payload["import_id"]), services)

    def fetch(payload: Mapping[str, Any]) -> None:
        from store.catalog.importing.pictures import awaited_of_import, fetch_pictures

        fetch_pictures(awaited_of_import(int(payload["import_id"])), services)

    def follow(payload: Mapping[str, Any]) -> None:
        follow_prices(int(payload["product_id"]), services)

    return {
        FetchImportPictures.kind: fetch,
        FollowPrices.kind: follow,
        MakeRenditions.kind: make,
        ReadImport.kind: read,
        WriteImport.kind: write,
        UndoImport.kind: undo,
    }


def sweeps(services: Services) -> tuple[Sweep, ...]:
    def forget() -> None:
        forget_imports(services.clock)

    def forget_noted() -> None:
        with writing():
            forget_changes()

    def tell() -> None:
        if has_stock_moved():
            with writing():
                tell_stock(services.clock)

    return (
        Sweep("catalog.tell_stock", timedelta(minutes=1), tell),
        Sweep("catalog.forget_imports", timedelta(days=1), forget),
        Sweep("catalog.forget_changes", timedelta(days=1), forget_noted),
    )


def follow_prices(product_id: int, services: Services) -> None:
    """Let a product be where its price of now belongs; opens its own scope."""
    with writing():
        settle_prices([product_id], services.clock)
        facts_changed([product_id], services.clock.now())


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
