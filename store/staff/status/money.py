"""Whether the numbers agree: what Stripe tells, and the nightly proofs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from store.checkout.vitals import EVENTS_TOO_LATE, PROVED_AGAIN
from store.staff.status.findings import Finding, Seen, Verdict, Way, long_words

EVENT_LATE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Proof:
    """What a comparison of the last night came to, in words."""

    about: str
    differs: str
    count: int | None
    age: timedelta | None
    agrees: str
    advice: str
    way: Way


def payments(seen: Seen) -> Iterator[Finding]:
    yield _events(seen.since("oldest_event_seconds"))
    count = seen.found["reconciliation_differences"] or 0
    yield _proved(
        Proof(
            _("Compared with Stripe"),
            ngettext("%(num)s difference", "%(num)s differences", count),
            seen.found["reconciliation_differences"],
            seen.since("reconciled_seconds"),
            _("Every payment is where it belongs."),
            _("Each is named with what to do about it. Ship none of these orders before."),
            Way("/staff/faults/#stripe", _("See the differences")),
        )
    )


def stock_and_cards(seen: Seen) -> Iterator[Finding]:
    count = seen.found["stock_differences"] or 0
    yield _proved(
        Proof(
            _("Stock"),
            ngettext("%(num)s number is not explained", "%(num)s numbers are not explained", count),
            seen.found["stock_differences"],
            seen.since("stock_proved_seconds"),
            _("Every number is what its movements and promises make it."),
            _("“store stock prove” names them; count these shelves, then it sets them right."),
            Way("/staff/stock/", _("Stock")),
        )
    )
    count = seen.found["gift_card_differences"] or 0
    yield _proved(
        Proof(
            _("Gift cards"),
            ngettext("%(num)s card is not explained", "%(num)s cards are not explained", count),
            seen.found["gift_card_differences"],
            seen.since("gift_cards_proved_seconds"),
            _("Every balance is what its ledger says."),
            _("Compare the ledger of each card before anybody adjusts one."),
            Way("/staff/gift-cards/", _("Gift cards")),
        )
    )


def _events(age: timedelta | None) -> Finding:
    about = _("What Stripe tells us")
    if age is None or age < EVENT_LATE:
        return Finding(about, Verdict.GOOD, _("Worked in at once."))
    return Finding(
        about,
        Verdict.BAD if age >= EVENTS_TOO_LATE else Verdict.WARN,
        _("Something that it told %(long)s ago is not worked in.", long=long_words(age)),
        _("It is tried again every minute, and no payment is lost meanwhile."),
        Way("/staff/faults/#events", _("See why it fails")),
    )


def _proved(proof: Proof) -> Finding:
    if proof.age is None:
        words = _("Not done yet: it is done each night.")
        return Finding(proof.about, Verdict.UNKNOWN, words)
    ago = _("%(long)s ago", long=long_words(proof.age))
    if proof.count:
        words = _("%(differs)s, as of %(ago)s.", differs=proof.differs, ago=ago)
        return Finding(proof.about, Verdict.BAD, words, proof.advice, proof.way)
    if proof.age > PROVED_AGAIN:
        words = _("It agreed %(ago)s, and nobody has looked since.", ago=ago)
        advice = _("A worker looks each night: see above whether one lives.")
        return Finding(proof.about, Verdict.WARN, words, advice)
    words = _("%(agrees)s Looked at %(ago)s.", agrees=proof.agrees, ago=ago)
    return Finding(proof.about, Verdict.GOOD, words)
