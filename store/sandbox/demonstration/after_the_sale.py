"""What waits for a hand in the demonstration: each page of the desk has something on it.

A pre-order with orders that wait, a dispute, a reader who must choose because what she paid for is
gone, a gift card that is partly spent, a file that was fetched, and a partner who is told things.
What the shop at hand has not is left out.
"""

import random
import re
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select

from store.catalog.models import Variant
from store.checkout.sweeping import end_holds
from store.connections.endpoints import Wanted as WantedEndpoint
from store.connections.models import CHOSEN_KINDS, Scope
from store.connections.tokens import Wanted as WantedToken
from store.database import db, writing
from store.gift_cards.issuing import Addressee
from store.gift_cards.mailing import mail_if_due
from store.inventory import stock
from store.mail.models import Message
from store.orders.downloads.models import Download
from store.orders.downloads.taking import take
from store.orders.models import Fulfilment, Order, OrderState, Payment
from store.orders.queries import locked_order
from store.sandbox.demonstration.buying import Deed, Planned, Till, variants_of
from store.sandbox.demonstration.people import HOME, Person, a_person
from store.sandbox.stripe.state import Shelf
from store.staff.audit import Actor
from store.staff.connections import add_endpoint, make_token
from store.staff.gift_cards import issue
from store.staff.waiting import AheadTerms, set_terms

AHEAD, GONE, FILE, GIVEN = (
    "marriage-notice-box",
    "press-cap",
    "saturday-square-puzzle",
    "ampersand-pin",
)
"""Handles: what is sold before it is here, what is gone, what is downloaded, what a card buys."""
PARTNER_PATH = "/partner"
"""Where the small news site takes what partners are told."""
STAFF = Actor(None, "Sam at the desk")
TO_COME = 40
TIMES_WHAT_IS_BOUGHT = 4
UNTIL_SERVED = timedelta(seconds=20)
HELD_MINUTES = 46
"""A minute longer than the shop keeps units for whoever pays."""
CODE = re.compile(r"\b(?:[2-9A-HJ-NP-Z]{4}-){3}[2-9A-HJ-NP-Z]{4}\b")


def set_apart() -> frozenset[str]:
    """Return the skus whose shelves are part of the story: no stock-take mends them."""
    ids = (*variants_of(AHEAD), *variants_of(GONE)[-1:])
    return frozenset(
        filter(None, db.session.scalars(select(Variant.sku).where(Variant.id.in_(ids))))
    )


class AfterTheSale:
    """Each deed at its own time; readers and payments are those of the shop."""

    def __init__(self, till: Till, chance: random.Random) -> None:
        self._till, self._chance = till, chance
        self._services, self._clock = till.services, till.clock
        self._today = till.clock.now()
        self._reader, self._card_id = a_person(chance), 0

    def deeds(self) -> Iterator[Planned]:
        """Return everything that happens, with its moment."""
        for hours, deed in (
            (24 * 9, self._announce),
            (24 * 7, self._buys(AHEAD)),
            (24 * 5, self._buys(AHEAD, GIVEN)),
            (24 * 5 - 3, self._give_a_card),
            (24 * 4, self._spend_of_the_card),
            (24 * 3, self._dispute),
            (24 * 2, self._buys(AHEAD)),
            (44, self._buys(FILE)),
            (43, self._fetch_a_file),
            (38, self._connect),
            (30, self._pay_for_what_is_gone),
            (20, self._fetch_a_file),
        ):
            yield self._today - timedelta(hours=hours), deed

    def _announce(self) -> None:
        """Sell what the next printing brings: the shelf is empty until then."""
        ships_on = (self._today + timedelta(days=12)).astimezone(self._services.settings.zone)
        terms = AheadTerms(is_ahead=True, ships_on=ships_on.date(), to_come=TO_COME)
        for variant_id in variants_of(AHEAD):
            self._count(variant_id, 0)
            with writing():
                set_terms(variant_id, terms, self._services, actor=STAFF, all_variants=False)

    def _buys(self, *handles: str) -> Deed:
        def buy() -> None:
            found = [variants_of(handle) for handle in handles]
            if all(found):
                wanted = {variants[0]: 1 for variants in found}
                self._till.pay(a_person(self._chance), wanted)

        return buy

    def _give_a_card(self) -> None:
        """Make good by a card what a parcel did to a reader, as staff do."""
        variants = variants_of(GIVEN)
        if not variants:
            return
        value = db.session.get_one(Variant, variants[0]).price * TIMES_WHAT_IS_BOUGHT
        addressee = Addressee(self._reader.email, message="For the parcel that the rain got to.")
        with writing():
            self._card_id = issue(value, addressee, "A wet parcel", STAFF, self._services).id

    def _spend_of_the_card(self) -> None:
        if self._card_id:
            self._till.pay_by_card(self._reader, {variants_of(GIVEN)[0]: 1}, self._code())

    def _code(self) -> str:
        """Return the code that the reader finds in her mail."""
        with writing():
            mail_if_due(self._card_id, self._services)
        sent = select(Message.text).where(
            Message.dedupe_key.startswith(f"gift-card:{self._card_id}:")
        )
        found = CODE.search(db.session.scalars(sent.order_by(Message.id.desc())).first() or "")
        return found.group() if found else ""

    def _dispute(self) -> None:
        """Have a bank ask back what was paid for a parcel that arrived a while ago."""
        long_ago = self._clock.now() - timedelta(days=8)
        intent = db.session.scalar(
            select(Payment.intent_id)
            .join(Order, Order.id == Payment.order_id)
            .join(Fulfilment, Fulfilment.order_id == Order.id)
            .where(
                Order.state == OrderState.PAID,
                Order.paid_at < long_ago,
                Payment.gift_card_id.is_(None),
                Payment.refunded_minor == 0,
            )
            .order_by(Order.id.desc())
            .limit(1)
        )
        if intent is not None:
            self._till.sandbox.dispute(intent, "product_not_received")

    def _fetch_a_file(self) -> None:
        """Press the button of the newest download, as its reader does now and then."""
        download = db.session.scalars(select(Download).order_by(Download.id.desc())).first()
        if download is not None:
            with writing():
                order = locked_order(download.line.order_id)
                take(order, download, self._services, seen=download.used)

    def _connect(self) -> None:
        """Let a partner read what is to be packed; she is told of it where the news site stands."""
        wanted = WantedToken("Harbour Fulfilment", (Scope.READ_ORDERS, Scope.WRITE_PARCELS), None)
        with writing():
            make_token(wanted, STAFF, self._services)
            for origin in self._services.settings.news_origins[:1]:
                endpoint = WantedEndpoint("Harbour Fulfilment", origin + PARTNER_PATH, CHOSEN_KINDS)
                known, _secret = add_endpoint(endpoint, STAFF, self._services)
                # While the demonstration is set up nobody serves the site, and nothing is tried.
                known.rests_until = self._today + UNTIL_SERVED

    def _pay_for_what_is_gone(self) -> None:
        """Lose the news of a payment until its units are let go, and break all but one of them."""
        variants = variants_of(GONE)[-1:]
        if not variants:
            return
        reader = Person("Farid Okonjo", "farid.okonjo@reader.example", HOME, "")
        session_id = self._till.pay(reader, {variants[0]: 2})
        self._say_of(session_id, status="expired", payment_status="unpaid")
        self._clock.move_to(self._clock.now() + timedelta(minutes=HELD_MINUTES))
        end_holds(self._services)
        self._say_of(session_id, status="complete", payment_status="paid")
        self._count(variants[0], 1)

    def _say_of(self, session_id: str, **said: str) -> None:
        state = self._till.sandbox.account.state
        with state.changing():
            state.put(Shelf.SESSION, state.take(Shelf.SESSION, session_id) | said)

    def _count(self, variant_id: int, free: int) -> None:
        """Leave so many units that nobody was promised."""
        promised = stock.levels([variant_id])[variant_id].reserved
        with writing():
            stock.count(
                variant_id,
                promised + free,
                cause="stock-take",
                actor=STAFF.name,
                clock=self._clock,
            )
