"""What sending costs, as pages of goods tell it; the room of prices above this one reckons it."""

from dataclasses import dataclass

from store.money import Money

HOME_DELIVERY = "store_home_delivery"
"""Where the application keeps the question that answers with a Delivery, or with none."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """The first rate of the shop's own country; days are working days, least and most."""

    country: str
    price: Money
    free_over: Money | None
    days: tuple[int, int]

    def cost_of(self, goods: Money) -> Money:
        """Return what sending goods of this value costs."""
        same = self.free_over is not None and self.free_over.currency == goods.currency
        is_free = same and self.free_over is not None and self.free_over <= goods
        return Money.zero(self.price.currency) if is_free else self.price
