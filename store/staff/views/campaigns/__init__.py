"""The newsletter at the desk: written, looked over, tried, sent, and followed."""

from store.staff.views.campaigns import (
    drops,
    editor,
    listing,
    previews,
    progress,
    sending,
    testing,
)
from store.staff.views.campaigns.blueprint import blueprint

# Each of the others adds its addresses to it.
__all__ = ["blueprint", "drops", "editor", "listing", "previews", "progress", "sending", "testing"]
