"""Why an address is not written to, in words."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from store.newsletter.bounces.suppressing import COMPLAINED
from store.newsletter.subscribing import BY_HAND, DISOWNED, ERASED
from store.newsletter.suppressing import BOUNCED

REASONS: Mapping[str, LazyString] = {
    BOUNCED: _l("Nobody reads there"),
    COMPLAINED: _l("Called a mail spam"),
    DISOWNED: _l("Said it was somebody else"),
    ERASED: _l("Asked to be erased"),
    BY_HAND: _l("Noted by hand"),
}
WRITTEN_TO = "written_to"
STATES: Mapping[str, LazyString] = {**REASONS, WRITTEN_TO: _l("Written to")}
