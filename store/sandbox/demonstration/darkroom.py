"""Draws the goods' pictures on every processor, and develops them while the shop lives on."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain
from multiprocessing import get_context
from types import TracebackType
from typing import Self

import click

from store.media.images import StoredPicture, store_picture
from store.media.renditions import Format, make_renditions, rendition_names
from store.media.storage import open_media
from store.sandbox.catalogue import DemoCatalogue, DemoPicture, catalogue
from store.sandbox.catalogue.raster import raster

PICTURE_WIDTH_PX = 1200
LARGE = tuple(f"-{width}.{Format.AVIF}" for width in (960, 1280))
"""Most of the work for the fewest readers: made by the shop itself, asked for or in its turn."""

Stored = dict[str, StoredPicture]


class Darkroom:
    """A process for each processor, each with a fresh interpreter; leaving it lets them go."""

    def __init__(self, media_url: str) -> None:
        self._media_url = media_url
        self._pool = ProcessPoolExecutor(mp_context=get_context("spawn"))
        self._developing: list[Future[None]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def draw(self, goods: DemoCatalogue) -> Stored:
        """Draw and keep every picture; what is shown of them is developed from here on."""
        sets = list(_sets(goods))
        drawing = [self._pool.submit(_drawn, keys, self._media_url) for keys in sets]
        stored: Stored = {}
        with click.progressbar(length=sum(map(len, sets)), label="Drawing pictures") as bar:
            for keys, drawn in zip(sets, drawing, strict=True):
                stored |= zip(keys, drawn.result(), strict=True)
                bar.update(len(keys))
        hashes = dict.fromkeys(picture.content_hash for picture in stored.values())
        self._developing = [
            self._pool.submit(_develop, content_hash, self._media_url) for content_hash in hashes
        ]
        return stored

    def finish(self) -> None:
        """Return once all that a first look shows is there."""
        with click.progressbar(self._developing, label="Developing pictures") as developing:
            for developed in developing:
                developed.result()


def _sets(goods: DemoCatalogue) -> Iterator[list[str]]:
    """Pictures that share folds and shadows are drawn by one process, which remembers those.

    The flat-lays come first: they take longest, and the end is for small pieces.
    """
    for collection in goods.collections:
        yield [collection.picture.key]
    for product in goods.products:
        yield [picture.key for picture in product.pictures]


def _drawn(keys: Sequence[str], media_url: str) -> list[StoredPicture]:
    drawings, media = _drawings(catalogue()), open_media(media_url)
    return [store_picture(raster(drawings[key].svg(), PICTURE_WIDTH_PX), media) for key in keys]


def _develop(content_hash: str, media_url: str) -> None:
    names = [name for name in rendition_names(content_hash) if not name.endswith(LARGE)]
    make_renditions(content_hash, open_media(media_url), names)


def _drawings(goods: DemoCatalogue) -> dict[str, DemoPicture]:
    of_products = chain.from_iterable(product.pictures for product in goods.products)
    of_collections = (collection.picture for collection in goods.collections)
    return {picture.key: picture for picture in chain(of_products, of_collections)}
