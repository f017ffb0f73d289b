"""A believable catalogue for the demonstration: goods, texts and pictures, all of our own making."""

from functools import cache

from store.sandbox.catalogue.collections import COLLECTIONS
from store.sandbox.catalogue.records import (
    DemoCatalogue,
    DemoCollection,
    DemoOption,
    DemoPicture,
    DemoProduct,
    DemoVariant,
    scaled_price,
)
from store.sandbox.catalogue.sections import (
    arts,
    counter,
    front_page,
    letters,
    morning_edition,
    night_desk,
    sports_pages,
    summer_supplement,
)

__all__ = [
    "DemoCatalogue",
    "DemoCollection",
    "DemoOption",
    "DemoPicture",
    "DemoProduct",
    "DemoVariant",
    "catalogue",
    "scaled_price",
]

_SECTIONS = (
    front_page,
    morning_edition,
    summer_supplement,
    sports_pages,
    night_desk,
    arts,
    letters,
    counter,
)


@cache
def catalogue() -> DemoCatalogue:
    """Everything, in the order of the paper. Pictures are drawn only when their `svg` is called."""
    products = tuple(product for section in _SECTIONS for product in section.PRODUCTS)
    return DemoCatalogue(products, COLLECTIONS)
