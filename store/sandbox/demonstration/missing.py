"""Readers of the demonstration who ask for what is sold out: most say yes, and some are told."""

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from store.catalog.models import Variant
from store.clock import FixedClock
from store.database import db, writing
from store.inventory import stock
from store.newsletter.back_in_stock.answering import confirm
from store.newsletter.back_in_stock.asking import NoteRequest, note_request
from store.newsletter.back_in_stock.models import StockRequest
from store.newsletter.back_in_stock.telling import tell_who_waits
from store.newsletter.back_in_stock.wording import WORDING
from store.sandbox.demonstration.people import a_person
from store.services import Services

SOLD_OUT_FOR = timedelta(days=12)
ASK_FOR_ONE = (7, 4, 3, 2)
"""How many ask for each variant that is sold out, as long as there are such variants."""
ASK_FOR_WHAT_RETURNS, RETURNED = 4, 2
DELIVERED_AGO = timedelta(hours=20)
NETWORK = "203.0.113.0/24"
Deed = Callable[[], None]
Planned = tuple[datetime, Deed]


class Missing:
    """What was sold out some days ago and who asked for it, each at its own time."""

    def __init__(
        self,
        services: Services,
        clock: FixedClock,
        chance: random.Random,
        left: Mapping[str, int],
    ) -> None:
        self._services, self._clock, self._chance, self._left = services, clock, chance, left
        self._today = clock.now()

    def deeds(self) -> Iterator[Planned]:
        """Return everything that happens, with its moment."""
        gone = [sku for sku, units in self._left.items() if not units]
        for sku, readers in zip(gone, ASK_FOR_ONE, strict=False):
            yield from self._is_asked_for(sku, readers)
        back = [sku for sku, units in self._left.items() if 0 < units <= stock.LOW_STOCK]
        for sku in back[:1]:
            yield from self._is_asked_for(sku, ASK_FOR_WHAT_RETURNS)
            yield self._today - DELIVERED_AGO, self._delivery(sku)

    def _is_asked_for(self, sku: str, readers: int) -> Iterator[Planned]:
        begins = self._today - SOLD_OUT_FOR
        yield begins, self._sells_out(sku)
        for number in range(readers):
            wait = self._chance.uniform(0.1, 0.9) * (SOLD_OUT_FOR - DELIVERED_AGO)
            # The first says yes for sure; of the others one in three leaves it at asking.
            yield begins + wait, self._asks(sku, says_yes=number % 3 != 1)

    def _sells_out(self, sku: str) -> Deed:
        def count() -> None:
            variant_id = _variant(sku)
            promised = stock.levels([variant_id])[variant_id].reserved
            with writing():
                stock.count(
                    variant_id,
                    promised,
                    cause="stock-take",
                    actor="demonstration",
                    clock=self._clock,
                    note="The last of them went to the readers’ party",
                )

        return count

    def _asks(self, sku: str, *, says_yes: bool) -> Deed:
        email = a_person(self._chance).email

        def ask() -> None:
            variant_id = _variant(sku)
            wanted = NoteRequest(
                variant_id=variant_id,
                email=email,
                source="",
                page="",
                locale="en-AU",
                wording=WORDING,
                network=NETWORK,
            )
            asked = select(StockRequest).where(
                StockRequest.email == email, StockRequest.variant_id == variant_id
            )
            with writing():
                note_request(wanted, self._services)
                request = db.session.scalars(asked).one_or_none()
                if request is not None and says_yes:
                    confirm(request, NETWORK, self._services)

        return ask

    def _delivery(self, sku: str) -> Deed:
        def receive() -> None:
            with writing():
                stock.receive(
                    _variant(sku),
                    RETURNED,
                    cause="second printing",
                    actor="demonstration",
                    clock=self._clock,
                )
            tell_who_waits(self._services)

        return receive


def _variant(sku: str) -> int:
    return db.session.scalars(select(Variant.id).where(Variant.sku == sku)).one()
