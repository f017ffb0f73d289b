"""What follows when facts of products change: words they are found by, rules they answer to.

Whoever writes a title, a type, a vendor, a tag or a price calls this afterwards, and so does the
task of a price that changed at its moment. Nothing else does what it does: a collection with rules
cannot be left behind by one way of writing.
"""

from collections.abc import Sequence
from datetime import datetime

from store.catalog.rules import follow_rules
from store.catalog.search_index import index_products


def facts_changed(
    product_ids: Sequence[int], now: datetime, *, reworded: Sequence[int] | None = None
) -> None:
    """Index these products anew and move them to where rules want them now; flushes only.

    Whoever knows which of them say other words than before names those as reworded: the index is
    right for the others.
    """
    index_products(product_ids if reworded is None else reworded)
    follow_rules(product_ids, now)
