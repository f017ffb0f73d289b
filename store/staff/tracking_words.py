"""Says why a tracking number may be wrong, to whoever typed it."""

from flask_babel import gettext as _

from store.orders.carriers import Doubt, Fault


def doubt_words(doubt: Doubt) -> str:
    """Return what speaks against a number, and whose it looks like."""
    carrier = doubt.looks_like
    match doubt.fault:
        case Fault.CHECK_DIGIT:
            words = _(
                "The check digit of this %(carrier)s number does not add up: a digit is wrong,"
                " or two changed places.",
                carrier=carrier,
            )
        case Fault.OTHER_CARRIER:
            words = _("This is a number of %(carrier)s.", carrier=carrier)
        case Fault.SHAPE:
            words = _("Numbers of %(carrier)s look otherwise.", carrier=carrier)
    return str(words)
