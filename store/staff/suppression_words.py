"""Why an address is not written to, in words."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from store.newsletter.models import SuppressionReason

REASONS: Mapping[str, LazyString] = {
    SuppressionReason.BOUNCED: _l("Nobody reads there"),
    SuppressionReason.COMPLAINED: _l("Called a mail spam"),
    SuppressionReason.DISOWNED: _l("Said it was somebody else"),
    SuppressionReason.ERASED: _l("Asked to be erased"),
    SuppressionReason.BY_HAND: _l("Noted by hand"),
}
WRITTEN_TO = "written_to"
STATES: Mapping[str, LazyString] = {**REASONS, WRITTEN_TO: _l("Written to")}
