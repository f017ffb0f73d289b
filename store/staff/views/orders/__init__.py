"""Orders at the desk: found, looked at, packed, sent, given back."""

from store.staff.views.orders import (
    bills,
    correction,
    downloads,
    listing,
    missing,
    money,
    paper,
    parcels,
    pickup,
    reader,
    remedies,
    sheet,
    tracking,
)
from store.staff.views.orders.blueprint import blueprint

# Each of the others adds its addresses to it.
__all__ = [
    "bills",
    "blueprint",
    "correction",
    "downloads",
    "listing",
    "missing",
    "money",
    "paper",
    "parcels",
    "pickup",
    "reader",
    "remedies",
    "sheet",
    "tracking",
]
