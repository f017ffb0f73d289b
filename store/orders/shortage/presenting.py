"""What is gone as its reader follows it, and as staff do: finished values for pages and mails."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select

from store.catalog.presenting import Picture
from store.clock import Clock
from store.database import db
from store.money import Money
from store.orders.links import order_path
from store.orders.models import Order, RefundStatus
from store.orders.presenting import pictures_of
from store.orders.shortage.models import Shortfall, ShortfallState
from store.orders.shortage.offering import Offer, offers_for, worth
from store.orders.shortage.standing import shortfalls_of
from store.settings import Settings


@dataclass(frozen=True, slots=True)
class ShownShortfall:
    """One line of what is gone; offers are given only where somebody may still choose."""

    id: int
    title: str
    combination: str
    quantity: int
    of: int
    """How many units were bought: the others are not affected."""
    picture: Picture | None
    state: str
    is_live: bool
    decide_by: datetime
    expected_on: date | None
    worth: Money
    offers: Sequence[Offer]
    outcome: str
    """What was decided, as a sentence; empty while it is open."""
    replacement: tuple[str, str] | None
    """Number and path of the order that sends something else."""

    @property
    def same(self) -> list[Offer]:
        return [offer for offer in self.offers if offer.is_same_product]


def shown_shortfalls(
    order: Order, settings: Settings, clock: Clock, *, has_offers: bool = False
) -> list[ShownShortfall]:
    """Return everything that was or is gone of an order, the oldest first."""
    rows = shortfalls_of(order)
    pictures = pictures_of([one.line.picture_hash for one in rows])
    return [
        ShownShortfall(
            id=one.id,
            title=one.line.title,
            combination=one.line.combination,
            quantity=one.quantity,
            of=one.line.quantity,
            picture=pictures.get(one.line.picture_hash),
            state=one.state,
            is_live=one.is_live,
            decide_by=one.decide_by,
            expected_on=one.expected_on,
            worth=worth(one) if one.is_live else Money.zero(order.currency),
            offers=offers_for(one, clock) if has_offers and one.is_live else (),
            outcome=outcome_words(one),
            replacement=_replacement(one, settings),
        )
        for one in rows
    ]


def outcome_words(one: Shortfall) -> str:
    """Return what happens with one shortfall, as a sentence; nothing while nobody has chosen."""
    what = f"{one.quantity} × {one.line.called}"
    match ShortfallState(one.state):
        case ShortfallState.OPEN:
            words = ""
        case ShortfallState.WAITS:
            words = _("%(what)s: waits for the next delivery, which is yours.", what=what)
        case ShortfallState.SWAPPED:
            instead = one.replacement.number if one.replacement else ""
            words = _(
                "%(what)s: something else is sent instead, with order %(number)s.",
                what=what,
                number=instead,
            )
        case ShortfallState.REFUNDED:
            words = _refund_words(one, what)
        case ShortfallState.ARRIVED:
            words = _("%(what)s: here, and kept for you.", what=what)
        case ShortfallState.OVER:
            words = _("%(what)s: settled in another way.", what=what)
    return str(words)


def _refund_words(one: Shortfall, what: str) -> str:
    is_lost = one.refund is not None and not RefundStatus(one.refund.status).gives_back
    if is_lost:
        words = _("%(what)s: the money did not arrive. A person is on it.", what=what)
    elif one.refund is None:
        words = _("%(what)s: will not be sent; it had cost nothing.", what=what)
    else:
        words = _("%(what)s: will not be sent, and the money goes back.", what=what)
    return str(words)


def filled_in(order: Order, settings: Settings) -> tuple[str, str] | None:
    """Return number and path of the order that this one fills in for; None if for none."""
    one = db.session.scalar(select(Shortfall).where(Shortfall.replacement_id == order.id).limit(1))
    return (one.order.number, order_path(one.order, settings)) if one else None


def _replacement(one: Shortfall, settings: Settings) -> tuple[str, str] | None:
    other = one.replacement
    return (other.number, order_path(other, settings)) if other else None
