"""Subscribers in words: where one stands, what each step of her consent was, what a list does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from store.newsletter.campaigns.models import DeliveryState
from store.newsletter.importing.files import FileFault, LineFault
from store.newsletter.importing.models import ImportState
from store.newsletter.models import (
    ConsentEntry,
    ConsentKind,
    Purpose,
    SubscriberState,
    SuppressionReason,
)
from store.newsletter.topics import topic_titles
from store.settings import Settings
from store.web.filters import locale_in, moment_words

DAY = "d MMMM y"

SUBSCRIBER_STATES: Mapping[str, LazyString] = {
    SubscriberState.PENDING: _l("Asked by mail"),
    SubscriberState.CONFIRMED: _l("On the list"),
    SubscriberState.LEFT: _l("Left"),
}
KINDS_OF_STATE: Mapping[str, str] = {
    SubscriberState.PENDING: "open",
    SubscriberState.CONFIRMED: "good",
    SubscriberState.LEFT: "",
}
SOURCES: Mapping[str, LazyString] = {
    "page": _l("Newsletter page"),
    "footer": _l("Foot of a page"),
    "widget": _l("Under a story"),
    "fragment": _l("Under a story, without scripts"),
    "import": _l("A list of ours"),
    "product": _l("Page of a product"),
    "cart": _l("Cart"),
    "preferences": _l("Her own page"),
    "known": _l("Confirmed before"),
    "desk": _l("Here"),
}
STEPS: Mapping[str, LazyString] = {
    ConsentKind.ASKED: _l("Somebody typed the address, and a mail asked whether it was her"),
    ConsentKind.CONFIRMED: _l("Said yes"),
    ConsentKind.LEFT: _l("Left"),
    ConsentKind.DISOWNED: _l("Said that it was not her"),
    ConsentKind.EXPIRED: _l("Let the invitation lapse"),
    ConsentKind.ERASED: _l("Was erased at her wish"),
    ConsentKind.TOPICS: _l("Chose other topics"),
    ConsentKind.PAUSED: _l("Paused"),
    ConsentKind.RESUMED: _l("Ended the pause"),
    ConsentKind.IMPORTED: _l("Came with a list, and a mail asked whether she would like it"),
    ConsentKind.SUPPRESSED: _l("Staff saw to it that nothing is sent to her"),
}
PURPOSES: Mapping[str, LazyString] = {
    Purpose.NEWSLETTER: _l("Newsletter"),
    Purpose.BACK_IN_STOCK: _l("Back in stock"),
    Purpose.LAST_UNIT: _l("A place in the line"),
    Purpose.LEFT_CART: _l("Her cart by mail"),
}
REASONS: Mapping[str, LazyString] = {
    SuppressionReason.DISOWNED: _l("its owner said that somebody else had typed it"),
    SuppressionReason.ERASED: _l(
        "it was erased at its owner’s wish; only her own yes brings it back"
    ),
    SuppressionReason.BOUNCED: _l("mail to it comes back"),
    SuppressionReason.COMPLAINED: _l("its owner marked our mail as spam"),
    SuppressionReason.BY_HAND: _l("staff saw to it"),
}
DELIVERIES: Mapping[str, LazyString] = {
    DeliveryState.WAITING: _l("Waits"),
    DeliveryState.SENT: _l("Sent"),
    DeliveryState.REFUSED: _l("Refused"),
    DeliveryState.COMPLAINED: _l("Marked as spam"),
    DeliveryState.SKIPPED: _l("Not sent"),
}
LISTS: Mapping[str, LazyString] = {
    ImportState.READ: _l("Waits for your yes"),
    ImportState.ASKING: _l("Its people are being asked"),
    ImportState.DONE: _l("All were asked"),
    ImportState.STOPPED: _l("Stopped"),
}
KINDS_OF_LIST: Mapping[str, str] = {
    ImportState.READ: "warn",
    ImportState.ASKING: "open",
    ImportState.DONE: "good",
    ImportState.STOPPED: "",
}
FILE_FAULTS: Mapping[FileFault, LazyString] = {
    FileFault.EMPTY: _l("The file is empty."),
    FileFault.TOO_LARGE: _l("The file is larger than any list. Send it in parts."),
    FileFault.TOO_MANY_ROWS: _l("The file has more than 20,000 lines. Send it in parts."),
    FileFault.NO_TEXT: _l("That is no CSV file. Save the sheet as CSV and try again."),
    FileFault.NO_COLUMN: _l(
        "No column holds addresses. Call one of them “Email” in the first line."
    ),
}
LINE_FAULTS: Mapping[str, LazyString] = {
    LineFault.MISSING: _l("There is no address on this line. Type one, or delete the line."),
    LineFault.TOO_LONG: _l("That is longer than an address may be. Look whether two ran together."),
    LineFault.NO_ADDRESS: _l("That is no e-mail address. It looks like name@example.org."),
    LineFault.REPEATED: _l("The address stands above already; nothing needs to be done."),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the ledger as people read it."""

    at: datetime
    purpose: str
    what: str
    about: str
    where: str
    page: str
    network: str
    wording: str
    words: str


def day_words(day: date, settings: Settings) -> str:
    return str(format_date(day, DAY, locale=locale_in(settings.country)))


def step_words(entry: ConsentEntry, words: str | None, settings: Settings) -> Step:
    return Step(
        at=entry.at,
        purpose=str(PURPOSES.get(entry.purpose, entry.purpose)),
        what=str(STEPS.get(entry.kind, entry.kind)),
        about=_about(entry, settings),
        where=str(SOURCES.get(entry.source, entry.source)),
        page=entry.page,
        network=entry.network,
        wording=entry.wording_version,
        words=words or "",
    )


def _about(entry: ConsentEntry, settings: Settings) -> str:
    """Say what a step was about; empty where there is no more to say."""
    detail = entry.detail or {}
    said = []
    if "where" in detail:
        when = day_words(date.fromisoformat(detail["on"]), settings)
        said.append(_("Agreed %(where)s, %(when)s.", where=detail["where"], when=when))
    if "topics" in detail:
        said.append(" · ".join(topic_titles(detail["topics"])))
    if "until" in detail:
        until = moment_words(datetime.fromisoformat(detail["until"]), settings, DAY)
        said.append(_("until %(day)s", day=until))
    return " ".join(map(str, said))
