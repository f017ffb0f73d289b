"""Says in words why a code takes nothing off a cart, and what would change that."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from store.pricing.offers import CodeFault, CodeReason
from store.settings import Settings
from store.web.filters import locale_in, moment_words, money

WORDS: Mapping[CodeReason, LazyString] = {
    CodeReason.UNKNOWN: _l(
        "We know no code “%(code)s”. Check how it is spelled; nothing has changed."
    ),
    CodeReason.STOPPED: _l("“%(code)s” is not given any more."),
    CodeReason.NOT_BEGUN: _l("“%(code)s” begins on %(moment)s and takes nothing off before."),
    CodeReason.ENDED: _l("“%(code)s” ended on %(moment)s."),
    CodeReason.USED_UP: _l("“%(code)s” is used up: others had the last of it."),
    CodeReason.USED_BY_READER: _l("“%(code)s” was used with this address as often as it may be."),
    CodeReason.ADDRESS_WANTED: _l("“%(code)s” counts by person: type your e-mail address as well."),
    CodeReason.NOT_THESE: _l("“%(code)s” is not for anything in this cart."),
    CodeReason.UNDER_MINIMUM: _l("“%(code)s” wants %(missing)s more of what it is for."),
    CodeReason.OUTDONE: _l("Kept, but “%(other)s” takes more off, and it counts instead."),
    CodeReason.GIVES_NOTHING: _l("Kept, but there is nothing that it could take off here."),
}


def fault_words(fault: CodeFault, settings: Settings) -> str:
    """Return one or two sentences; every reason has its own."""
    moment, missing = fault.moment, fault.missing
    told = {
        "code": fault.code,
        "moment": moment_words(moment, settings) if moment else "",
        "missing": money(missing, locale_in(settings.country)) if missing else "",
        "other": fault.other,
    }
    return str(WORDS[fault.reason]) % told
