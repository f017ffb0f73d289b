"""What a reader may be written to about; each campaign is about one of them."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l


class Topic(StrEnum):
    DROPS = "drops"
    SALES = "sales"
    BACK_IN_STOCK = "back_in_stock"


TITLES: dict[Topic, LazyString] = {
    Topic.DROPS: _l("New things in the shop"),
    Topic.SALES: _l("Sales"),
    Topic.BACK_IN_STOCK: _l("What is back in stock"),
}
EVERYTHING = tuple(Topic)
"""What somebody gets who chose nothing."""
