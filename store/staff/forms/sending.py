"""Reads when a campaign is to begin, and what whoever sends it was shown."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from store.digits import whole_number
from store.staff.campaign_sending import Seen
from store.staff.forms.product import MOMENT


class SendingForm:
    def __init__(self, posted: MultiDict[str, str]) -> None:
        self.at = posted.get("at", "")
        version, number = (whole_number(posted.get(name, "")) for name in ("version", "number"))
        self.seen = Seen(-1 if version is None else version, -1 if number is None else number)
        self.error = ""

    def moment(self, zone: ZoneInfo, now: datetime) -> datetime | None:
        """Return when it begins, as the shop's clock tells it; None where the error says why."""
        try:
            # Far ends of the calendar have no moment in every zone.
            at = datetime.strptime(self.at[:16], MOMENT).replace(tzinfo=zone).astimezone(UTC)
        except (ValueError, OverflowError):
            self.error = _("Write a date and a time, such as 2026-12-01T09:00.")
            return None
        if at <= now:
            self.error = _("That is over already. To send it now, use the button below.")
            return None
        return at
