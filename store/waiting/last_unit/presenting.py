"""What a reader sees of a queue: how it stands with her, and what may still happen until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from store.errors import NotFoundError
from store.inventory import stock
from store.inventory.models import QueuePlace, QueueState
from store.inventory.queue import may_come_back
from store.inventory.queueing import Busy, busy_units, length, place_of, places_of, position
from store.newsletter.back_in_stock.queries import Wanted, wanted_variant
from store.orders.placing import HOLD_LENGTH
from store.services import Services

NOBODY = "nobody"
"""The state of whoever has no place."""


@dataclass(frozen=True, slots=True)
class QueueShown:
    """One queue as one reader sees it.

    ends_by is when it is decided at the latest about the unit that could be hers; None where a
    bank decides, or where more people come before her than there are units.
    """

    wanted: Wanted
    state: str
    position: int
    length: int
    ends_by: datetime | None
    minutes_left: int
    until: datetime | None
    """Until when a unit is kept for her."""
    is_open: bool
    """Whether a unit may still come back."""
    is_for_sale: bool

    @property
    def is_waiting(self) -> bool:
        return self.state == QueueState.WAITING


def shown_queue(variant_id: int, cart_id: int | None, services: Services) -> QueueShown:
    """Return how it stands; NotFoundError for what readers may not see."""
    now = services.clock.now()
    wanted = wanted_variant(variant_id, now=now)
    if wanted is None:
        raise NotFoundError(f"no variant {variant_id} for readers")
    place = place_of(variant_id, cart_id) if cart_id is not None else None
    return _shown(wanted, place, services)


def queues_of(cart_id: int, services: Services) -> Sequence[QueueShown]:
    """Return every queue that a cart stands in, or stood in until lately."""
    found = []
    for place in places_of(cart_id):
        wanted = wanted_variant(place.variant_id, now=services.clock.now())
        if wanted is not None:
            found.append(_shown(wanted, place, services))
    return found


def _shown(wanted: Wanted, place: QueuePlace | None, services: Services) -> QueueShown:
    now, variant_id = services.clock.now(), wanted.variant_id
    state = place.state if place else NOBODY
    waiting_before = position(place) if place and state == QueueState.WAITING else 0
    ends_by = _ends_by(busy_units(variant_id), max(waiting_before, 1), now, services)
    until = place.claim_until if place and state == QueueState.CALLED else None
    next_end = until or ends_by
    level = stock.levels([variant_id]).get(variant_id)
    return QueueShown(
        wanted=wanted,
        state=state,
        position=waiting_before,
        length=length(variant_id),
        ends_by=ends_by,
        minutes_left=_minutes(next_end - now) if next_end else 0,
        until=until,
        is_open=may_come_back(variant_id),
        is_for_sale=level is None or level.sellable != 0,
    )


def _ends_by(
    busy: Sequence[Busy], place: int, now: datetime, services: Services
) -> datetime | None:
    """Return when the unit that is this place's turn is paid or free, at the very latest.

    Who was called from the queue may begin to pay in her last minute, and who comes back from the
    pay page in time may pay again: both are reckoned in.
    """
    minutes = timedelta(minutes=services.settings.queue_claim_minutes)
    ends: list[datetime] = []
    for unit in busy:
        until = unit.until if unit.is_paying else (unit.until or now + minutes) + HOLD_LENGTH
        if until is None:
            continue
        if unit.is_paying and unit.claim_until is not None:
            until = max(until, unit.claim_until + HOLD_LENGTH)
        if until > now:
            ends.append(until)
    ends.sort()
    return ends[place - 1] if place <= len(ends) else None


def _minutes(left: timedelta) -> int:
    return max(1, -(-int(left.total_seconds()) // 60))
