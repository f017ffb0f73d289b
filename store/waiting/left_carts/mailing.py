"""Mails a cart to whoever agreed to it and left it: once, late enough, never after a payment."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, exists, func, or_, select

from store.cart.models import Cart, CartLine
from store.database import db, insert_into, writing
from store.mail.letterhead import branded
from store.mail.outgoing import write_mail
from store.mail.sending import forget_mails_of
from store.mail.wording import render_worded
from store.newsletter.models import ConsentKind
from store.newsletter.subscribing import reason_to_stay_silent
from store.orders.models import OPEN_STATES, Order
from store.services import Services
from store.waiting.left_carts.asking import ROOM, enter_step, forget_link
from store.waiting.left_carts.mail_words import LEFT_CART
from store.waiting.left_carts.models import CartLink, CartLinkDay, LinkState
from store.waiting.left_carts.tokens import token_for

AT_ONCE = 100
KIND = f"{ROOM}.link"


def mail_left_carts(services: Services) -> int:
    """Forget whose order was paid, then mail whose time has come; return how many were mailed.

    Opens a transaction for each cart, and may be repeated.
    """
    for link_id in _ids(_was_paid()):
        with writing():
            forget_link(link_id)
    hours = timedelta(hours=services.settings.left_cart_hours)
    due = _ids(
        CartLink.state == LinkState.ASKED,
        CartLink.email != "",
        CartLink.asked_at <= services.clock.now() - hours,
        exists().where(CartLine.cart_id == CartLink.cart_id),
        exists().where(
            Cart.id == CartLink.cart_id, Cart.updated_at <= services.clock.now() - hours
        ),
        # Whoever is on the pay page has not left anything.
        ~_order_of_cart(Order.state.in_(OPEN_STATES)),
    )
    return sum(_mail(link_id, services) for link_id in due)


def forget_ended(services: Services) -> None:
    """Forget addresses whose days are over, and the mails to them; opens its own scopes."""
    now = services.clock.now()
    while batch := _ids(CartLink.ends_at <= now):
        for link_id in batch:
            with writing():
                link = db.session.get_one(CartLink, link_id)
                # Who was mailed got what she agreed to; that is no consent that lapsed.
                if link.state == LinkState.ASKED:
                    enter_step(ConsentKind.EXPIRED, link.email_hash, services)
                forget_link(link_id)
    with writing():
        forget_mails_of(KIND, before=now - timedelta(days=services.settings.left_cart_days))


def count(services: Services, *, mailed: int = 0, restored: int = 0) -> None:
    """Add to the numbers of today; flushes only."""
    today = services.clock.now().astimezone(services.settings.zone).date()
    fresh = insert_into(CartLinkDay).values(day=today, mailed=mailed, restored=restored)
    db.session.execute(
        fresh.on_conflict_do_update(
            index_elements=[CartLinkDay.day],
            set_={
                "mailed": CartLinkDay.mailed + fresh.excluded.mailed,
                "restored": CartLinkDay.restored + fresh.excluded.restored,
            },
        )
    )


def _mail(link_id: int, services: Services) -> bool:
    with writing():
        link = db.session.get(CartLink, link_id, with_for_update=True)
        is_over = link is None or link.state != LinkState.ASKED
        if link is None or is_over or db.session.scalar(select(_was_paid_by(link))):
            return False
        if reason_to_stay_silent(link.email_hash) is not None:
            link.email = ""
            return False
        _write(link, services)
        link.state, link.sent_at = LinkState.SENT, services.clock.now()
        count(services, mailed=1)
    return True


def _write(link: CartLink, services: Services) -> None:
    settings = branded(services.settings)
    address, leave = (
        f"{settings.public_url}/cart/link/{path}{token_for(link, act, settings, services.clock)}"
        for path, act in (("", "restore"), ("leave/", "leave"))
    )
    cart = db.session.get_one(Cart, link.cart_id)
    write_mail(
        render_worded(
            LEFT_CART,
            settings=settings,
            lines=[_words(line) for line in cart.lines],
            link=address,
            leave=leave,
        ),
        recipient=link.email,
        dedupe_key=f"{ROOM}:{link.id}:link",
        kind=KIND,
        clock=services.clock,
        settings=settings,
        # RFC 8058: both headers, so that a mail program's own button leaves in one click.
        headers={
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def _words(line: CartLine) -> str:
    variant = line.variant
    named = variant.product.title
    name = f"{named}, {variant.combination}" if variant.combination else named
    return f"{line.quantity} × {name}"


def _ids(*which: ColumnElement[bool]) -> Sequence[int]:
    ids = select(CartLink.id).where(*which).order_by(CartLink.id).limit(AT_ONCE)
    found = db.session.scalars(ids).all()
    db.session.rollback()
    return found


def _order_of_cart(which: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Order.cart_id == CartLink.cart_id, which)


def _was_paid() -> ColumnElement[bool]:
    return _order_of_cart(Order.paid_at >= CartLink.asked_at)


def _was_paid_by(link: CartLink) -> ColumnElement[bool]:
    paid_or_paying = or_(Order.paid_at >= link.asked_at, Order.state.in_(OPEN_STATES))
    orders = select(func.count()).where(Order.cart_id == link.cart_id, paid_or_paying)
    return orders.scalar_subquery() > 0
