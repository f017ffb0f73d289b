"""Notes what a page shows, so that a CDN can be told to drop all pages that show one thing."""

from collections.abc import Iterable
from contextvars import ContextVar
from urllib.parse import quote

WHOLE_SHOP = "shop"
"""On every public page: masthead, foot and brand stand on all of them."""
ANY_PRODUCT = "products"
MOST_KEYS = 46
"""With the shop and three kinds 50, all that CloudFront reads; what finds no room has its kind."""

_noted: ContextVar[dict[str, None] | None] = ContextVar("shown_keys", default=None)


def begin_page() -> None:
    """Forget what the last page of this thread showed, and note from here on."""
    _noted.set({})


def finish_page() -> tuple[str, ...]:
    """Return the keys of the page, the whole shop's first, and note nothing any more."""
    noted = _noted.get() or {}
    _noted.set(None)
    return (WHOLE_SHOP, *noted)


def shows_products(ids: Iterable[int]) -> None:
    """Say that what is rendered shows these products; outside of a page nobody listens."""
    for number in ids:
        _note(f"product-{number}", ANY_PRODUCT)


def shows_a_choice() -> None:
    """Say that what is rendered chooses among all products: any change of one may change it."""
    _note(ANY_PRODUCT, ANY_PRODUCT)


def shows_collection(collection_id: int) -> None:
    _note(f"collection-{collection_id}", "collections")


def shows_text_page(slug: str) -> None:
    _note(f"page-{quote(slug, safe='')}", "pages")


def _note(key: str, kind: str) -> None:
    noted = _noted.get()
    if noted is not None:
        noted[key if len(noted) < MOST_KEYS or key in noted else kind] = None
