"""What staff decide about an order that waits for a person."""

from store.checkout.paying import close
from store.checkout.settling import claim_stock
from store.database import writing
from store.orders.downloads.giving import give_downloads
from store.orders.gift_cards import issue_cards
from store.orders.lifecycle import StepRefusedError, advance
from store.orders.messages import mail_attention, mail_confirmation, mail_new_order
from store.orders.models import Order, OrderState
from store.orders.papers.issuing import issue_papers
from store.orders.queries import locked_order
from store.orders.shortage.opening import open_shortfalls
from store.services import Services


def accept(order: Order, services: Services, *, actor: str) -> None:
    """Take a parked order as it was paid; raises StepRefusedError for any other.

    Opens a transaction of its own.
    """
    with writing():
        take_as_paid(locked_order(order.id), services, actor=actor)


def take_as_paid(order: Order, services: Services, *, actor: str) -> None:
    """Take a parked order that is locked as it was paid; StepRefusedError for any other."""
    # The lifecycle lets an unpaid order become paid as well, but only money may do that.
    if order.state != OrderState.PARKED:
        raise StepRefusedError(f"order {order.number} is {order.state}, not parked")
    advance(order, OrderState.PAID, services.clock, because="accepted", actor=actor)
    missing = claim_stock(order)
    give_downloads(order, services)
    issue_cards(order, services)
    mail_confirmation(order, services)
    mail_new_order(order, services)
    if missing:
        mail_attention(order, "shortage", services)
        open_shortfalls(order, services)
    issue_papers(order, services)


def release_hold(order: Order, services: Services) -> None:
    """Close the pay page and put the units back on sale; raises PaymentMadeError if it was paid."""
    close(order, services, because="released_by_staff")
