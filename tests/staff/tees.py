"""A tee with colours and sizes, and what the shop knows of it."""

from collections.abc import Mapping, Sequence

from store.catalog.models import Product, ProductStatus
from store.database import db, writing
from store.inventory.stock import levels
from store.money import Money
from store.staff.product_values import values_of
from tests.builders import a_product
from tests.shop import Shop

NEW = "/staff/products/new"
COLOURS_AND_SIZES = {"Colour": ["Ink", "Plum"], "Size": ["S", "M"]}


def a_tee(
    shop: Shop,
    *,
    options: Mapping[str, Sequence[str]] = COLOURS_AND_SIZES,
    price: Money | None = None,
    stock: int = 10,
    status: ProductStatus = ProductStatus.ACTIVE,
) -> int:
    with shop.app.app_context(), writing():
        product = a_product(
            shop.clock, handle="tee", options=options, price=price, stock=stock, status=status
        )
        for variant in product.variants:
            variant.sku = None
        return product.id


def page_of(product_id: int) -> str:
    return f"/staff/products/{product_id}"


def now_of(shop: Shop, product_id: int) -> dict[str, object]:
    with shop.app.app_context():
        return values_of(db.session.get_one(Product, product_id))


def stock_by_name(shop: Shop, product_id: int) -> dict[str, int]:
    with shop.app.app_context():
        product = db.session.get_one(Product, product_id)
        found = levels([variant.id for variant in product.variants])
        return {v.combination: found[v.id].on_hand for v in product.variants if v.id in found}
