"""Fills a shop with the past of one that has grown: thousands of products, years of orders.

Nothing of it goes through pages or webhooks, so that it takes minutes and not days; what it leaves
is what the shop's own verbs would have left, to the last promise and movement.
"""

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from store.catalog.models import Product
from store.clock import Clock
from store.database import db
from store.errors import ConflictError
from store.orders.models import Order, OrderState
from store.sandbox.demonstration.seeding_buying import Shelves
from store.sandbox.demonstration.seeding_fates import course_of
from store.sandbox.demonstration.seeding_goods import Goods
from store.sandbox.demonstration.seeding_orders import Orders
from store.sandbox.demonstration.seeding_papers import write_papers
from store.sandbox.demonstration.seeding_shelves import Ledger
from store.sandbox.demonstration.seeding_stories import Stories
from store.settings import Settings

YEARS = timedelta(days=3 * 365)
GROWTH = 1.6
"""How much faster than evenly orders come in: a shop that grows sells most of late."""
AT_ONCE = 2_000
LAST_ORDER = timedelta(minutes=90)
"""Nobody is at the pay page of an order of the past."""


class NothingToSellError(ConflictError):
    """The shop has no product that could have been ordered."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """How much was made."""

    products: int
    variants: int
    orders: Mapping[OrderState, int]
    movements: int
    stories: int


def seed(
    orders: int,
    products: int,
    settings: Settings,
    clock: Clock,
    on_made: Callable[[int], object] = lambda _count: None,
) -> Seeded:
    """Add so many orders and products in the open writing scope; on_made hears of each order.

    A shop that stands where another one stood gets the same past, but for the secrets of its links.
    Raises NothingToSellError.
    """
    now, chance = clock.now(), _chance()
    goods = Goods(settings.currency, now, chance)
    goods.make(products)
    shelves = Shelves(settings, chance)
    if orders and not shelves.articles:
        raise NothingToSellError("there is nothing to sell: make products first")
    stories = Stories(now - YEARS, now, settings)
    told = stories.write(chance)
    ledger, newest = Ledger(now, chance), db.session.scalar(select(func.max(Order.id))) or 0
    written, states = Orders(settings, now, chance, ledger), Counter[OrderState]()
    for place in range(orders):
        placed_at = _moment(place, orders, now, chance)
        course = course_of(now - placed_at, chance)
        article = stories.behind_a_sale(placed_at, chance)
        states[written.add(shelves.purchase(), course, placed_at, article)] += 1
        if place % AT_ONCE == AT_ONCE - 1:
            written.write()
        on_made(1)
    written.write()
    write_papers(settings, newest)
    movements = ledger.write(goods.counted)
    return Seeded(products, goods.variants, states, movements, told)


def _chance() -> random.Random:
    """Return the same chance for the same shop; what was added makes the next part another one."""
    standing = [db.session.scalar(select(func.count()).select_from(m)) for m in (Product, Order)]
    return random.Random(f"a grown shop {standing}")  # nosec B311 # noqa: S311 - a story to be told the same


def _moment(place: int, orders: int, now: datetime, chance: random.Random) -> datetime:
    share: float = ((place + chance.random()) / orders) ** (1 / GROWTH)
    return now - YEARS + share * (YEARS - LAST_ORDER)
