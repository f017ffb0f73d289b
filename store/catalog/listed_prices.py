"""Prices as a country's price comparisons list them: with tax, or in some countries without it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from store.catalog.merchandise import Goods, Merchandise
from store.catalog.models import TaxClass
from store.money import Money

LISTED_PRICE = "store_listed_price"
"""Where the application keeps the question that answers with a ListedPrice, or with none."""
ListedPrice = Callable[[Money, TaxClass], Money]
LISTED_WITHOUT_TAX = frozenset({"CA", "US"})
"""Where Google lists prices without tax: https://support.google.com/merchants/answer/6324371."""


def listed(
    merchandise: Iterable[Merchandise], price_of: ListedPrice | None
) -> Iterator[Merchandise]:
    """Give products at the prices that are listed; as they are where those are the shop's own."""
    for product in merchandise:
        if price_of is None:
            yield product
        else:
            yield replace(product, goods=tuple(_listed(goods, price_of) for goods in product.goods))


def _listed(goods: Goods, price_of: ListedPrice) -> Goods:
    choice, coming = goods.choice, goods.coming
    before = choice.compare_at
    shown = choice._replace(
        price=price_of(choice.price, goods.tax_class),
        compare_at=None if before is None else price_of(before, goods.tax_class),
    )
    if coming is not None:
        coming = replace(coming, price=price_of(coming.price, goods.tax_class))
    return replace(goods, choice=shown, coming=coming)
