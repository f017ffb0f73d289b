"""Somebody who is about to pay just now: `python -m store.sandbox.demonstration.visitor`.

Run while the shop and its payment sandbox serve, so that the pay page is really open.
"""

from sqlalchemy import select

from store.app import create_app, open_doors
from store.cart import basket
from store.catalog.models import Product, ProductStatus, Variant
from store.checkout.paying import pay_page_for
from store.database import db, writing
from store.inventory import stock
from store.orders.models import Order, OrderState
from store.services import Services
from store.settings import Settings


def stand_at_the_pay_page(services: Services) -> None:
    """Take one of what there is most of to the pay page, unless somebody stands there already."""
    now = services.clock.now()
    is_open = (Order.state == OrderState.PENDING, Order.expires_at > now)
    if db.session.scalar(select(Order.id).where(*is_open).limit(1)) is not None:
        return
    variant_id = _most_of()
    with writing():
        cart = basket.begin(basket.new_token(), services.settings, services.clock)
        basket.add(cart, variant_id, 1, services.clock)
    pay_page_for(cart, "demonstration", services)


def _most_of() -> int:
    # What costs as much as its reader says has no price that she could just pay.
    is_plain = (Product.status == ProductStatus.ACTIVE, Variant.least_minor.is_(None))
    on_sale = db.session.scalars(select(Variant.id).join(Variant.product).where(*is_plain)).all()
    levels = stock.levels(on_sale)
    return max(levels, key=lambda variant_id: levels[variant_id].available)


def main() -> None:
    settings = Settings.from_environment(_env_file=None)
    services = open_doors(settings)
    with create_app(settings, services).app_context():
        stand_at_the_pay_page(services)


if __name__ == "__main__":
    main()
