"""Staff who pack and refund while everything else goes on, by the verbs of the desk."""

import random
from dataclasses import dataclass, replace

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from store.database import db, writing
from store.errors import StoreError
from store.orders.messages import mail_shipped
from store.orders.models import Order, OrderState
from store.orders.queries import locked_order
from store.orders.refund_plans import RefundWish
from store.orders.refunding import refund_order
from store.orders.shipping import Parcel, ship_parcel
from store.payments.stripe_gateway import StripeGateway
from store.services import Services
from tests.faults.beside import Beside
from tests.faults.tally import Tally

PAUSE_SECONDS = 1.0
ACTOR = "staff of the faults"


@dataclass
class Desk(Beside):
    app: Flask
    services: Services
    tally: Tally
    chance: random.Random

    def _act(self) -> None:
        while not self.is_over.wait(PAUSE_SECONDS * self.chance.uniform(0.5, 1.5)):
            verb = self.chance.choice((self._ship, self._refund))
            try:
                with self.app.app_context():
                    order_id = self._one_paid()
                    if order_id is not None:
                        verb(order_id)
            except (StoreError, SQLAlchemyError) as error:
                # Stripe or the database is away, or the order was dealt with before: try another.
                self.tally.answer(f"staff: {type(error).__name__}")

    def _one_paid(self) -> int | None:
        db.session.rollback()
        # Most orders are left alone: what becomes of them is judged as well.
        return db.session.scalar(
            select(Order.id)
            .where(Order.state == OrderState.PAID, Order.id % 3 == 0)
            .order_by(func.random())
            .limit(1)
        )

    def _ship(self, order_id: int) -> None:
        with writing():
            order = locked_order(order_id)
            sent = ship_parcel(order, Parcel({}), self.services, actor=ACTOR)
            mail_shipped(order, sent, self.services)
        self.tally.answer("staff: shipped")

    def _refund(self, order_id: int) -> None:
        order = db.session.get_one(Order, order_id)
        refund = refund_order(order, RefundWish(reason="a fault"), self.services, actor=ACTOR)
        self.tally.answer(f"staff: refund {refund.status}")


def by_way(services: Services, api_base: str) -> Services:
    """Return doors whose payments go the way that loses and garbles."""
    settings = services.settings.model_copy(update={"stripe_api_base": api_base})
    return replace(services, payments=StripeGateway(settings))
