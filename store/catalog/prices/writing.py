"""The one verb that gives a variant a price, and the rows in which its history is kept."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert

from store.catalog.models import Variant
from store.catalog.prices.models import PriceEntry
from store.database import db
from store.money import Money


def set_price(variant: Variant, price: Money, compare_at: Money | None, now: datetime) -> None:
    """Give a variant, new or known, a price of its own from now on; the caller flushes.

    Where readers choose it, the price is the least of what they may choose, whatever is asked.
    """
    if variant.least_minor is not None:
        price, compare_at = Money(variant.least_minor, price.currency), None
    wanted = (price.minor, price.currency, compare_at.minor if compare_at else None)
    if (variant.price_minor, variant.currency, variant.compare_at_minor) == wanted:
        return
    variant.price = price
    variant.compare_at_minor = wanted[2]
    entry = PriceEntry(
        at=now,
        price=price,
        is_reduced=compare_at is not None,
        variant=variant,
    )
    db.session.add(entry)


def begin_prices(begun: Iterable[tuple[int, Money, Money | None]], now: datetime) -> None:
    """Keep what new variants cost from now on: their numbers, prices and compare-at prices."""
    rows = [
        {
            "variant_id": variant_id,
            "at": now,
            "price_minor": price.minor,
            "currency": price.currency,
            "is_reduced": compare_at is not None,
        }
        for variant_id, price, compare_at in begun
    ]
    if rows:
        db.session.execute(insert(PriceEntry), rows)
