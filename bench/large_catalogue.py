"""A catalogue of ten thousand products with a past of orders, written without the rooms' verbs."""

import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, insert, select

from store.catalog.models import (
    Collection,
    CollectionProduct,
    Product,
    ProductStatus,
    ProductTag,
    Variant,
)
from store.clock import Clock
from store.database import Model, bump_public_version, db, writing
from store.inventory.models import StockLevel
from store.orders.models import Order, OrderLine, OrderState
from store.sandbox.catalogue import catalogue
from tests.builders import a_product

PRODUCTS = 10_000
VARIANTS = 3
COLLECTIONS = 20
ORDERS = 27_000
"""Three hundred a day for as long as what was sold counts."""
AT_ONCE = 1_000

Row = dict[str, Any]


def fill_demonstration(clock: Clock) -> None:
    """Add the goods of the demonstration: the sets of stories are judged on these."""
    with writing():
        for product in catalogue().products:
            a_product(
                clock,
                title=product.title,
                handle=product.handle,
                product_type=product.product_type,
                tags=product.tags,
                body=product.body_markdown,
                status=ProductStatus(product.status),
                stock=5 if any(variant.stock > 0 for variant in product.variants) else 0,
            )


def fill_up(clock: Clock) -> None:
    """Add what is missing to ten thousand, in the words of the demonstration's goods."""
    with writing():
        bump_public_version()
        first = (db.session.scalar(select(func.max(Product.id))) or 0) + 1
        numbers = range(first, PRODUCTS + 1)
        first_variant = (db.session.scalar(select(func.max(Variant.id))) or 0) + 1
        _add_products(numbers, clock)
        variants = range(first_variant, first_variant + VARIANTS * len(numbers))
        _add_variants(numbers, variants)
        _add_collections(numbers, clock)
        _add_orders(variants, clock)
    _count_rows()


def _add_products(numbers: Sequence[int], clock: Clock) -> None:
    chance, goods, now = random.Random(10), catalogue().products, clock.now()
    tags = sorted({tag for product in goods for tag in product.tags})
    words = sorted({word for product in goods for word in product.body_markdown.split()})
    products, tagged = list[Row](), list[Row]()
    for number in numbers:
        products.append(
            {
                "id": number,
                "handle": f"made-{number}",
                "title": f"{' '.join(chance.sample(words, 3))} {number}",
                "product_type": "T-shirts",
                "body": " ".join(chance.sample(words, 60)),
                "status": ProductStatus.ACTIVE.value,
                **dict.fromkeys(("published_at", "created_at", "updated_at"), now),
            }
        )
        tagged += [{"product_id": number, "tag": tag} for tag in chance.sample(tags, 4)]
    _insert(Product, products)
    _insert(ProductTag, tagged)


def _add_variants(numbers: Sequence[int], variants: Sequence[int]) -> None:
    owners = [number for number in numbers for _ in range(VARIANTS)]
    _insert(
        Variant,
        [
            {
                "id": variant,
                "product_id": owner,
                "position": variant % VARIANTS + 1,
                "combination": f"{variant % VARIANTS}",
                "price_minor": 4_500,
                "currency": "AUD",
            }
            for variant, owner in zip(variants, owners, strict=True)
        ],
    )
    _insert(StockLevel, [{"variant_id": variant, "on_hand": variant % 7} for variant in variants])


def _add_collections(numbers: Sequence[int], clock: Clock) -> None:
    now = clock.now()
    _insert(
        Collection,
        [
            {
                "id": number,
                "handle": f"section-{number}",
                "title": f"Section {number}",
                "position": number,
                "created_at": now,
                "updated_at": now,
            }
            for number in range(1, COLLECTIONS + 1)
        ],
    )
    _insert(
        CollectionProduct,
        [
            {"collection_id": number % COLLECTIONS + 1, "product_id": number, "position": number}
            for number in numbers
        ],
    )


def _add_orders(variants: Sequence[int], clock: Clock) -> None:
    chance = random.Random(11)
    _insert(Order, list(_orders(clock)))
    _insert(
        OrderLine,
        [
            {
                "order_id": number,
                "position": 1,
                "variant_id": chance.choice(variants),
                "product_handle": "sold",
                "title": "Sold",
                "quantity": 1,
                "unit_price_minor": 4_500,
                "total_minor": 4_500,
            }
            for number in range(1, ORDERS + 1)
        ],
    )


def _orders(clock: Clock) -> Iterator[Row]:
    for number in range(1, ORDERS + 1):
        at = clock.now() - timedelta(days=number / 300)
        yield {
            "id": number,
            "number": f"GN-{number}",
            "secret": "",
            "state": OrderState.PAID.value,
            "currency": "AUD",
            "subtotal_minor": 4_500,
            "shipping_minor": 0,
            "tax_minor": 0,
            "total_minor": 4_500,
            "destination": "AU",
            "idempotency_key": f"{number}",
            "session_request": {},
            **dict.fromkeys(("placed_at", "expires_at", "paid_at", "updated_at"), at),
        }


def _insert(model: type[Model], rows: Sequence[Row]) -> None:
    for start in range(0, len(rows), AT_ONCE):
        db.session.execute(insert(model), rows[start : start + AT_ONCE])


def _count_rows() -> None:
    """Let PostgreSQL know how much there is, as it does by itself within a minute."""
    if db.engine.dialect.name == "postgresql":
        options = {"isolation_level": "AUTOCOMMIT", "postgresql_readonly": False}
        with db.engine.connect().execution_options(**options) as connection:
            connection.exec_driver_sql("ANALYZE")
