"""Orders as rows: each with its lines, its money, its parcels, its promises and its timeline."""

import random
import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import select

from store.database import db
from store.inventory.history import write_promises
from store.inventory.models import ReservationState
from store.mail.models import Message
from store.mail.sending import KEPT as WORDS_KEPT
from store.orders.models import (
    Fulfilment,
    FulfilmentLine,
    Order,
    OrderEvent,
    OrderLine,
    OrderState,
    Payment,
    Refund,
    RefundLine,
    RefundStatus,
)
from store.orders.numbers import ALPHABET, HALF
from store.orders.placing import HOLD_LENGTH
from store.sandbox.demonstration.seeding_buying import Purchase
from store.sandbox.demonstration.seeding_fates import Course, Fate
from store.sandbox.demonstration.seeding_happening import (
    RETURNS,
    Happening,
    Line,
    lines_of,
    parked_reason,
    steps,
)
from store.sandbox.demonstration.seeding_rows import Pile, Row, new_ids
from store.sandbox.demonstration.seeding_shelves import Ledger
from store.settings import Settings

REASONS = {
    Fate.GIVEN_UP: "The reader changed her mind",
    Fate.SENT_BACK: "It did not fit",
    Fate.SOME_BACK: "A seam came open; a tenth of the price",
    Fate.LINE_BACK: "The wrong size",
}


class Orders:
    """Writes orders in the open scope; their movements go to the ledger, which is told later."""

    def __init__(
        self, settings: Settings, now: datetime, chance: random.Random, ledger: Ledger
    ) -> None:
        self._settings, self._now, self._chance, self._ledger = settings, now, chance, ledger
        self._pile, self._promises = Pile(), list[Row]()
        self._order_ids, self._line_ids = new_ids(Order), new_ids(OrderLine)
        self._parcel_ids, self._refund_ids = new_ids(Fulfilment), new_ids(Refund)
        self._taken = set(db.session.scalars(select(Order.number)))

    def add(
        self, purchase: Purchase, course: Course, placed_at: datetime, article: str
    ) -> OrderState:
        """Put one order and all that belongs to it on the pile; return how it stands."""
        ids = [next(self._line_ids) for _ in purchase.lines]
        lines = lines_of(purchase, course.fate, ids)
        number, order_id = self._new_number(), next(self._order_ids)
        it = Happening(order_id, number, purchase, course, placed_at, article, lines)
        self._add_order(it)
        for position, line in enumerate(lines, start=1):
            self._add_line(it, line, position)
        if it.is_paid:
            self._add_money(it)
        if it.is_sent:
            self._add_parcel(it)
        for at, kind, actor, detail in steps(it, self._settings.currency):
            self._pile.add(OrderEvent, order_id=it.id, kind=kind, actor=actor, detail=detail, at=at)
        return it.state

    def write(self) -> None:
        self._pile.write()
        write_promises(self._promises)
        self._promises.clear()

    def _new_number(self) -> str:
        number = ""
        while not number or number in self._taken:
            signs = "".join(self._chance.choices(ALPHABET, k=2 * HALF))
            number = f"{self._settings.brand_order_prefix}-{signs[:HALF]}-{signs[HALF:]}"
        self._taken.add(number)
        return number

    def _add_order(self, it: Happening) -> None:
        person, address = it.purchase.person, it.purchase.person.address
        is_known = it.is_paid or it.fate == Fate.CANCELLED
        self._pile.add(
            Order,
            id=it.id,
            number=it.number,
            # Links stay secret, also where somebody shows the shop to others.
            secret=secrets.token_hex(16),
            state=it.state,
            parked_reason=parked_reason(it),
            currency=self._settings.currency,
            subtotal_minor=it.purchase.subtotal_minor,
            shipping_minor=it.purchase.shipping_minor,
            tax_minor=it.purchase.tax_minor,
            total_minor=it.purchase.total_minor,
            email=person.email if is_known else "",
            name=person.name if is_known else "",
            address=_address(it) if is_known else {},
            destination=address.country,
            countries=[address.country],
            shipping_name="Parcel post",
            article=it.article,
            cart_id=None,
            session_id=f"cs_test_seeded_{it.number}",
            intent_id=f"pi_seeded_{it.number}" if it.is_paid else None,
            idempotency_key=f"session-{it.number}-seeded",
            session_request={},
            placed_at=it.placed_at,
            expires_at=it.placed_at + HOLD_LENGTH,
            paid_at=it.paid_at if it.is_paid else None,
            updated_at=it.changed_at,
        )

    def _add_line(self, it: Happening, line: Line, position: int) -> None:
        article, bought = line.bought.article, line.bought
        self._pile.add(
            OrderLine,
            id=line.id,
            order_id=it.id,
            position=position,
            variant_id=article.variant_id,
            product_handle=article.handle,
            title=article.title,
            combination=article.combination,
            sku=article.sku,
            picture_hash=article.picture_hash,
            quantity=bought.quantity,
            unit_price_minor=article.price_minor,
            tax_minor=bought.tax_minor,
            total_minor=bought.total_minor,
            shipped=line.shipped,
            cancelled=line.cancelled,
        )
        if article.is_counted:
            self._promise(it, line)

    def _promise(self, it: Happening, line: Line) -> None:
        variant_id, units = line.bought.article.variant_id, line.bought.quantity
        if line.shipped:
            state = ReservationState.SHIPPED
            self._ledger.sold(it.packed_at, variant_id, units, it.number)
        elif line.cancelled or not it.is_paid:
            state = ReservationState.RELEASED
        else:
            state = ReservationState.ALLOCATED
            self._ledger.promised(variant_id, units)
        if line.returned:
            self._ledger.came_back(it.refunded_at, variant_id, units, it.number)
        self._promises.append(
            {
                "variant_id": variant_id,
                "order_line_id": line.id,
                "quantity": units,
                "state": state,
                "expires_at": None,
                "holder": None,
            }
        )

    def _add_money(self, it: Happening) -> None:
        currency = self._settings.currency
        back = it.refund_minor(currency)
        self._pile.add(
            Payment,
            order_id=it.id,
            intent_id=f"pi_seeded_{it.number}",
            amount_minor=it.purchase.total_minor,
            refunded_minor=back,
            currency=currency,
            method="card",
            at=it.paid_at,
        )
        if back:
            self._add_refund(it, back)
        if it.fate != Fate.PARKED:
            self._add_mail(it)

    def _add_refund(self, it: Happening, amount_minor: int) -> None:
        refund_id = next(self._refund_ids)
        # As the desk does it: a refund of the whole order or of an amount names no line.
        named = it.lines[:1] if it.fate == Fate.LINE_BACK else ()
        self._pile.add(
            Refund,
            id=refund_id,
            order_id=it.id,
            stripe_id=f"re_seeded_{it.number}",
            idempotency_key=f"refund-{it.number}-seeded",
            amount_minor=amount_minor,
            currency=self._settings.currency,
            status=RefundStatus.SUCCEEDED,
            reason=REASONS[it.fate],
            restocks=it.fate in RETURNS,
            line_ids=[line.id for line in named],
            at=it.refunded_at,
        )
        for line in named:
            self._pile.add(
                RefundLine,
                refund_id=refund_id,
                order_line_id=line.id,
                quantity=line.bought.quantity,
                amount_minor=line.bought.total_minor,
                cancelled=0,
            )

    def _add_mail(self, it: Happening) -> None:
        # Words of old mails are forgotten; that they were sent is not.
        is_kept = it.paid_at > self._now - WORDS_KEPT
        words = f"Thank you. Your order {it.number} is paid."
        self._pile.add(
            Message,
            dedupe_key=f"order:{it.number}:confirmed",
            kind="orders.confirmed",
            recipient=it.purchase.person.email if is_kept else "",
            subject=f"Your order {it.number}",
            text=words if is_kept else "",
            html=f"<p>{words}</p>" if is_kept else "",
            headers={},
            message_id=f"<{it.number.lower()}@seeded.example>",
            created_at=it.paid_at,
            sent_at=it.paid_at,
            refused_at=None,
        )

    def _add_parcel(self, it: Happening) -> None:
        parcel_id = next(self._parcel_ids)
        self._pile.add(
            Fulfilment,
            id=parcel_id,
            order_id=it.id,
            carrier="Australia Post",
            tracking_number=f"99702{self._chance.randrange(10**9):09d}",
            shipped_at=it.packed_at,
            delivered_at=None,
        )
        for line in it.lines:
            if line.shipped:
                self._pile.add(
                    FulfilmentLine,
                    fulfilment_id=parcel_id,
                    order_line_id=line.id,
                    quantity=line.shipped,
                )


def _address(it: Happening) -> dict[str, Any]:
    record = it.purchase.person.address.to_record()
    return {name: value or "" for name, value in record.items()}
