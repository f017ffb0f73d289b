"""The mails of the shop, written from rows whose every word is hostile."""

from datetime import timedelta
from typing import TypeVar

from sqlalchemy import delete, inspect, select, update

from store.database import Model, db
from store.gift_cards.messages import mail_card
from store.gift_cards.models import GiftCard
from store.mail.models import Message, MessageAttachment
from store.newsletter import messages as newsletter_mails
from store.newsletter.back_in_stock import messages as stock_mails
from store.newsletter.back_in_stock.models import StockRequest
from store.newsletter.models import Subscriber
from store.orders import later_messages, messages
from store.orders.models import Fulfilment, Order, Refund
from store.orders.returning import messages as return_mails
from store.orders.returning.models import Return
from store.orders.shortage import messages as shortage_mails
from store.orders.shortage.models import Shortfall
from store.services import Services
from store.staff import messages as staff_mails
from store.staff.messages import Notice
from store.staff.models import StaffUser
from store.tips.messages import mail_tip
from store.tips.models import Tip
from store.waiting.last_unit import messages as last_unit_mails
from store.waiting.last_unit.models import QueueReader
from tests.markup import EVERY

M = TypeVar("M", bound=Model)
ADDRESS = "robin@example.org"
HAVE_AN_ADDRESS = (Order, Subscriber, StockRequest, StaffUser, QueueReader)


def hostile_mails(services: Services) -> list[str]:
    """Return each mail as it was written; what that took is undone. Call it inside `writing()`."""
    with db.session.begin_nested() as undone:
        db.session.execute(delete(MessageAttachment))
        db.session.execute(delete(Message))
        _give_addresses()
        _of_orders(services)
        _of_others(services)
        db.session.flush()
        written = list(db.session.scalars(select(Message.html).order_by(Message.id)))
        undone.rollback()
    db.session.expire_all()
    return written


def _give_addresses() -> None:
    """Let whoever is written to have an address that a mail can go to."""
    for model in HAVE_AN_ADDRESS:
        (key,) = model.__table__.primary_key
        for number in db.session.scalars(select(key)).all():
            address = f"robin-{number}@example.org"
            db.session.execute(update(model).where(key == number).values(email=address))
    db.session.execute(update(GiftCard).values(recipient=ADDRESS))
    db.session.expire_all()


def _of_orders(services: Services) -> None:
    parcel = _first(Fulfilment)
    order, asked = parcel.order, _first(Return)
    messages.mail_confirmation(order, services)
    messages.mail_shipped(order, parcel, services)
    messages.mail_payment_failed(order, services)
    messages.mail_pickup_ready(_picked_up(), services)
    messages.mail_new_order(order, services)
    messages.mail_attention(order, "shortage", services)
    messages.mail_links([order], ADDRESS, 1, services)
    later_messages.mail_delivered(order, parcel, services)
    later_messages.mail_refunded(order, _first(Refund), services)
    later_messages.mail_cancelled(order, services)
    return_mails.mail_asked(asked, services)
    return_mails.mail_approved(asked, services)
    return_mails.mail_declined(asked, services)
    return_mails.mail_received(asked, services)
    missing = _first(Shortfall)
    shortage_mails.mail_missing(missing.order, [missing], services)
    shortage_mails.mail_arrived(missing.order, [missing], services)


def _of_others(services: Services) -> None:
    reader, member = _first(Subscriber), _first(StaffUser)
    newsletter_mails.mail_invitation(reader, services)
    newsletter_mails.mail_welcome(reader, services)
    newsletter_mails.mail_already(reader, services)
    wanted = _first(StockRequest)
    stock_mails.mail_invitation(wanted, services)
    stock_mails.mail_back(wanted, ADDRESS, services, is_on_shelf=True)
    mail_tip(_first(Tip), None, services)
    staff_mails.mail_invitation(member, EVERY[0], services)
    staff_mails.mail_new_password(member, 1, services)
    staff_mails.mail_notice(member, Notice.FACTORS_REMOVED, services)
    mail_card(_first(GiftCard), "AAAA-AAAA-AAAA-AAAA", services)
    until = services.clock.now() + timedelta(minutes=10)
    last_unit_mails.mail_turn(_first(QueueReader), until, services)


def _first(model: type[M]) -> M:
    return db.session.scalars(select(model).order_by(*inspect(model).primary_key).limit(1)).one()


def _picked_up() -> Order:
    return next(order for order in db.session.scalars(select(Order)) if order.pickup)
