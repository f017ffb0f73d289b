"""Pages of an order: the one behind its signed link, and what its reader does there."""

from store.orders.views import (
    changing,
    downloads,
    finding,
    missing,
    order,
    own_data,
    papers,
    returning,
)
from store.orders.views.blueprint import blueprint

# Each of the others adds its addresses to it.
__all__ = [
    "blueprint",
    "changing",
    "downloads",
    "finding",
    "missing",
    "order",
    "own_data",
    "papers",
    "returning",
]
