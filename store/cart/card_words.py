"""Says in words why a gift card pays nothing, and what would change that."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from store.cart.gift_cards import MOST_CARDS, CardFault, CardReason
from store.settings import Settings
from store.web.filters import moment_words

WORDS: Mapping[CardReason, LazyString] = {
    CardReason.UNKNOWN: _l(
        "We know no gift card with this code. Check it letter by letter; nothing has changed."
    ),
    CardReason.EMPTY: _l("Nothing is left on gift card ···%(card)s: it was spent."),
    CardReason.ENDED: _l("Gift card ···%(card)s was good until %(day)s."),
    CardReason.STOPPED: _l("Gift card ···%(card)s was stopped. Write to us if that is wrong."),
    CardReason.OTHER_CURRENCY: _l("Gift card ···%(card)s is in another currency."),
    CardReason.TAX_ELSEWHERE: _l(
        "Gift cards cannot be spent while Stripe reckons our tax. Your money stays on it."
    ),
    CardReason.TOO_MANY: _l("A cart takes up to %(most)s gift cards. Spend these first."),
}


def card_words(fault: CardFault, settings: Settings) -> str:
    """Return one or two sentences; every reason has its own."""
    day = moment_words(fault.moment, settings, "d MMMM y") if fault.moment else ""
    told = {"card": fault.last_four, "day": day, "most": MOST_CARDS}
    return str(WORDS[fault.reason]) % told
