"""Catalogues of a thousand, ten thousand and a hundred thousand products to find things in."""

import random
from collections.abc import Sequence
from itertools import product as combined
from typing import Any

from sqlalchemy import insert

from store.catalog.models import (
    Collection,
    CollectionProduct,
    Option,
    OptionValue,
    Product,
    ProductStatus,
    ProductTag,
    Variant,
    variant_option_value,
)
from store.catalog.search_index import index_products
from store.clock import Clock
from store.database import Model, bump_public_version, db, writing
from store.inventory.models import StockLevel
from store.sandbox.catalogue import catalogue

TYPES = {
    "T-shirt": "tee",
    "Hoodie": "hoodie",
    "Mug": "mug",
    "Tote bag": "tote",
    "Cap": "cap",
    "Poster": "poster",
    "Socks": "socks",
    "Notebook": "notebook",
    "Beanie": "beanie",
    "Sticker sheet": "stickers",
    "Enamel pin": "pin",
    "Apron": "apron",
}
SIZES = ("XS", "S", "M", "L", "XL", "2XL", "3XL")
COLOURS = {
    "Black": "#242123",
    "White": "#f3efe7",
    "Navy": "#27324f",
    "Bottle Green": "#1f5b41",
    "Hot Pink": "#d8437f",
    "Butter": "#f1d884",
}
SECTIONS = 20
RARE = 100
"""Products that have the rare word in their titles, however many there are."""
RARE_WORD = "bogong"
AT_ONCE = 2_000
Row = dict[str, Any]


def fill_up(number: int, clock: Clock) -> None:
    """Write products that each have two sizes in two colours, and the words of all of them."""
    chance = random.Random(number)
    _add_sections(clock)
    for first in range(1, number + 1, AT_ONCE):
        batch = range(first, min(first + AT_ONCE, number + 1))
        with writing():
            _add_products(batch, chance, clock, is_rare=set(range(1, number + 1, number // RARE)))
            _add_options(batch, chance)
            _insert(
                CollectionProduct,
                [
                    {"collection_id": n % SECTIONS + 1, "product_id": n, "position": n}
                    for n in batch
                ],
            )
            index_products(batch)
            bump_public_version()
    _count_rows()


def _add_sections(clock: Clock) -> None:
    now = clock.now()
    with writing():
        _insert(
            Collection,
            [
                {
                    "id": number,
                    "handle": f"section-{number}",
                    "title": f"Section {number}",
                    "position": number,
                    "is_featured": number <= 3,
                    "created_at": now,
                    "updated_at": now,
                }
                for number in range(1, SECTIONS + 1)
            ],
        )


def _add_products(
    batch: Sequence[int], chance: random.Random, clock: Clock, *, is_rare: set[int]
) -> None:
    goods, now = catalogue().products, clock.now()
    tags = sorted({tag for product in goods for tag in product.tags})
    words = sorted({word for product in goods for word in product.body_markdown.split()})
    products, tagged = list[Row](), list[Row]()
    for number in batch:
        kind, noun = chance.choice(list(TYPES.items()))
        rare = f"{RARE_WORD} " if number in is_rare else ""
        products.append(
            {
                "id": number,
                "handle": f"made-{number}",
                "title": f"{rare}{' '.join(chance.sample(words, 2))} {noun} {number}",
                "product_type": kind,
                "body": " ".join(chance.sample(words, 60)),
                "status": ProductStatus.ACTIVE.value,
                **dict.fromkeys(("published_at", "created_at", "updated_at"), now),
            }
        )
        tagged += [{"product_id": number, "tag": tag} for tag in chance.sample(tags, 3)]
    _insert(Product, products)
    _insert(ProductTag, tagged)


def _add_options(batch: Sequence[int], chance: random.Random) -> None:
    options, values, variants, links, levels = (list[Row]() for _ in range(5))
    for number in batch:
        sizes = sorted(chance.sample(SIZES, 2), key=SIZES.index)
        colours = chance.sample(list(COLOURS), 2)
        price = chance.randrange(900, 24_000, 50)
        options += [
            {"id": number * 2, "product_id": number, "position": 1, "name": "Size"},
            {"id": number * 2 + 1, "product_id": number, "position": 2, "name": "Colour"},
        ]
        for place, (option, value) in enumerate(
            [(number * 2, size) for size in sizes]
            + [(number * 2 + 1, colour) for colour in colours]
        ):
            values.append(
                {
                    "id": number * 4 + place,
                    "option_id": option,
                    "position": place % 2 + 1,
                    "value": value,
                    "swatch": COLOURS.get(value, ""),
                }
            )
        for place, (size, colour) in enumerate(combined((0, 1), (0, 1))):
            variant = number * 4 + place
            variants.append(
                {
                    "id": variant,
                    "product_id": number,
                    "position": place + 1,
                    "combination": f"{sizes[size]} / {colours[colour]}",
                    "price_minor": price + 500 * size,
                    "currency": "AUD",
                }
            )
            links += [
                {"variant_id": variant, "option_value_id": number * 4 + size},
                {"variant_id": variant, "option_value_id": number * 4 + 2 + colour},
            ]
            levels.append({"variant_id": variant, "on_hand": chance.choice((0, 0, 2, 9))})
    for model, rows in ((Option, options), (OptionValue, values), (Variant, variants)):
        _insert(model, rows)
    for start in range(0, len(links), AT_ONCE):
        db.session.execute(insert(variant_option_value), links[start : start + AT_ONCE])
    _insert(StockLevel, levels)


def _insert(model: type[Model], rows: Sequence[Row]) -> None:
    for start in range(0, len(rows), AT_ONCE):
        db.session.execute(insert(model), rows[start : start + AT_ONCE])


def _count_rows() -> None:
    """Let the database know how much there is, as PostgreSQL does by itself within a minute."""
    options: dict[str, Any] = {"isolation_level": "AUTOCOMMIT"}
    if db.engine.dialect.name == "postgresql":
        options["postgresql_readonly"] = False
        with db.engine.connect().execution_options(**options) as connection:
            connection.exec_driver_sql("ANALYZE")
