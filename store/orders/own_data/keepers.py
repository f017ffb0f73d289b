"""Who in this shop keeps something of a reader: rooms say what, and forget it when she asks.

Rooms above this one keep something too: whoever joins the application names them all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from store.orders.models import Order
from store.services import Services

KEEPERS = "store_data_keepers"
"""Where the application keeps the keepers that its pages ask."""


class Keeper(Protocol):
    def kept(self, email: str, services: Services) -> Mapping[str, object]:
        """Return what is kept of this address as JSON, by subject; empty where that is nothing."""

    def erase(self, email: str, services: Services) -> None:
        """Forget what no law asks for; flushes only."""


Trace = Callable[[Order], None]
"""Takes the reader's name out of what a room wrote down about one order; flushes only."""


@dataclass(frozen=True, slots=True)
class Keepers:
    rooms: tuple[Keeper, ...]
    traces: tuple[Trace, ...] = ()

    def kept(self, email: str, services: Services) -> dict[str, object]:
        """Return everything that is kept of this address."""
        found: dict[str, object] = {}
        for room in self.rooms:
            found.update(room.kept(email, services))
        return found

    def erase(self, email: str, services: Services) -> None:
        for room in self.rooms:
            room.erase(email, services)
