"""Orders at the desk: found, looked at, packed, sent, given back."""

from store.staff.views.orders import (  # noqa: F401 - each adds its addresses
    listing,
    money,
    paper,
    parcels,
    reader,
    sheet,
    tracking,
)
from store.staff.views.orders.blueprint import blueprint

__all__ = ["blueprint"]
