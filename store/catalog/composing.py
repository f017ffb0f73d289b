"""Turns rows into what cards and pages show: prices from and to, stock in words, swatches."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby

from store.catalog.models import StockPolicy
from store.catalog.presenting import (
    Availability,
    OptionChoice,
    OptionPicker,
    Picture,
    ProductCard,
    Swatch,
    VariantChoice,
)
from store.catalog.rows import Pictures, ProductRow, ValueRow, VariantRow
from store.inventory.stock import LOW_STOCK
from store.money import Money

States = Mapping[int, tuple[Availability, int | None]]
"""What is told of each variant that the page shows."""

_WHEN_GONE = {
    StockPolicy.DENY.value: Availability.SOLD_OUT,
    StockPolicy.BACKORDER.value: Availability.BACKORDER,
    StockPolicy.PREORDER.value: Availability.PREORDER,
}
_BEST_FIRST = (
    Availability.IN_STOCK,
    Availability.LOW,
    Availability.BACKORDER,
    Availability.PREORDER,
    Availability.HELD,
)


def product_card(
    product: ProductRow,
    variants: Sequence[VariantRow],
    pictures: Pictures,
    values: Iterable[ValueRow],
    states: States,
) -> ProductCard:
    """Compose the card of a product that has at least one variant."""
    prices = [variant.price.minor for variant in variants]
    currency = variants[0].price.currency
    cheapest = min(prices)
    availability, left = _over_all(variants, states)
    return ProductCard(
        product_id=product.product_id,
        handle=product.handle,
        title=product.title,
        product_type=product.product_type,
        hue=product.hue,
        price_from=Money(cheapest, currency),
        price_to=Money(max(prices), currency),
        compare_at=next(
            (v.compare_at for v in variants if v.compare_at and v.price.minor == cheapest), None
        ),
        picture=pictures.all[0] if pictures.all else None,
        swatches=_swatches(states, pictures, values),
        availability=availability,
        left=left,
        ships_on=_ships_first(variants, states) if availability is Availability.PREORDER else None,
        is_price_chosen=any(variant.choice for variant in variants),
    )


def variant_choices(
    variants: Sequence[VariantRow],
    pictures: Pictures,
    values: Sequence[ValueRow],
    states: States,
) -> tuple[VariantChoice, ...]:
    chosen: dict[int, list[ValueRow]] = defaultdict(list)
    for row in values:
        for variant_id in row.variant_ids:
            chosen[variant_id].append(row)
    return tuple(
        _variant_choice(variant, pictures, chosen[variant.variant_id], *states[variant.variant_id])
        for variant in variants
    )


def option_pickers(states: States, values: Sequence[ValueRow]) -> tuple[OptionPicker, ...]:
    """Return the options with those values that some variant has."""
    buyable = _buyable(states)
    return tuple(
        OptionPicker(
            name,
            tuple(
                OptionChoice(row.value, row.colour, sold_out=row.variant_ids.isdisjoint(buyable))
                for row in rows
                if not row.variant_ids.isdisjoint(states)
            ),
        )
        for name, rows in groupby(values, key=lambda row: row.option)
    )


def states_of(variants: Iterable[VariantRow]) -> States:
    return {variant.variant_id: availability_of(variant) for variant in variants}


def availability_of(variant: VariantRow) -> tuple[Availability, int | None]:
    """Return what a reader is told of its stock, and the units left where few are."""
    if variant.available is None or variant.available > LOW_STOCK:
        return Availability.IN_STOCK, None
    if variant.available > 0:
        return Availability.LOW, variant.available
    sold = _WHEN_GONE[variant.policy]
    ahead = variant.to_come
    if sold is Availability.SOLD_OUT or (ahead is not None and variant.available + ahead <= 0):
        return (Availability.HELD if variant.is_held else Availability.SOLD_OUT), None
    return sold, None


def _variant_choice(
    variant: VariantRow,
    pictures: Pictures,
    chosen: Sequence[ValueRow],
    availability: Availability,
    left: int | None,
) -> VariantChoice:
    return VariantChoice(
        variant_id=variant.variant_id,
        label=variant.combination,
        option_values=tuple(row.value for row in chosen),
        colour=next((row.colour for row in chosen if row.colour), ""),
        price=variant.price,
        compare_at=variant.compare_at,
        requires_shipping=variant.requires_shipping,
        price_since=variant.price_since,
        price_until=variant.price_until,
        sku=variant.sku,
        barcode=variant.barcode,
        availability=availability,
        left=left,
        picture=pictures.of(variant.variant_id),
        ships_on=variant.comes_on if availability is Availability.PREORDER else None,
        choice=variant.choice,
        is_gift_card=variant.is_gift_card,
    )


def _ships_first(variants: Sequence[VariantRow], states: States) -> date | None:
    ahead = [v.comes_on for v in variants if states[v.variant_id][0] is Availability.PREORDER]
    return min(filter(None, ahead), default=None)


def _over_all(variants: Sequence[VariantRow], states: States) -> tuple[Availability, int | None]:
    told = {availability for availability, _ in states.values()}
    best = next((state for state in _BEST_FIRST if state in told), Availability.SOLD_OUT)
    if best is not Availability.LOW:
        return best, None
    # One of each size is few of a size, and still plenty of a shirt.
    left = sum(max(0, variant.available or 0) for variant in variants)
    return (Availability.LOW, left) if left <= LOW_STOCK else (Availability.IN_STOCK, None)


def _swatches(states: States, pictures: Pictures, values: Iterable[ValueRow]) -> tuple[Swatch, ...]:
    colours = [row for row in values if row.is_colour and not row.variant_ids.isdisjoint(states)]
    option = colours[0].option if colours else ""
    buyable = _buyable(states)
    return tuple(
        Swatch(
            _leads_to(row, states),
            row.value,
            row.colour,
            row.variant_ids.isdisjoint(buyable),
            _first_picture(row.variant_ids & states.keys(), pictures),
        )
        for row in colours
        if row.option == option
    )


def _leads_to(row: ValueRow, states: States) -> int:
    own = [variant_id for variant_id in states if variant_id in row.variant_ids]
    return next((variant_id for variant_id in own if states[variant_id][0].can_buy), own[0])


def _first_picture(variant_ids: Iterable[int], pictures: Pictures) -> Picture | None:
    return next(filter(None, map(pictures.of, sorted(variant_ids))), None)


def _buyable(states: States) -> set[int]:
    return {variant_id for variant_id, (state, _) in states.items() if state.can_buy}
