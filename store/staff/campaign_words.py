"""What campaigns are called on the desk: their states, and what is wrong with a letter."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from store.newsletter.campaigns.checking import Fault, Refused
from store.newsletter.campaigns.models import CampaignState, DeliveryState, PauseCause


@dataclass(frozen=True, slots=True)
class StateWords:
    """A state as it is shown: its words, and how its dot is painted."""

    words: LazyString
    kind: str = ""


STATES: Mapping[str, StateWords] = {
    CampaignState.DRAFT: StateWords(_l("Draft")),
    CampaignState.SCHEDULED: StateWords(_l("Scheduled"), "open"),
    CampaignState.SENDING: StateWords(_l("Being sent"), "open"),
    CampaignState.PAUSED: StateWords(_l("Paused"), "warn"),
    CampaignState.SENT: StateWords(_l("Sent"), "good"),
    CampaignState.CANCELLED: StateWords(_l("Cancelled"), "bad"),
}
CAUSES: Mapping[str, LazyString] = {
    PauseCause.STAFF: _l("Paused by staff."),
    PauseCause.BOUNCES: _l(
        "It paused by itself: too many addresses do not exist. Look at the answers below"
        " before it goes on."
    ),
    PauseCause.COMPLAINTS: _l(
        "It paused by itself: too many readers called it spam. Going on can cost the shop its"
        " good name with mailboxes."
    ),
}
DELIVERIES: Mapping[str, StateWords] = {
    DeliveryState.WAITING: StateWords(_l("Waiting"), "open"),
    DeliveryState.SENT: StateWords(_l("Sent"), "good"),
    DeliveryState.REFUSED: StateWords(_l("Refused"), "bad"),
    DeliveryState.COMPLAINED: StateWords(_l("Called spam"), "bad"),
    DeliveryState.SKIPPED: StateWords(_l("Skipped")),
}
_FAULTS: Mapping[Refused, LazyString] = {
    Refused.NO_SUBJECT: _l("A mail needs a subject."),
    Refused.NO_BODY: _l("The letter says nothing yet."),
    Refused.UNKNOWN_PRODUCT: _l(
        "No product that readers can see has the address “%(what)s”. Publish it first, or take"
        " its card out."
    ),
    Refused.NOT_YET: _l(
        "“%(what)s” is not in the shop yet; the letter can be scheduled for after it appears."
    ),
    Refused.CARD_IN_A_LINE: _l("A card needs a line of its own: %(what)s"),
    Refused.MARKUP: _l(
        "HTML is not sent: %(what)s. Write it in Markdown, such as **strong** or [words](/path)."
    ),
    Refused.PICTURE: _l(
        "Pictures come with the cards of products; from elsewhere none is sent: %(what)s"
    ),
    Refused.TABLE: _l("A table does not fit on a phone; say it as a list."),
    Refused.LINK: _l(
        "This link leads nowhere from a mailbox: “%(what)s”. Give a path of the shop that begins"
        " with a stroke, or an address that begins with https:// or mailto:."
    ),
    Refused.NO_PAGE: _l("No page of the shop has the address “%(what)s”."),
    Refused.NAME: _l("Nothing is filled in here, so readers would see it as it is: %(what)s"),
    Refused.CONTROL: _l("There is a sign in it that nobody can see. Type the line anew."),
}


def fault_words(fault: Fault) -> str:
    """Return what is wrong, as a sentence for whoever writes."""
    pattern = _FAULTS[fault.why]
    return str(pattern) % {"what": fault.what} if fault.what else str(pattern)


def shape_words(bytes_of_html: int) -> str:
    """Return a size as it is said."""
    words: str = _("%(number)s kB", number=-(-bytes_of_html // 1000))
    return words
