"""Where a carrier says how far a parcel is, for those that are known by name."""

from collections.abc import Mapping
from urllib.parse import quote

PAGES: Mapping[str, str] = {
    "australia post": "https://auspost.com.au/mypost/track/details/{number}",
    "auspost": "https://auspost.com.au/mypost/track/details/{number}",
    "dhl": "https://www.dhl.com/en/express/tracking.html?AWB={number}",
    "ups": "https://www.ups.com/track?tracknum={number}",
    "usps": "https://tools.usps.com/go/TrackConfirmAction?tLabels={number}",
    "royal mail": "https://www.royalmail.com/track-your-item#/tracking-results/{number}",
}


def tracking_link(carrier: str, number: str) -> str:
    """Return the page of this parcel at its carrier; nothing where the carrier is another."""
    name = " ".join(carrier.casefold().split())
    page = next((page for known, page in PAGES.items() if name.startswith(known)), "")
    return page.format(number=quote(number, safe="")) if page and number else ""
