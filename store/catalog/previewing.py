"""Signed links that show a product before readers may see it, or the whole shop as it will be."""

from datetime import UTC, datetime, timedelta
from functools import partial

from store.clock import Clock
from store.errors import NotFoundError
from store.keyed import is_signed, keyed
from store.settings import Settings

LASTS = timedelta(days=7)
SHOP = "at"
"""Tells a moment of the shop from the number of a product."""
_BYTES = 16


class NoSuchPreviewError(NotFoundError):
    """The link is not one of ours."""


class PreviewEndedError(NoSuchPreviewError):
    """The link was one of ours, and is too old."""


def preview_token(product_id: int, settings: Settings, clock: Clock) -> str:
    """Return what a link must hold to show this product for LASTS from today on."""
    # Of one day each, so that the link does not change while somebody copies it.
    ends = (clock.now() + LASTS).replace(hour=0, minute=0, second=0, microsecond=0)
    return _signed(f"{product_id}-{int(ends.timestamp())}", settings)


def previewed_product(token: str, settings: Settings, clock: Clock) -> int:
    """Return the product that a link shows; raises NoSuchPreviewError, PreviewEndedError."""
    about = _read(token, settings, clock)
    if about.startswith(SHOP):
        raise NoSuchPreviewError("no preview of a product")
    return int(about)


def shop_preview_token(moment: datetime, settings: Settings, clock: Clock) -> str:
    """Return what an address must hold to show the shop as of this moment, for LASTS from now."""
    ends = clock.now() + LASTS
    return _signed(f"{SHOP}{int(moment.timestamp())}-{int(ends.timestamp())}", settings)


def previewed_moment(token: str, settings: Settings, clock: Clock) -> datetime:
    """Return the moment as of which a link shows the shop; once it has come that is now.

    Raises NoSuchPreviewError, PreviewEndedError. What has ended since is shown to nobody any more.
    """
    about = _read(token, settings, clock)
    if not about.startswith(SHOP):
        raise NoSuchPreviewError("no preview of the shop")
    return max(datetime.fromtimestamp(int(about.removeprefix(SHOP)), UTC), clock.now())


def signed_moment(token: str, settings: Settings, clock: Clock) -> datetime | None:
    """Return what previewed_moment returns, or none where that would raise."""
    try:
        return previewed_moment(token, settings, clock)
    except NoSuchPreviewError:
        return None


def _read(token: str, settings: Settings, clock: Clock) -> str:
    """Return what a link shows, once it is sure that we signed it and it has not ended."""
    about, _dot, _mac = token.rpartition(".")
    if not is_signed(token, partial(_signed, about), settings):
        raise NoSuchPreviewError("no such preview")
    shown, _dash, ends = about.rpartition("-")
    if datetime.fromtimestamp(int(ends), UTC) <= clock.now():
        raise PreviewEndedError("the preview has ended")
    return shown


def _signed(about: str, settings: Settings) -> str:
    return f"{about}.{keyed(settings, 'preview', about)[:_BYTES].hex()}"
