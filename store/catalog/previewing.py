"""Signed links that show a product before readers may see it, for as long as they say."""

import hmac
from datetime import UTC, datetime, timedelta

from store.clock import Clock
from store.errors import NotFoundError
from store.keyed import keyed
from store.settings import Settings

LASTS = timedelta(days=7)
_BYTES = 16


class PreviewEndedError(NotFoundError):
    """The link is not one of ours, or too old."""


def preview_token(product_id: int, settings: Settings, clock: Clock) -> str:
    """Return what a link must hold to show this product for LASTS from today on."""
    # Of one day each, so that the link does not change while somebody copies it.
    ends = (clock.now() + LASTS).replace(hour=0, minute=0, second=0, microsecond=0)
    return _signed(f"{product_id}-{int(ends.timestamp())}", settings)


def previewed_product(token: str, settings: Settings, clock: Clock) -> int:
    """Return the product that a link shows; raises PreviewEndedError."""
    about, _dot, _mac = token.rpartition(".")
    if not hmac.compare_digest(_signed(about, settings).encode(), token.encode()):
        raise PreviewEndedError("no such preview")
    product_id, _dash, ends = about.partition("-")
    if datetime.fromtimestamp(int(ends), UTC) <= clock.now():
        raise PreviewEndedError("the preview has ended")
    return int(product_id)


def _signed(about: str, settings: Settings) -> str:
    return f"{about}.{keyed(settings, 'preview', about)[:_BYTES].hex()}"
