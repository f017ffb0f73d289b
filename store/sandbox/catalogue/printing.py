"""Pictures by name, so that several processes can share the work of drawing them."""

from functools import cache
from itertools import chain

from store.sandbox.catalogue import DemoPicture, catalogue
from store.sandbox.catalogue.raster import raster


def picture_png(key: str, width_px: int) -> bytes:
    """Draw one picture and turn it into pixels; only its name has to travel to another process."""
    return raster(_pictures()[key].svg(), width_px)


@cache
def _pictures() -> dict[str, DemoPicture]:
    goods = catalogue()
    of_products = chain.from_iterable(product.pictures for product in goods.products)
    of_sections = (section.picture for section in goods.collections)
    return {picture.key: picture for picture in chain(of_products, of_sections)}
