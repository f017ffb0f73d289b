"""Plain functions that put believable things into the database; call them inside `writing()`."""

from collections.abc import Mapping, Sequence
from itertools import count

from store.catalog.following import facts_changed
from store.catalog.models import (
    Collection,
    CollectionProduct,
    Image,
    Option,
    OptionValue,
    Product,
    ProductStatus,
    StockPolicy,
    Variant,
)
from store.catalog.prices.models import PriceEntry
from store.clock import Clock
from store.database import db
from store.inventory.models import MovementKind, StockLevel, StockMovement
from store.money import Money

_numbers = count(1)


def aud(dollars: float) -> Money:
    """Return Australian dollars; exact for the two decimals that a price has."""
    return Money(round(dollars * 100), "AUD")


def a_product(
    clock: Clock,
    *,
    title: str = "Late Edition tee",
    handle: str | None = None,
    price: Money | None = None,
    stock: int = 10,
    options: Mapping[str, Sequence[str]] | None = None,
    status: ProductStatus = ProductStatus.ACTIVE,
    policy: StockPolicy = StockPolicy.DENY,
    tracked: bool = True,
    body: str = "Heavy cotton, printed in Marrickville.",
    product_type: str = "T-shirts",
    tags: Sequence[str] = (),
) -> Product:
    """Add a product with a variant for every combination of its options, each with this stock."""
    number = next(_numbers)
    product = Product(
        handle=handle or f"product-{number}",
        title=title,
        body=body,
        status=status,
        published_at=clock.now(),
        product_type=product_type,
        created_at=clock.now(),
        updated_at=clock.now(),
    )
    product.tags.extend(tags)
    for position, (name, values) in enumerate((options or {}).items(), start=1):
        option = Option(position=position, name=name)
        option.values = [OptionValue(position=i, value=v) for i, v in enumerate(values, start=1)]
        product.options.append(option)
    for position, chosen in enumerate(_combinations(product.options), start=1):
        product.variants.append(
            Variant(
                position=position,
                combination=" / ".join(value.value for value in chosen),
                sku=f"SKU-{number}-{position}",
                price=price or aud(45),
                weight_grams=200,
                tracked=tracked,
                policy=policy,
                option_values=list(chosen),
            )
        )
    db.session.add(product)
    db.session.flush()
    if tracked:
        for variant in product.variants:
            some_stock(variant, stock, clock)
    for variant in product.variants:
        _begin_history(variant, clock)
    facts_changed([product.id], clock.now())
    return product


def _begin_history(variant: Variant, clock: Clock) -> None:
    """Note what it costs, as whatever gives a variant its price does."""
    entry = PriceEntry(variant_id=variant.id, at=clock.now(), price=variant.price, is_reduced=False)
    db.session.add(entry)


def some_stock(variant: Variant, quantity: int, clock: Clock) -> StockLevel:
    """Put units on the shelf as a delivery does: a level, and the movement that explains it."""
    level = StockLevel(
        variant_id=variant.id,
        on_hand=quantity,
        may_oversell=variant.policy != StockPolicy.DENY,
    )
    db.session.add(level)
    if quantity:
        db.session.add(
            StockMovement(
                variant_id=variant.id,
                delta=quantity,
                kind=MovementKind.RECEIVE,
                cause="opening",
                at=clock.now(),
            )
        )
    db.session.flush()
    return level


def a_collection(
    clock: Clock, products: Sequence[Product], *, title: str = "Front Page", handle: str = ""
) -> Collection:
    collection = Collection(
        handle=handle or title.lower().replace(" ", "-"),
        title=title,
        is_featured=True,
        created_at=clock.now(),
        updated_at=clock.now(),
    )
    collection.entries = [
        CollectionProduct(product=product, position=position)
        for position, product in enumerate(products, start=1)
    ]
    db.session.add(collection)
    db.session.flush()
    return collection


def an_image(product: Product, *, content_hash: str, alt: str = "A black tee") -> Image:
    image = Image(
        position=len(product.images) + 1,
        content_hash=content_hash,
        alt=alt,
        width=1200,
        height=1500,
    )
    product.images.append(image)
    db.session.flush()
    return image


def _combinations(options: Sequence[Option]) -> list[tuple[OptionValue, ...]]:
    combinations: list[tuple[OptionValue, ...]] = [()]
    for option in options:
        combinations = [(*chosen, value) for chosen in combinations for value in option.values]
    return combinations
